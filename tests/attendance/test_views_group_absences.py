"""The pages for a group: chosen, shown pupil by pupil, saved for exactly who is ticked, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import Absence, Group, GroupAbsence, Pupil
from attendance.services.absences import withdraw_absence
from attendance.services.clocks import evaluate_pupils
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday."""
ADD = "/verzuim/groep/"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=date(2026, 1, 13))


@pytest.fixture
def group(school: School, client: Client) -> Group:
    client.force_login(factories.member(Role.ADMINISTRATIE, school))
    return factories.group(school, "2A")


def pupils_of(group: Group, *names: str) -> list[Pupil]:
    return [factories.pupil(in_group=group, first_name=name, surname=name) for name in names]


def trip(*groups: Group, first: str = "2026-01-15", last: str = "2026-01-15", **more: object) -> dict[str, Any]:
    codes = [str(group.code) for group in groups]
    return {"groups": codes, "who": "all", "reason": "elders", "first": first, "last": last} | more


def names(rows: Any) -> list[str]:
    return [line.pupil.first_name for line in rows]


def ticked(answer: Any) -> dict[str, bool]:
    return {line.pupil.first_name: is_ticked for line, is_ticked in answer.context["lines"]}


def confirm(client: Client, step: Any, sent: dict[str, Any], pupils: list[Pupil]) -> Any:
    codes = [str(child.code) for child in pupils]
    return client.post(ADD, sent | {"confirmed": "1", "key": step.context["key"], "pupils": codes})


def test_classes_are_shown_pupil_by_pupil_before_anything_is_saved(group: Group, client: Client) -> None:
    pupils_of(group, "Bo", "Ada")
    pupils_of(factories.group(group.school, "2B"), "Cas")

    answer = client.post(ADD, trip(group))

    assert ticked(answer) == {"Ada": True, "Bo": True}
    assert answer.context["plan"].usual.amount == "5 uur les"
    assert not Absence.objects.exists()


def test_exactly_who_is_ticked_is_recorded(group: Group, client: Client) -> None:
    ada, bo, _ = pupils_of(group, "Ada", "Bo", "Cas")
    sent = trip(group)

    answer = confirm(client, client.post(ADD, sent), sent, [ada, bo])

    made = GroupAbsence.objects.get()
    assert answer["Location"] == f"/verzuim/groep/{made.code}/"
    assert sorted(Absence.objects.values_list("pupil__first_name", flat=True)) == ["Ada", "Bo"]
    assert next(str(message) for message in get_messages(answer.wsgi_request)) == "Afwezig gemeld: 2 leerlingen."


def test_sending_the_list_twice_records_once(group: Group, client: Client) -> None:
    pupils = pupils_of(group, "Ada", "Bo")
    sent = trip(group)
    step = client.post(ADD, sent)

    confirm(client, step, sent, pupils)
    again = confirm(client, step, sent, pupils)

    assert again["Location"] == f"/verzuim/groep/{GroupAbsence.objects.get().code}/"
    assert Absence.objects.count() == 2


def test_who_has_a_record_is_named_and_left_alone(group: Group, client: Client) -> None:
    ada, bo = pupils_of(group, "Ada", "Bo")
    standing = factories.absence(bo, date(2026, 1, 12))
    sent = trip(group)

    step = client.post(ADD, sent)
    confirm(client, step, sent, [ada])

    assert [(line.pupil, line.why_not) for line in step.context["plan"].skipped] == [
        (bo, "er staat al: “Ziek” sinds ma 12 jan, tot nader bericht")
    ]
    assert list(bo.absences.all()) == [standing]
    assert ada.absences.count() == 1


def test_who_got_a_record_in_between_stops_all(group: Group, client: Client) -> None:
    ada, bo = pupils_of(group, "Ada", "Bo")
    sent = trip(group)
    step = client.post(ADD, sent)
    factories.absence(bo, date(2026, 1, 15), date(2026, 1, 15))

    answer = confirm(client, step, sent, [ada, bo])

    assert "de lijst is intussen veranderd" in answer.content.decode()
    assert ticked(answer) == {"Ada": True}
    assert names(answer.context["plan"].skipped) == ["Bo"]
    assert Absence.objects.count() == 1


def test_a_pupil_of_another_class_cannot_be_added_by_hand(group: Group, client: Client) -> None:
    (ada,) = pupils_of(group, "Ada")
    (stranger,) = pupils_of(factories.group(factories.school()), "Xanthippe")
    sent = trip(group)

    confirm(client, client.post(ADD, sent), sent, [ada, stranger])

    assert not Absence.objects.exists()


def test_a_class_of_another_school_cannot_be_chosen(group: Group, client: Client) -> None:
    other = factories.group(factories.school())
    pupils_of(other, "Xanthippe")

    answer = client.post(ADD, trip(other))

    assert list(answer.context["form"].errors) == ["groups"]
    assert "Xanthippe" not in answer.content.decode()


def test_days_of_a_pupil_that_differ_are_told_beside_the_name(group: Group, client: Client) -> None:
    _, bo, cas = pupils_of(group, "Ada", "Bo", "Cas")
    pupils_of(group, "Dirk")
    factories.own_timetable(bo, (300, 300, 300, 0, 300), date(2026, 1, 1))
    factories.exemption(cas, date(2026, 1, 1))

    plan = client.post(ADD, trip(group, first="2026-01-15", last="2026-01-16")).context["plan"]

    assert {line.pupil.first_name: (line.days.school_days, line.is_usual) for line in plan.fitting} == {
        "Ada": (2, True),
        "Bo": (1, False),
        "Dirk": (2, True),
    }
    assert [(line.pupil, line.why_not) for line in plan.skipped] == [
        (cas, "geen schooldag: vrijgesteld (do 15 jan t/m vr 16 jan)")
    ]


def test_signals_are_told_beside_the_name(group: Group, client: Client) -> None:
    ada, bo = pupils_of(group, "Ada", "Bo")
    factories.absence(bo, date(2025, 12, 15), date(2026, 1, 9), "geoorloofd")
    factories.absence(ada, date(2025, 12, 17), date(2026, 1, 9), "geoorloofd")
    evaluate_pupils([ada.pk, bo.pk], today=TODAY, cause="test")
    sent = trip(group, first="2026-01-12", last="2026-01-14", reason="ongeoorloofd")

    lines = client.post(ADD, sent).context["plan"].fitting

    assert {line.pupil.first_name: line.sentences for line in lines} == {
        "Ada": ("Ada passeert hierdoor op di 13 jan “2 weken thuis”.",),
        "Bo": (),
    }


def test_some_pupils_are_ticked_by_hand(group: Group, client: Client) -> None:
    pupils_of(group, "Ada", "Bo")

    answer = client.post(ADD, trip(group, who="some"))

    assert ticked(answer) == {"Ada": False, "Bo": False}


@pytest.mark.parametrize("who", ["all", "some"])
def test_ticks_survive_the_way_back(who: str, group: Group, client: Client) -> None:
    ada, _ = pupils_of(group, "Ada", "Bo")
    sent = trip(group, who=who)

    back = client.post(ADD, sent | {"back": "1", "pupils": [str(ada.code)]})
    form = back.context["form"]
    again = client.post(ADD, sent | {"ticked": form["ticked"].value(), "unticked": form["unticked"].value()})

    assert back.context["plan"] is None
    assert {name: form[name].value() for name in ("groups", "reason", "first", "last")} == {
        name: sent[name] for name in ("groups", "reason", "first", "last")
    }
    assert ticked(again) == {"Ada": True, "Bo": False}


def test_a_part_of_the_day(group: Group, client: Client) -> None:
    pupils = pupils_of(group, "Ada")
    sent = trip(group, minutes="120")

    confirm(client, client.post(ADD, sent), sent, pupils)

    assert list(Absence.objects.values_list("minutes", flat=True)) == [120]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"groups": []}, "groups"),
        ({"last": ""}, "last"),
        ({"last": "2026-01-14"}, "last"),
        ({"minutes": "60", "last": "2026-01-16"}, "minutes"),
        ({"reason": "telaat"}, "minutes"),
    ],
)
def test_what_has_to_be_mended_is_said(sent: dict[str, Any], field: str, group: Group, client: Client) -> None:
    answer = client.post(ADD, trip(group) | sent)

    assert list(answer.context["form"].errors) == [field]


def test_nobody_ticked_is_said(group: Group, client: Client) -> None:
    pupils_of(group, "Ada")
    sent = trip(group)

    answer = confirm(client, client.post(ADD, sent), sent, [])

    assert "Vink ten minste één leerling aan." in answer.content.decode()
    assert not Absence.objects.exists()


def test_a_mentor_sees_only_the_own_class(group: Group, client: Client) -> None:
    other = factories.group(group.school)
    client.force_login(factories.mentor(group))

    page = client.get(ADD)

    assert page.context["groups"] == [group]
    assert list(client.post(ADD, trip(other)).context["form"].errors) == ["groups"]


def test_the_group_is_taken_back_as_one(group: Group, client: Client) -> None:
    pupils = pupils_of(group, "Ada", "Bo", "Cas")
    sent = trip(group)
    url = confirm(client, client.post(ADD, sent), sent, pupils)["Location"]
    by = GroupAbsence.objects.get().entered_by
    withdraw_absence(absence=pupils[2].absences.get(), by=by, today=TODAY)

    page = client.get(url)
    assert [record.pupil.first_name for record, _ in page.context["rows"]] == ["Ada", "Bo"]
    for _ in range(2):
        client.post(url)

    assert not Absence.objects.standing().exists()
    assert [child.absences.get().versions.count() for child in pupils] == [1, 1, 1]


def test_taking_back_asks_why_when_a_signal_falls(group: Group, client: Client) -> None:
    pupils = pupils_of(group, "Ada")
    sent = trip(group, first="2025-12-15", last="2026-01-13", reason="geoorloofd")
    url = confirm(client, client.post(ADD, sent), sent, pupils)["Location"]

    refused = client.post(url)
    assert list(refused.context["why"].errors) == ["why"]
    assert Absence.objects.standing().count() == 1
    client.post(url, {"why": "Verkeerde klas"})

    assert not Absence.objects.standing().exists()


def test_queries_do_not_follow_the_number_of_pupils(school: School, client: Client) -> None:
    client.force_login(factories.member(Role.ADMINISTRATIE, school))
    counts = []
    for size in (2, 3, 30):
        group = factories.group(school)
        for number in range(size):
            child = factories.pupil(in_group=group)
            if number % 3 == 1:
                factories.absence(child, date(2026, 1, 12))
        client.get(ADD)
        with CaptureQueriesContext(connection) as queries:
            client.post(ADD, trip(group))
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


def test_the_page_links_from_the_classes(group: Group, client: Client) -> None:
    pupils_of(group, "Ada")

    assert f'href="{ADD}"' in client.get(reverse("attendance:registers_to_take")).content.decode()
