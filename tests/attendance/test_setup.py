"""The beheerder's set-up of schools, classes, days, reasons and norms: what it reaches, and whom it counts again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import CalendarException, GroupMentor, NormRow, Pupil, PupilClock, Reason
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday; who is away since Monday 5 January misses 8 school days."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance(), complete_through=date(2026, 1, 13))


@pytest.fixture
def beheerder(school: School, client: Client) -> User:
    """Of the alliance, logged in."""
    assert school.alliance
    person = factories.member(Role.BEHEERDER, school.alliance)
    client.force_login(person)
    return person


def listed(client: Client, model: str) -> list[Any]:
    return list(client.get(reverse(f"admin:{model}_changelist")).context["cl"].result_list)


def add(client: Client, model: str, **data: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_add"), data)  # type: ignore[return-value]


def change(client: Client, model: str, pk: int, **data: Any) -> HttpResponse:
    return client.post(reverse(f"admin:{model}_change", args=[pk]), data)  # type: ignore[return-value]


def away(school: School) -> Pupil:
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 5))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    return pupil


def days_at_home(pupil: Pupil) -> int:
    return PupilClock.objects.get(pupil=pupil).run_school_days


def fields_of(school: School, **other: Any) -> dict[str, Any]:
    names = ("name", "sector", "region", "monday", "tuesday", "wednesday", "thursday", "friday")
    return {name: getattr(school, name) for name in names} | other


# Days


def test_own_days_are_counted_again_when_added_and_removed(school: School, beheerder: User, client: Client) -> None:
    pupil = away(school)
    assert days_at_home(pupil) == 8

    add(
        client,
        "attendance_calendarexception",
        school=school.pk,
        first="2026-01-08",
        last="2026-01-09",
        kind="vrij",
        description="studiedagen",
    )
    row = CalendarException.objects.get()
    assert (row.school, row.description, days_at_home(pupil)) == (school, "studiedagen", 6)

    client.post(reverse("admin:attendance_calendarexception_delete", args=[row.pk]), {"post": "yes"})
    assert (CalendarException.objects.count(), days_at_home(pupil)) == (0, 8)


def test_own_days_removed_together_are_counted_again(school: School, beheerder: User, client: Client) -> None:
    for day in (date(2026, 1, 8), date(2026, 1, 12)):
        factories.closed(school, day)
    pupil = away(school)
    assert days_at_home(pupil) == 6

    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [row.pk for row in school_days(school)]}
    client.post(reverse("admin:attendance_calendarexception_changelist"), chosen)

    assert (CalendarException.objects.count(), days_at_home(pupil)) == (0, 8)


def school_days(school: School) -> list[CalendarException]:
    return list(CalendarException.objects.filter(school=school))


def test_own_days_of_another_school_and_overlapping_ones_are_refused(
    school: School, beheerder: User, client: Client
) -> None:
    other = factories.closed(factories.school(), date(2026, 1, 8))
    factories.closed(school, date(2026, 1, 8))
    days = {"first": "2026-01-07", "last": "2026-01-08", "kind": "vrij"}

    assert add(client, "attendance_calendarexception", school=other.school_id, **days).status_code == 200
    assert add(client, "attendance_calendarexception", school=school.pk, **days).status_code == 200
    client.post(reverse("admin:attendance_calendarexception_delete", args=[other.pk]), {"post": "yes"})
    assert CalendarException.objects.count() == 2


# Schools


def test_another_timetable_is_counted_again(school: School, beheerder: User, client: Client) -> None:
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 9), date(2026, 1, 12), "ongeoorloofd")
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    assert PupilClock.objects.get(pupil=pupil).unauthorised_minutes == 2 * 300

    answer = change(client, "accounts_school", school.pk, **fields_of(school, friday=0, municipality=""))

    assert answer.status_code == 302
    assert PupilClock.objects.get(pupil=pupil).unauthorised_minutes == 300


def test_another_name_is_not_counted_again(school: School, beheerder: User, client: Client) -> None:
    pupil = away(school)
    PupilClock.objects.filter(pupil=pupil).update(run_school_days=99)

    change(client, "accounts_school", school.pk, **fields_of(school, name="Anders", municipality=""))

    school.refresh_from_db()
    assert (school.name, days_at_home(pupil)) == ("Anders", 99)


def test_brin_alliance_and_completeness_are_fixed(school: School, beheerder: User, client: Client) -> None:
    data = fields_of(school, brin="11AA11", alliance="", complete_through="2026-06-01", municipality="")

    change(client, "accounts_school", school.pk, **data)

    found = School.objects.get(pk=school.pk)
    assert (found.brin, found.alliance, found.complete_through) == (
        school.brin,
        school.alliance,
        school.complete_through,
    )


def test_a_vo_school_says_how_long_a_lesson_is(school: School, beheerder: User, client: Client) -> None:
    text = change(client, "accounts_school", school.pk, **fields_of(school, sector="vo")).content.decode()

    assert "Vul voor een vo-school de lengte van een les in" in text


@pytest.mark.parametrize(("at_alliance", "status"), [(True, 200), (False, 403)])
def test_only_an_alliance_adds_schools(school: School, client: Client, *, at_alliance: bool, status: int) -> None:
    assert school.alliance
    client.force_login(factories.member(Role.BEHEERDER, school.alliance if at_alliance else school))

    assert client.get(reverse("admin:accounts_school_add")).status_code == status


# Classes


def test_classes_and_mentors_of_own_schools_only(school: School, beheerder: User, client: Client) -> None:
    own, other = factories.group(school), factories.group(factories.school())
    mentor = factories.mentor(own)
    factories.mentor(other)

    assert listed(client, "attendance_group") == [own]
    assert [row.user for row in listed(client, "attendance_groupmentor")] == [mentor]
    data = {"user": mentor.pk, "first": "2026-01-14"}
    assert add(client, "attendance_groupmentor", group=other.pk, **data).status_code == 200
    assert add(client, "attendance_group", school=other.school_id, name="9Z").status_code == 200
    assert GroupMentor.objects.count() == 2


def test_a_mentor_has_the_role_at_the_school_of_the_class(school: School, beheerder: User, client: Client) -> None:
    assert school.alliance
    group, here = factories.group(school), factories.member(Role.MENTOR, school)
    elsewhere = factories.member(Role.MENTOR, factories.school(alliance=school.alliance))
    coo = factories.member(Role.COO, school)

    answers = [
        add(client, "attendance_groupmentor", group=group.pk, user=user.pk, first="2026-01-14").status_code
        for user in (elsewhere, coo, here)
    ]

    assert answers == [200, 200, 302]
    assert [row.user for row in GroupMentor.objects.all()] == [here]


# Reasons and norms


def test_a_code_of_the_school_that_means_something_else_is_counted_again(
    school: School, beheerder: User, client: Client
) -> None:
    add(client, "attendance_reason", school=school.pk, code="Z9", label="Ziek", maps_to=factories.reason("ziek").pk)
    own = Reason.objects.get(school=school)
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 5)).__class__.objects.update(reason=own)
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    assert days_at_home(pupil) == 8

    change(client, "attendance_reason", own.pk, label="Elders", maps_to=factories.reason("elders").pk)

    assert days_at_home(pupil) == 0


def test_common_reasons_are_seen_and_not_changed(school: School, beheerder: User, client: Client) -> None:
    common = factories.reason("ziek")
    Reason.objects.create(school=factories.school(), code="X", label="vreemd", maps_to=common)

    assert {row.school for row in listed(client, "attendance_reason")} == {None}
    assert change(client, "attendance_reason", common.pk, code="ziek", label="Anders").status_code == 403
    assert add(client, "attendance_reason", code="X", label="Voor iedereen", maps_to=common.pk).status_code == 200


def norm(**other: Any) -> dict[str, Any]:
    numbers = dict.fromkeys(("calendar_days", "weeks", "gap_days", "min_weeks"), 0)
    return numbers | {"rule": "thuis-2w", "amount": 5, "reading": "school", "source": "afspraak"} | other


def test_a_norm_of_the_alliance_is_counted_at_once(school: School, beheerder: User, client: Client) -> None:
    assert school.alliance
    pupil = away(school)
    two_weeks = pupil.crossings.filter(rule="thuis-2w")
    assert list(two_weeks) == []

    answer = add(client, "attendance_normrow", **norm(alliance=school.alliance.pk))

    assert answer.status_code == 302
    assert [row.crossed_on for row in two_weeks.all()] == [date(2026, 1, 9)]


def test_norms_of_others_and_overlapping_ones_are_refused(school: School, beheerder: User, client: Client) -> None:
    assert school.alliance
    common = NormRow.objects.get(alliance=None, rule="thuis-2w")
    factories.norm("thuis-2w", 8, school.alliance, valid_from=date(2026, 1, 1))
    before = NormRow.objects.count()
    other = factories.alliance()

    answers = [
        add(client, "attendance_normrow", **norm(**data)).status_code
        for data in (
            {},
            {"alliance": other.pk},
            {"alliance": school.alliance.pk},
            {"alliance": school.alliance.pk, "valid_until": "2026-01-01"},
        )
    ]

    assert answers == [200, 200, 200, 200]
    assert NormRow.objects.count() == before
    assert change(client, "attendance_normrow", common.pk, **norm()).status_code == 403
    day_before = norm(alliance=school.alliance.pk, valid_until="2025-12-31")
    assert add(client, "attendance_normrow", **day_before).status_code == 302


# Municipalities


def test_new_municipalities_of_own_pupils_are_confirmed(school: School, beheerder: User, client: Client) -> None:
    new, strange = (factories.municipality(name, confirmed=False) for name in ("Nieuwdorp", "Verweg"))
    factories.pupil(school, municipality=new)
    factories.pupil(factories.school(), municipality=strange)

    assert listed(client, "accounts_municipality") == [new]
    chosen = {"action": "confirm", "_selected_action": [new.pk, strange.pk]}
    client.post(reverse("admin:accounts_municipality_changelist"), chosen)

    assert list(Municipality.objects.filter(confirmed=True)) == [new]
    assert change(client, "accounts_municipality", new.pk, name="Anders", confirmed="on").status_code == 403


# What is still to be done


def test_what_is_missing_is_named_and_pupils_are_only_counted(school: School, beheerder: User, client: Client) -> None:
    group, covered = factories.group(school), factories.group(school)
    factories.mentor(covered)
    town = factories.municipality(confirmed=False)
    factories.pupil(in_group=group, first_name="Bijzondernaam")
    factories.pupil(in_group=covered, municipality=town)
    factories.group(school, "leeg")
    factories.pupil(in_group=factories.group(factories.school()))

    answer = client.get(reverse("attendance:set_up"))
    found = answer.context["found"]

    assert (found.schools, found.groups, found.municipalities) == ([school], [group], [town])
    assert found.pupils_without_municipality == 1
    assert "Bijzondernaam" not in answer.content.decode()


def test_when_all_is_set_up_the_page_says_so(school: School, beheerder: User, client: Client) -> None:
    factories.member(Role.COO, school)

    answer = client.get(reverse("attendance:set_up"))

    assert answer.context["found"].is_done
    assert "Alles is ingericht" in answer.content.decode()


def test_the_number_of_queries_does_not_follow_the_number_of_rows(
    school: School, beheerder: User, client: Client
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            factories.pupil(in_group=factories.group(factories.school(alliance=school.alliance)))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("attendance:set_up"))
            client.get(reverse("admin:attendance_group_changelist"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
