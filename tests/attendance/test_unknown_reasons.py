"""Reasons that are still missing: who sees which, and one click that fills one in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import Absence, Group, Reason
from attendance.services.absences import AbsenceError
from attendance.services.unknown_reasons import fill_in_reason
from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
LIST = "/verzuim/redenen/"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school(), "5")


def unknown(group: Group, first: date = TODAY, last: date | None = TODAY, code: str = "onbekend") -> Absence:
    return factories.absence(factories.pupil(in_group=group), first, last, code)


def fill(client: Client, absence: Absence, reason: str, **headers: str) -> object:
    url = reverse("attendance:unknown_reason_fill", kwargs={"code": absence.code})
    return client.post(url, {"reason": reason}, headers=headers)


def listed(client: Client) -> list[Absence]:
    return [row.absence for row in client.get(LIST).context["found"].rows]


def test_the_list_has_records_without_a_reason_newest_first_and_no_others(group: Group, client: Client) -> None:
    client.force_login(factories.mentor(group))
    own = Reason.objects.create(school=group.school, code="Q", label="Vraag", maps_to=factories.reason("onbekend"))
    older, newer = unknown(group, date(2026, 1, 8), date(2026, 1, 9)), unknown(group, date(2026, 1, 13), None)
    with_own_code = unknown(group)
    Absence.objects.filter(pk=with_own_code.pk).update(reason=own)
    unknown(group, code="ziek")
    factories.part_of_day(factories.pupil(in_group=group), TODAY, 10, "telaat")
    Absence.objects.filter(pk=unknown(group).pk).update(withdrawn_at="2026-01-14T08:00Z")
    unknown(group, date(2026, 1, 15), date(2026, 1, 15))

    assert listed(client) == [with_own_code, newer, older]


@pytest.mark.parametrize("role", [Role.ADMINISTRATIE, Role.COO])
def test_a_school_sees_its_own_and_a_mentor_only_the_own_class(role: Role, group: Group, client: Client) -> None:
    here, other_class = unknown(group), unknown(factories.group(group.school))
    elsewhere = unknown(factories.group(factories.school()))

    client.force_login(factories.member(role, group.school))
    assert set(listed(client)) == {here, other_class}
    client.force_login(factories.mentor(group))
    assert listed(client) == [here]
    assert fill(client, elsewhere, "ziek").status_code == 404  # type: ignore[attr-defined]
    assert fill(client, other_class, "ziek").status_code == 404  # type: ignore[attr-defined]


@pytest.mark.parametrize("by_script", [False, True])
def test_one_click_fills_in_the_reason_and_the_row_is_gone(by_script: bool, group: Group, client: Client) -> None:
    client.force_login(factories.mentor(group))
    absence = unknown(group)

    answer = fill(client, absence, "ongeoorloofd", **({"HX-Request": "true"} if by_script else {}))

    absence.refresh_from_db()
    assert absence.reason.code == "ongeoorloofd"
    assert [version.reason.code for version in absence.versions.all()] == ["onbekend"]
    assert answer.status_code == (200 if by_script else 302)  # type: ignore[attr-defined]
    assert not by_script or "Sam: ongeoorloofd afwezig." in answer.content.decode()  # type: ignore[attr-defined]
    assert listed(client) == []


def test_what_it_caused_is_told(group: Group, client: Client) -> None:
    """Twenty school days of a reason that nobody knew become four weeks of it."""
    client.force_login(factories.mentor(group))
    absence = unknown(group, date(2025, 11, 24), None)

    answer = fill(client, absence, "ongeoorloofd", **{"HX-Request": "true"})

    assert "Sam is nu 4 weken ongeoorloofd afwezig." in answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("reason", ["", "onbekend", "zomaar"])
def test_no_reason_changes_nothing(reason: str, group: Group, client: Client) -> None:
    client.force_login(factories.mentor(group))
    absence = unknown(group)

    fill(client, absence, reason)

    absence.refresh_from_db()
    assert (absence.reason.code, absence.versions.count()) == ("onbekend", 0)


def test_a_reason_that_somebody_filled_in_meanwhile_stays(group: Group) -> None:
    by, absence = factories.user(), unknown(group)
    fill_in_reason(absence=absence, reason=factories.reason("ziek"), by=by, today=TODAY)
    fill_in_reason(absence=absence, reason=factories.reason("ziek"), by=by, today=TODAY)

    with pytest.raises(AbsenceError, match="intussen al een reden: Ziek"):
        fill_in_reason(absence=absence, reason=factories.reason("ongeoorloofd"), by=by, today=TODAY)

    absence.refresh_from_db()
    assert (absence.reason.code, absence.versions.count()) == ("ziek", 1)


def test_being_late_needs_minutes_and_is_offered_only_with_them(group: Group, client: Client) -> None:
    client.force_login(factories.mentor(group))
    whole = unknown(group)
    part = factories.part_of_day(factories.pupil(in_group=group), TODAY, 10, "onbekend")

    offered = {row.absence: row.usual[0][0] for row in client.get(LIST).context["found"].rows}
    fill(client, whole, "telaat")

    whole.refresh_from_db()
    assert offered == {whole: "ziek", part: "telaat"}
    assert whole.reason.code == "onbekend"


def test_the_list_takes_the_same_queries_for_1_and_3_rows(group: Group, client: Client) -> None:
    person: User = factories.mentor(group)
    client.force_login(person)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            unknown(group)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15
