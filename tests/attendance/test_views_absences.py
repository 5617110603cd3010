"""Absence of one pupil: shown with its effect first, then saved; back at school; changed; withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
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


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def period_of(first: str, last: str = "", **more: object) -> dict[str, object]:
    return {"reason": "ziek", "first": first, "last": last} | more


def test_absence_is_shown_with_its_days_before_it_is_saved(pupil: Pupil, client: Client) -> None:
    """From Thursday before the Christmas holiday to Tuesday after it."""
    factories.closed(pupil.enrolments.get().place, date(2026, 1, 6))

    answer = client.post(add_url(pupil), period_of("2025-12-18", "2026-01-06"))
    days = answer.context["effect"].days

    assert (days.school_days, days.amount) == (3, "15 uur les")
    assert days.weeks == ("do 18 dec 2025, vr 19 dec 2025", "ma 5 jan")
    assert [text.split(" (")[0] for text in days.left_out] == ["Kerstvakantie", "vrij", "3 weekenden"]
    assert Absence.objects.count() == 0


def test_a_confirmed_absence_is_saved_once(pupil: Pupil, client: Client) -> None:
    sent = period_of("2026-01-12", "2026-01-13", confirmed="1")

    answer = client.post(add_url(pupil), sent)
    client.post(add_url(pupil), sent)

    assert answer["Location"] == reverse("attendance:pupil_detail", kwargs={"code": pupil.code})
    assert said(answer)[0] == "Sam is afwezig gemeld: ziek, ma 12 jan t/m di 13 jan."
    rows = list(Absence.objects.values_list("first", "last", "minutes", "reason__code"))
    assert rows == [(date(2026, 1, 12), date(2026, 1, 13), None, "ziek")]


def test_until_further_notice_has_no_end_whatever_the_date_field_says(pupil: Pupil, client: Client) -> None:
    client.post(add_url(pupil), period_of("2026-01-12", "2026-01-14", open_ended="on", confirmed="1"))

    assert list(Absence.objects.values_list("first", "last")) == [(date(2026, 1, 12), None)]


def test_the_signal_it_would_cause_is_told_before_saving(pupil: Pupil, client: Client) -> None:
    answer = client.post(add_url(pupil), period_of("2025-12-15", open_ended="on"))

    assert "Sam passeert hierdoor op vr 9 jan “2 weken thuis”." in answer.context["effect"].sentences
    assert not answer.context["effect"].corrects
    assert Crossing.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (period_of("2026-01-12"), "last"),
        (period_of("2026-01-12", "2026-01-11"), "last"),
        (period_of("2026-01-12", "2026-01-13", minutes="30"), "minutes"),
        (period_of("2026-01-12", open_ended="on", minutes="30"), "minutes"),
        (period_of("2026-01-12", "2026-01-12", reason="telaat"), "minutes"),
        (period_of("2026-01-12", "2026-01-12", reason="spijbelen"), "reason"),
        (period_of("", "2026-01-12"), "first"),
        (period_of("2025-01-13", "2025-01-14"), "first"),
        (period_of("2026-01-12", "2027-02-19"), "last"),
        (period_of("2025-07-31", "2025-08-01"), "first"),
    ],
)
def test_absence_that_cannot_be_says_what_to_mend(
    sent: dict[str, object], field: str, pupil: Pupil, client: Client
) -> None:
    """The last one begins on the day before the enrolment."""
    answer = client.post(add_url(pupil), sent | {"confirmed": "1"})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Absence.objects.count() == 0


def test_an_overlap_is_refused_with_both_named(pupil: Pupil, client: Client) -> None:
    factories.absence(pupil, date(2026, 1, 12), date(2026, 1, 13))

    answer = client.post(add_url(pupil), period_of("2026-01-13", "2026-01-14", reason="geoorloofd", confirmed="1"))

    (sentence,) = answer.context["form"].non_field_errors()
    assert "di 13 jan t/m wo 14 jan" in sentence
    assert "ma 12 jan t/m di 13 jan" in sentence
    assert Absence.objects.count() == 1


def test_beter_ends_the_record_on_the_day_before(pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, date(2026, 1, 12))

    answer = client.post(url("close", absence), {"back_on": "2026-01-14", "told": "2026-01-14"})

    absence.refresh_from_db()
    assert absence.last == date(2026, 1, 13)
    assert said(answer)[0] == "Sam is beter gemeld: ziek, ma 12 jan t/m di 13 jan."


def test_beter_on_the_first_day_withdraws_the_record(pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, TODAY)

    client.post(url("close", absence), {"back_on": "2026-01-14", "told": "2026-01-14"})

    assert list(Absence.objects.standing()) == []


def test_a_change_keeps_what_it_was(pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, date(2026, 1, 12), code="onbekend")
    sent = period_of("2026-01-12", open_ended="on", confirmed="1", why="Ouders belden")

    client.post(url("change", absence), sent)
    client.post(url("change", absence), sent)

    absence.refresh_from_db()
    assert absence.reason.code == "ziek"
    assert [(row.reason.code, row.why) for row in absence.versions.all()] == [("onbekend", "Ouders belden")]


def test_withdrawing_tells_first_which_signal_falls(pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, date(2025, 12, 15))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    page = client.get(url("withdraw", absence))
    assert "Dit trekt het signaal “2 weken thuis” van vr 9 jan in." in page.context["effect"].sentences
    assert page.context["effect"].corrects
    assert "Wat al verstuurd is, verandert niet." in page.content.decode()
    assert list(Absence.objects.standing()) == [absence]
    answer = client.post(url("withdraw", absence), {"why": "Verkeerde leerling"})

    assert [row.why for row in absence.versions.all()] == ["Verkeerde leerling"]
    assert list(Absence.objects.standing()) == []
    assert Crossing.objects.standing().count() == 0
    assert "Het signaal “2 weken thuis” van Sam klopt niet meer." in said(answer)


@pytest.mark.parametrize("name", ["change", "close", "withdraw"])
def test_a_withdrawn_record_is_not_there_any_more(name: str, pupil: Pupil, client: Client) -> None:
    absence = factories.absence(pupil, TODAY)
    client.post(url("withdraw", absence))

    assert client.get(url(name, absence)).status_code == 404
