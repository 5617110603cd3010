"""Timetable, region and lesson length of a school: told before they are saved, for all dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendance.calendar_forms import CountedForm
from attendance.models import CrossingChange, PupilClock
from attendance.services.clocks import evaluate_pupil
from tests import factories
from tests.attendance.setup.conftest import TODAY, Submit, away, days_at_home
from thuiszitters.accounts.models import School, User

pytestmark = pytest.mark.django_db


def page_of(school: School) -> str:
    return reverse("attendance:school_counted", kwargs={"code": school.code})


def data_of(school: School, **other: Any) -> dict[str, Any]:
    values = CountedForm.initial_of(school) | other
    return {name: "" if value is None else value for name, value in values.items()}


def test_another_timetable_is_told_and_counted(school: School, submit: Submit, client: Client) -> None:
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 9), date(2026, 1, 12), "ongeoorloofd")
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    assert PupilClock.objects.get(pupil=pupil).unauthorised_minutes == 2 * 300

    told: Any = client.post(page_of(school), data_of(school, friday=0))
    assert told.context["told"].effect.pupils == 1
    assert PupilClock.objects.get(pupil=pupil).unauthorised_minutes == 2 * 300

    assert submit(page_of(school), **data_of(school, friday=0)).status_code == 302
    assert PupilClock.objects.get(pupil=pupil).unauthorised_minutes == 300


def test_another_region_moves_signals_as_told(school: School, submit: Submit, client: Client) -> None:
    """The autumn holiday lies in the run in both regions, but not in the same week."""
    pupil = away(school, date(2026, 2, 2), None)
    assert days_at_home(pupil) == 0
    autumn = away(school, date(2025, 10, 6), date(2025, 10, 24))
    two_weeks = autumn.crossings.standing().filter(rule="thuis-2w").values_list("crossed_on", flat=True)
    assert list(two_weeks) == [date(2025, 10, 24)]

    effect = client.post(page_of(school), data_of(school, region="noord")).context["told"].effect
    assert submit(page_of(school), **data_of(school, region="noord")).status_code == 302

    changes = CrossingChange.objects.values_list("kind", flat=True)
    assert [effect.pupils, *(effect.moved * ["moved"])] == [1, *changes]
    assert (effect.new, effect.withdrawn) == (0, 0)


def test_a_lesson_of_another_length_changes_the_hours_as_told(alliance: Any, submit: Submit) -> None:
    school = factories.school(alliance=alliance, sector="vo", lesson_minutes=50, complete_through=date(2026, 1, 13))
    pupil = away(school, date(2026, 1, 12), date(2026, 1, 13), "ongeoorloofd")
    assert PupilClock.objects.get(pupil=pupil).hours_minutes == 16 * 50

    submit(page_of(school), **data_of(school, lesson_minutes=40))

    assert PupilClock.objects.get(pupil=pupil).hours_minutes == 16 * 40


def test_the_same_again_is_not_told_and_counts_nobody(school: School, beheerder: User, client: Client) -> None:
    pupil = away(school)
    PupilClock.objects.filter(pupil=pupil).update(run_school_days=99)

    assert client.post(page_of(school), data_of(school)).status_code == 302
    assert days_at_home(pupil) == 99


def test_what_changed_since_it_was_told_is_told_again(school: School, beheerder: User, client: Client) -> None:
    data = data_of(school, friday=0)
    seen = client.post(page_of(school), data).context["told"].seen
    School.objects.filter(pk=school.pk).update(monday=100)

    answer: Any = client.post(page_of(school), data | {"seen": seen, "confirmed": "1"})

    assert answer.context["told"].again
    school.refresh_from_db()
    assert (school.monday, school.friday) == (100, 300)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"monday": "-1"}, "Vul 0 of meer minuten in"),
        ({"monday": "0"}, None),
        ({"monday": "600"}, None),
        ({"monday": "601"}, "Vul ten hoogste 600 minuten in"),
        ({"monday": ""}, "Vul de minuten in"),
        (dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "0"), "op minstens één dag les"),
        ({"sector": "vo"}, "Vul voor een vo-school de lengte van een les in"),
        ({"sector": "vo", "lesson_minutes": "50"}, None),
        ({"sector": "po", "lesson_minutes": "0"}, "Vul ten minste 1 minuut in"),
        ({"region": "oost"}, "oost"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    school: School, beheerder: User, client: Client, other: dict[str, str], words: str | None
) -> None:
    answer: Any = client.post(page_of(school), data_of(school) | other)

    assert (answer.context["told"] is not None) == (words is None)
    if words is not None:
        assert words in answer.content.decode()
