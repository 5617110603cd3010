"""What a change of absence does to days and signals, told before it is saved, and why it changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.models import Absence, Crossing, Pupil
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=date(2026, 1, 13))


@pytest.fixture
def pupil(school: School, client: Client) -> Pupil:
    client.force_login(factories.member(Role.ADMINISTRATIE, school))
    return factories.pupil(school)


def add_url(pupil: Pupil) -> str:
    return reverse("attendance:absence_add", kwargs={"code": pupil.code})


def url(page: str, absence: Absence) -> str:
    return reverse(f"attendance:absence_{page}", kwargs={"code": absence.code})


def period_of(first: str, last: str = "", **more: object) -> dict[str, object]:
    return {"reason": "ziek", "first": first, "last": last} | more


def evaluated(pupil: Pupil, first: date, last: date | None = None, code: str = "geoorloofd") -> Absence:
    """A record with the signals that it causes."""
    absence = factories.absence(pupil, first, last, code)
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    return absence


def sentences(answer: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = answer.context["effect"].sentences
    return found


def test_a_signal_that_moves_is_told_with_both_dates(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2025, 12, 15))

    answer = client.post(url("change", absence), period_of("2025-12-17", open_ended="on", reason="geoorloofd"))

    assert "Het signaal “2 weken thuis” verschuift van vr 9 jan naar di 13 jan." in sentences(answer)
    assert answer.context["effect"].corrects


def test_a_change_without_consequence_says_so(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2026, 1, 12))

    answer = client.post(url("change", absence), period_of("2026-01-12", "2026-01-13"))

    assert sentences(answer) == ("Er verandert niets aan de signalen.",)
    assert "Wat al verstuurd is" not in answer.content.decode()


def test_why_is_asked_when_a_signal_falls(pupil: Pupil, client: Client) -> None:
    """Not saved without it; what else was typed stays."""
    absence = evaluated(pupil, date(2025, 12, 15))
    sent = period_of("2026-01-12", open_ended="on", reason="geoorloofd", confirmed="1")

    refused = client.post(url("change", absence), sent)
    absence.refresh_from_db()
    assert absence.first == date(2025, 12, 15)
    assert list(refused.context["why"].errors) == ["why"]
    assert 'name="first" value="2026-01-12"' in refused.content.decode()
    client.post(url("change", absence), sent | {"why": "Verkeerde datum"})

    absence.refresh_from_db()
    assert absence.first == date(2026, 1, 12)
    assert Crossing.objects.standing().filter(rule="thuis-2w").count() == 0


def test_why_may_be_left_out_when_no_signal_falls(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2026, 1, 12))

    client.post(url("change", absence), period_of("2026-01-12", "2026-01-13", confirmed="1"))

    absence.refresh_from_db()
    assert absence.last == date(2026, 1, 13)


def test_what_is_still_to_come_is_told(pupil: Pupil, client: Client) -> None:
    """Two weeks of leave that begin today."""
    answer = client.post(add_url(pupil), period_of("2026-01-14", "2026-01-30", reason="geoorloofd"))

    assert sentences(answer) == ("Er verandert niets aan de signalen.",)
    assert answer.context["effect"].ahead == ("op di 27 jan passeert Sam “2 weken thuis”",)


def test_a_long_absence_is_summed_up(pupil: Pupil, client: Client) -> None:
    answer = client.post(add_url(pupil), period_of("2025-10-01", open_ended="on"))
    days = answer.context["effect"].days

    assert days.weeks == (
        "wo 1 okt 2025 t/m vr 3 okt 2025",
        "ma 6 okt 2025 t/m vr 10 okt 2025",
        "ma 20 okt 2025 t/m vr 24 okt 2025",
        "ma 27 okt 2025 t/m vr 31 okt 2025",
    )
    assert days.more_weeks == 9
    assert "het telt door tot je Sam beter meldt" in answer.content.decode()


def test_days_that_do_not_count_are_named(pupil: Pupil, client: Client) -> None:
    """Off in an own timetable on Wednesdays, exempt for a week, and not enrolled after the 30th."""
    factories.own_timetable(pupil, (300, 300, 0, 300, 300), date(2026, 1, 1))
    factories.exemption(pupil, date(2026, 1, 19), date(2026, 1, 23))
    pupil.enrolments.update(last=date(2026, 1, 30))

    answer = client.post(add_url(pupil), period_of("2026-01-14", "2026-02-03"))

    assert answer.context["effect"].days.left_out == (
        "geen les in het eigen rooster (wo 14 jan)",
        "vrijgesteld (ma 19 jan t/m vr 23 jan)",
        "geen les in het eigen rooster (wo 28 jan)",
        "niet ingeschreven (ma 2 feb t/m di 3 feb)",
        "2 weekenden",
    )


def test_in_vo_lessons_are_told(client: Client) -> None:
    vo = factories.school(sector="vo", lesson_minutes=50, complete_through=date(2026, 1, 13))
    client.force_login(factories.member(Role.ADMINISTRATIE, vo))
    pupil = factories.pupil(vo)

    whole = client.post(add_url(pupil), period_of("2026-01-12", "2026-01-13"))
    part = client.post(add_url(pupil), period_of("2026-01-12", "2026-01-12", minutes="50"))

    assert whole.context["effect"].days.amount == "12 lesuren"
    assert part.context["effect"].days.amount == "1 lesuur"


def test_signals_of_another_school_are_not_told(pupil: Pupil, client: Client) -> None:
    """The pupil came from elsewhere; a record that reaches back covers dates that only the other school sees."""
    other = factories.school(complete_through=date(2026, 1, 13))
    pupil.enrolments.update(first=date(2026, 1, 12))
    factories.enrolment(pupil, other, last=date(2026, 1, 9))
    absence = evaluated(pupil, date(2025, 12, 1))
    assert Crossing.objects.filter(rule="thuis-2w", crossed_on__lt=date(2026, 1, 9)).exists()

    page = client.get(url("withdraw", absence))

    assert sentences(page) == ("Er verandert niets aan de signalen.",)


def test_an_overlap_is_told_at_the_first_step(pupil: Pupil, client: Client) -> None:
    factories.absence(pupil, date(2026, 1, 12), date(2026, 1, 13))

    answer = client.post(add_url(pupil), period_of("2026-01-13", "2026-01-14"))

    assert answer.context["effect"] is None
    assert "overlapt" in answer.context["form"].non_field_errors()[0]


def test_nothing_typed_is_lost_on_the_way_back(pupil: Pupil, client: Client) -> None:
    sent = period_of("12-01-2026", "13-01-2026", reason="geoorloofd")
    step = client.post(add_url(pupil), sent)
    hidden = {field.html_name: field.value() or "" for field in step.context["form"]}

    back = client.post(add_url(pupil), hidden | {"back": "1"})

    assert back.context["effect"] is None
    assert {name: back.context["form"][name].value() for name in sent} == sent


def test_why_that_was_typed_goes_with_the_way_back(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2025, 12, 15))
    sent = period_of("2026-01-12", open_ended="on", why="Verkeerde datum")

    back = client.post(url("change", absence), sent | {"back": "1"})
    again = client.post(url("change", absence), sent)

    assert '<input type="hidden" name="why" value="Verkeerde datum">' in back.content.decode()
    assert again.context["why"]["why"].value() == "Verkeerde datum"


# Back at school


def test_beter_is_told_for_today_at_once(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2025, 12, 15))

    page = client.get(url("close", absence))

    assert page.context["back_on"] == TODAY
    assert page.context["effect"].days.school_days == 12
    assert sentences(page) == ("Er verandert niets aan de signalen.",)


def test_beter_proposes_the_next_school_day(pupil: Pupil, client: Client) -> None:
    factories.closed(pupil.enrolments.get().place, TODAY)
    absence = factories.absence(pupil, date(2026, 1, 12))

    assert client.get(url("close", absence)).context["back_on"] == date(2026, 1, 15)


def test_beter_on_another_date_is_told_before_it_is_saved(pupil: Pupil, client: Client) -> None:
    absence = evaluated(pupil, date(2025, 12, 15))
    sent = {"back_on": "2026-01-09", "told": "2026-01-14"}

    step = client.post(url("close", absence), sent)
    absence.refresh_from_db()
    assert absence.last is None
    assert "Dit trekt het signaal “2 weken thuis” van vr 9 jan in." in sentences(step)
    refused = client.post(url("close", absence), sent | {"told": "2026-01-09"})
    assert list(refused.context["why"].errors) == ["why"]
    client.post(url("close", absence), sent | {"told": "2026-01-09", "why": "Was er vrijdag weer"})

    absence.refresh_from_db()
    assert absence.last == date(2026, 1, 8)
    assert [row.why for row in absence.versions.all()] == ["Was er vrijdag weer"]


@pytest.mark.parametrize("name", ["close", "withdraw"])
def test_sending_twice_is_harmless(name: str, pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, TODAY)
    sent = {"back_on": TODAY.isoformat(), "told": TODAY.isoformat()}

    client.post(url(name, absence), sent)
    again = client.post(url(name, absence), sent, follow=True)

    assert again.redirect_chain == [(reverse("attendance:pupil_detail", kwargs={"code": pupil.code}), 302)]
    assert absence.versions.count() == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("/verzuim/klassen/", "/verzuim/klassen/"), ("https://elders.example/", None), ("//elders.example/", None)],
)
def test_who_came_from_a_list_goes_back_there(asked: str, expected: str | None, pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, date(2026, 1, 12))
    sent = {"back_on": "2026-01-14", "told": "2026-01-14", "next": asked}

    answer = client.post(url("close", absence), sent)

    assert answer["Location"] == (expected or reverse("attendance:pupil_detail", kwargs={"code": pupil.code}))


def test_beter_is_one_click_from_the_signals(client: Client) -> None:
    group = factories.group(factories.school(complete_through=date(2026, 1, 13)))
    client.force_login(factories.mentor(group))
    absence = evaluated(factories.pupil(in_group=group), date(2025, 12, 15))
    evaluated(factories.pupil(in_group=group), date(2025, 12, 15), date(2026, 1, 13))
    here = reverse("attendance:own_signals")

    page = client.get(here).content.decode()

    assert page.count("Meld beter") == 1
    assert f'href="{url("close", absence)}?next={here}"' in page
