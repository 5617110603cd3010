"""From a recorded absence to what others were told, and back when the record was wrong. No row is made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.models import Absence, Crossing, Reason
from attendance.services.absences import Content, change_absence, record_absence, withdraw_absence
from cases.models import Case, ParentsInformed, Report, Signal
from cases.services.answers import answer_signal
from cases.services.reports import prepare_report, send_report
from tables.models import TableEntry
from tests import factories
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
FIRST = date(2025, 11, 3)
FOUR_WEEKS = date(2025, 11, 28)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The day on which four weeks are full."""
    with time_machine.travel(datetime(2025, 11, 28, 9, tzinfo=UTC)) as traveller:
        yield traveller


class Place:
    """A school with its people and one pupil."""

    def __init__(self, **pupil: Any) -> None:
        self.town: Municipality = factories.municipality()
        self.school: School = factories.school(alliance=factories.alliance())
        self.coo: User = factories.member(Role.COO, self.school)
        self.office: User = factories.member(Role.ADMINISTRATIE, self.school)
        self.officer: User = factories.member(Role.LEERPLICHT, self.town)
        self.pupil = factories.pupil(self.school, municipality=self.town, **pupil)

    def is_away(self, code: str, first: date = FIRST, last: date | None = None) -> Absence:
        reason: Reason = factories.reason(code)
        recorded = record_absence(
            pupil=self.pupil, first=first, last=last, reason=reason, by=self.coo, today=clock_today()
        )
        return recorded.absence

    def send(self, report: Report) -> None:
        told = ParentsInformed.objects.create(
            pupil=self.pupil, about="melding", informed_on=clock_today(), recorded_by=self.coo
        )
        prepare_report(report=report, values={}, informed=told, by=self.coo)
        send_report(report=report, by=self.office)


def test_four_weeks_away_and_back_again(client: Client) -> None:
    place = Place()
    absence = place.is_away("ongeoorloofd")

    rules = set(Crossing.objects.standing().values_list("rule", flat=True))
    case, report, entry = Case.objects.get(), Report.objects.get(), TableEntry.objects.get()
    assert rules == {"uren-16", "thuis-2w", "thuis-4w", "lrv"}
    assert (case.owner, case.first_day_home, case.next_step != "") == (place.coo, FIRST, True)
    assert (report.kind, report.first_day, report.last_day) == ("lrv", FIRST, FOUR_WEEKS)
    assert (entry.proposed_phase, entry.placed_at) == ("thuiszitter", None)
    place.send(report)
    facts = report.sent_facts

    change_absence(
        absence=absence,
        content=Content(FIRST, FIRST + timedelta(days=2), factories.reason("ongeoorloofd")),
        by=place.coo,
        today=clock_today(),
    )
    School.objects.update(complete_through=clock_today())
    withdraw_absence(absence=absence, by=place.coo, today=clock_today())

    report.refresh_from_db()
    assert Crossing.objects.standing().count() == 0
    assert (report.status, report.no_longer_matches, report.sent_facts) == ("geregistreerd", True, facts)
    waiting = Signal.objects.unanswered()
    assert waiting.exists()
    assert set(waiting.values_list("withdrawn", flat=True)) == {True}
    assert Case.objects.open().count() == 1
    client.force_login(place.coo)
    assert "geldt niet meer" in client.get(reverse("cases:signal_list")).content.decode()
    assert "gewijzigd" in client.get(reverse("cases:case_reports", args=[case.code])).content.decode()

    answer_signal(
        signal=waiting.get(crossing__rule="lrv"),
        answer="gesloten",
        text="Stond bij een ander.",
        by=place.coo,
        today=clock_today(),
    )

    entry.refresh_from_db()
    assert (Case.objects.open().count(), waiting.count(), entry.left_reason) == (0, 0, "dossier gesloten")


def test_the_same_record_again_restores_what_stood() -> None:
    place = Place()
    withdraw_absence(absence=place.is_away("ongeoorloofd"), by=place.coo, today=clock_today())
    assert not Crossing.objects.standing().exists()

    place.is_away("ongeoorloofd")

    assert (Crossing.objects.count(), Crossing.objects.standing().count()) == (Signal.objects.count(),) * 2
    assert (Case.objects.count(), Report.objects.drafts().count(), TableEntry.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(("days", "drafts", "answer"), [(28, 1, ""), (29, 0, "gezien")])
def test_sixteen_hours_that_become_unauthorised_late(
    clock: time_machine.Traveller, days: int, drafts: int, answer: str
) -> None:
    """The term of the law runs from the day itself: a draft that comes late is late, and says so."""
    place = Place()
    absence = place.is_away("onbekend", date(2025, 11, 3), date(2025, 11, 6))
    assert not Crossing.objects.exists()
    clock.move_to(datetime(2025, 11, 6, 9, tzinfo=UTC) + timedelta(days=days))

    content = Content(absence.first, absence.last, factories.reason("ongeoorloofd"))
    change_absence(absence=absence, content=content, by=place.coo, today=clock_today())

    assert Crossing.objects.get().crossed_on == date(2025, 11, 6)
    assert list(Report.objects.values_list("due_on", flat=True)) == [date(2025, 11, 13)] * drafts
    assert Signal.objects.get().answer == answer


def test_what_was_sent_stays_where_it_was_sent() -> None:
    """A pupil who moves: the old municipality keeps its report, the next one goes to the new."""
    place = Place()
    place.is_away("ongeoorloofd", date(2025, 11, 3), date(2025, 11, 6))
    first = Report.objects.get()
    place.send(first)
    new = factories.municipality()
    officer = factories.member(Role.LEERPLICHT, new)
    place.pupil.municipality = new
    place.pupil.save(update_fields=["municipality"])

    place.is_away("ongeoorloofd", date(2025, 11, 17), date(2025, 11, 20))
    second = Report.objects.drafts().get()
    second.pupil.refresh_from_db()
    place.send(second)

    assert list(Report.objects.visible_to(place.officer)) == [first]
    assert list(Report.objects.visible_to(officer)) == [second]


@pytest.mark.parametrize(
    ("pupil", "kinds", "why"),
    [
        ({"birth_date": date(2009, 3, 1)}, ["16_uur"], ""),
        ({"birth_date": date(2008, 3, 1), "end_education": "pro"}, [], "niet meer leerplichtig"),
        ({"birth_date": date(2008, 3, 1), "end_education": ""}, ["16_uur"], ""),
        ({"birth_date": date(2007, 11, 7)}, ["16_uur"], ""),
        ({"birth_date": date(2007, 11, 6)}, ["rmc"], ""),
        ({"birth_date": date(2006, 1, 1), "startkwalificatie_on": date(2025, 7, 1)}, [], "startkwalificatie"),
        ({"birth_date": date(2008, 3, 1), "startkwalificatie_on": date(2025, 11, 7)}, ["16_uur"], ""),
        ({"birth_date": date(2020, 10, 31)}, ["16_uur"], ""),
        ({"birth_date": date(2020, 11, 1)}, [], "nog niet leerplichtig"),
    ],
    ids=[
        "16",
        "17 after praktijkonderwijs",
        "17 without a known startkwalificatie",
        "18 tomorrow",
        "18 today",
        "has a startkwalificatie",
        "gets it tomorrow",
        "compulsory since Monday",
        "compulsory from December",
    ],
)
def test_age_and_education_decide_what_is_drafted(pupil: dict[str, Any], kinds: list[str], why: str) -> None:
    """Four whole days from Monday: sixteen hours on Thursday 6 November."""
    Place(**pupil).is_away("ongeoorloofd", date(2025, 11, 3), date(2025, 11, 6))

    assert list(Report.objects.values_list("kind", flat=True)) == kinds
    assert why in Signal.objects.get().answer_text
