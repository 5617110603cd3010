"""Closing a case: what has to be settled first, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Crossing
from cases.models import Case, Meeting, ParentsInformed, Phase, Report, Signal
from cases.services.answers import answer_signal
from cases.services.cases import open_case
from cases.services.closing import close_case
from cases.services.drafts_by_hand import start_report
from cases.services.meeting_lapses import lapse_talks, lapse_weekly
from cases.services.meetings import make_meeting
from cases.services.refusals import CaseRefusedError
from cases.services.reports import drop_report, prepare_report
from cases.services.signals import follow_up
from tables.models import TableEntry
from tables.services.entries import change_phase, entry_for, place
from tables.services.proposals import follow_up as follow_up_table
from tests.cases.rows import a_crossing, a_pupil, a_run, a_school, a_user, away
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
START = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def a_tuesday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def case() -> Case:
    return open_case(pupil=a_pupil(a_school()), today=TODAY)[0]


@pytest.fixture
def coo(case: Case) -> User:
    return a_user(Role.COO, case.school)


def put_on_the_table(case: Case, by: User, phase: Phase = Phase.THUISZITTER) -> TableEntry:
    told = ParentsInformed.objects.create(pupil=case.pupil, about="tafel", informed_on=TODAY, recorded_by=by)
    entry = entry_for(case=case, phase=phase, today=TODAY)
    entry = place(entry=entry, phase=phase, informed=told, by=by, today=TODAY)
    case.refresh_from_db()
    return entry


def a_draft(case: Case, rule: Rule = Rule.HOURS_16) -> Report:
    a_run(case.pupil, START)
    away(case.pupil, START, None)
    a_crossing(case.pupil, rule, START, date(2026, 11, 20))
    follow_up(today=TODAY)
    return Report.objects.get()


def test_a_pupil_on_the_table_is_not_closed_away(case: Case, coo: User) -> None:
    put_on_the_table(case, coo)

    with pytest.raises(CaseRefusedError, match="staat nog op de Thuiszitterstafel"):
        close_case(case=case, reason="Gaat weer.", by=coo)

    case.refresh_from_db()
    assert (case.closed_at, TableEntry.objects.on_the_table().count()) == (None, 1)


def test_closing_on_purpose_takes_the_pupil_off_the_table(case: Case, coo: User) -> None:
    entry = put_on_the_table(case, coo)

    close_case(case=case, reason="Verhuisd naar het buitenland.", by=coo, leave_table=True)
    follow_up_table(TODAY)
    again = follow_up_table(TODAY)

    entry.refresh_from_db()
    last = entry.phases.last()
    assert last is not None
    assert (entry.left_by, entry.left_reason, again) == (coo, "dossier gesloten", 0)
    assert (last.phase, last.reason, last.by, entry.phases.count()) == (Phase.GESLOTEN, "dossier gesloten", coo, 2)


def test_a_proposal_ends_with_its_case_and_had_no_phase(case: Case, coo: User) -> None:
    entry = entry_for(case=case, phase=Phase.DREIGEND, today=TODAY)
    close_case(case=case, reason="Gaat weer.", by=coo)

    follow_up_table(TODAY)

    entry.refresh_from_db()
    assert (entry.left_reason, entry.phases.count()) == ("dossier gesloten", 0)
    assert TableEntry.objects.waiting().count() == 0


def test_the_board_holds_while_the_table_has_not_caught_up(client: Client, case: Case, coo: User) -> None:
    put_on_the_table(case, coo)
    Case.objects.filter(pk=case.pk).update(
        closed_at=timezone.now(), closed_by=coo, closed_reason="x", phase=Phase.GESLOTEN
    )
    client.force_login(coo)

    answer = client.get(reverse("tables:board"))

    assert (answer.status_code, case.pupil.surname in answer.content.decode()) == (200, False)


@pytest.mark.parametrize("what", ["place", "phase"])
def test_nothing_happens_on_the_table_after_closing(case: Case, coo: User, what: str) -> None:
    told = ParentsInformed.objects.create(pupil=case.pupil, about="tafel", informed_on=TODAY, recorded_by=coo)
    entry = entry_for(case=case, phase=Phase.DREIGEND, today=TODAY)
    if what == "phase":
        place(entry=entry, phase=Phase.DREIGEND, informed=told, by=coo, today=TODAY)
    Case.objects.filter(pk=case.pk).update(
        closed_at=timezone.now(), closed_by=coo, closed_reason="x", phase=Phase.GESLOTEN
    )

    acts = {
        "place": lambda: place(entry=entry, phase=Phase.DREIGEND, informed=told, by=coo, today=TODAY),
        "phase": lambda: change_phase(entry=entry, phase=Phase.OPBOUW, reason="x", by=coo, today=TODAY),
    }
    with pytest.raises(CaseRefusedError, match="intussen gesloten"):
        acts[what]()


def test_a_report_that_waits_at_the_coo_comes_first(case: Case, coo: User) -> None:
    report = a_draft(case)

    with pytest.raises(CaseRefusedError, match=r"melding \(16 uur in 4 weken\) die niet is verstuurd"):
        close_case(case=case, reason="Gaat weer.", by=coo)
    drop_report(report=report, why="Stond verkeerd in het rooster.", by=coo)
    close_case(case=case, reason="Gaat weer.", by=coo)

    case.refresh_from_db()
    assert case.closed_at is not None


def test_a_report_that_was_passed_on_goes_its_own_way(case: Case, coo: User) -> None:
    report = a_draft(case)
    told = ParentsInformed.objects.create(pupil=case.pupil, about="melding", informed_on=TODAY, recorded_by=coo)
    prepare_report(report=report, values={}, informed=told, by=coo)

    close_case(case=case, reason="Gaat weer.", by=coo)

    report.refresh_from_db()
    assert report.status == Report.Status.AT_OFFICE


def withdraw(report: Report) -> None:
    assert report.crossing is not None
    Crossing.objects.filter(pk=report.crossing.pk).update(withdrawn_at=timezone.now(), revision=2)
    follow_up(today=TODAY)


def test_a_draft_of_a_withdrawn_signal_lapses_with_the_answer_to_close(case: Case, coo: User) -> None:
    report = a_draft(case)
    withdraw(report)

    answer_signal(signal=Signal.objects.get(), answer=Signal.Answer.CLOSED, text="Was ziek.", by=coo, today=TODAY)

    report.refresh_from_db()
    event = report.events.last()
    assert event is not None
    assert (report.status, event.by) == (Report.Status.DROPPED, coo)
    assert event.text == "het signaal is ingetrokken en het dossier gesloten: Was ziek."
    assert not Case.objects.open().exists()


def test_a_groundless_report_at_the_office_is_asked_back_first(case: Case, coo: User) -> None:
    report = a_draft(case)
    told = ParentsInformed.objects.create(pupil=case.pupil, about="melding", informed_on=TODAY, recorded_by=coo)
    prepare_report(report=report, values={}, informed=told, by=coo)
    withdraw(report)

    with pytest.raises(CaseRefusedError, match="terug te sturen"):
        close_case(case=case, reason="Gaat weer.", by=coo)


def test_the_page_asks_the_coo_and_not_the_zorgcoach_about_the_table(client: Client, case: Case, coo: User) -> None:
    put_on_the_table(case, coo)
    url = reverse("cases:case_close", args=[case.code])
    page = reverse("cases:case_detail", args=[case.code])
    client.force_login(a_user(Role.ZORGCOACH, case.school))

    assert "leave_table" not in client.get(page).content.decode()
    client.post(url, {"text": "Gaat weer.", "leave_table": "on"})
    assert Case.objects.open().exists()

    client.force_login(coo)
    assert "leave_table" in client.get(page).content.decode()
    assert client.post(url, {"text": "Gaat weer."}).status_code == 400
    assert client.post(url, {"text": "Gaat weer.", "leave_table": "on"}).status_code == 302
    assert not Case.objects.open().exists()
    assert TableEntry.objects.get().left_at is not None


@pytest.mark.parametrize("kind", [Meeting.Kind.OPP, Meeting.Kind.LARGE, Meeting.Kind.TSO])
def test_a_proposed_talk_lapses_and_may_be_proposed_anew(case: Case, coo: User, kind: Meeting.Kind) -> None:
    put_on_the_table(case, coo)
    proposal = {
        "key": f"{kind}:1",
        "kind": kind,
        "school_id": case.school_id,
        "starts_at": datetime(2026, 12, 8, 9, tzinfo=UTC),
        "minutes": 60,
        "cases": [case.pk],
        "guests": {coo.pk: Role.COO},
    }
    make_meeting(**proposal)  # type: ignore[arg-type]
    assert (lapse_talks(), lapse_weekly()) == (0, 0)
    close_case(case=case, reason="Gaat weer.", by=coo, leave_table=True)

    changed = lapse_talks() + lapse_weekly()
    again = lapse_talks() + lapse_weekly()

    case.refresh_from_db()
    assert (Meeting.objects.get().status, changed > 0, again, case.next_meeting_at) == ("vervallen", True, 0, None)
    assert make_meeting(**proposal) is not None  # type: ignore[arg-type]


def test_a_talk_that_a_person_confirmed_stays(case: Case, coo: User) -> None:
    meeting = make_meeting(
        key="opp:1",
        kind=Meeting.Kind.OPP,
        school_id=case.school_id,
        starts_at=datetime(2026, 12, 8, 9, tzinfo=UTC),
        minutes=60,
        cases=[case.pk],
        guests={coo.pk: Role.COO},
    )
    Meeting.objects.update(status="bevestigd", decided_by=coo, decided_at=timezone.now())
    close_case(case=case, reason="Gaat weer.", by=coo)

    assert meeting is not None
    assert (lapse_talks() + lapse_weekly(), Meeting.objects.get().status) == (0, "bevestigd")


def test_a_report_by_hand_waits_too(case: Case, coo: User) -> None:
    start_report(case=case, kind=Report.Kind.OTHER, by=coo, today=TODAY)

    with pytest.raises(CaseRefusedError, match="overig verzuim"):
        close_case(case=case, reason="Gaat weer.", by=coo)
