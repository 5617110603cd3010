"""Two people, or a person and a job, at the same moment. Several rounds each, on PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection, connections

from attendance.engine.facts import Rule
from attendance.models import Pupil
from cases.models import Case, CaseHandOver, LogEntry, Meeting, MeetingCase, ParentsInformed, Phase, Report, Signal
from cases.services.cases import open_case
from cases.services.closing import close_case
from cases.services.drafts_by_hand import start_report
from cases.services.hand_overs import accept_hand_over, offer_hand_overs
from cases.services.meeting_proposals import propose_meetings
from cases.services.refusals import CaseRefusedError
from cases.services.report_mail import mail_new_reports
from cases.services.reports import prepare_report, send_report
from cases.services.signals import follow_up as follow_up_cases
from tables.models import PhaseChange, TableEntry
from tables.services.entries import change_phase, entry_for, place
from tables.services.proposals import follow_up
from tests import factories
from tests.cases.rows import a_crossing, a_pupil, a_run, a_school, a_user, moves_to
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TODAY = clock_today()
ROUNDS = 8
START = date(2025, 11, 3)


@pytest.fixture(autouse=True)
def nothing_is_only_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A job logs what it cannot do and goes on: here that is a failure too, a deadlock for one."""
    yield
    assert [row.getMessage() for row in caplog.get_records("call") if row.levelno >= logging.ERROR] == []


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run these at the same moment, each with its own connection: "" or the refusal of each, and nothing else."""
    start = Barrier(len(acts))
    said: list[str] = [""] * len(acts)
    broken: list[BaseException] = []

    def run(index: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except CaseRefusedError as refusal:
            said[index] = str(refusal)
        except BaseException as error:  # noqa: BLE001 - a thread that dies must be heard
            broken.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor == "postgresql"
    assert broken == []
    return said


def told(pupil: Pupil, by: User, about: str = "tafel") -> ParentsInformed:
    return ParentsInformed.objects.create(pupil=pupil, about=about, informed_on=TODAY, recorded_by=by)


def test_two_coos_place_the_same_pupil() -> None:
    school = a_school()
    first, second = a_user(Role.COO, school), a_user(Role.COO, school)
    for _ in range(ROUNDS):
        case, _new = open_case(pupil=a_pupil(school), today=TODAY)
        informed = told(case.pupil, first)

        def put(by: User, case: Case = case, informed: ParentsInformed = informed) -> None:
            entry = entry_for(case=case, phase=Phase.DREIGEND, today=TODAY)
            place(entry=entry, phase=Phase.DREIGEND, informed=informed, by=by, today=TODAY)

        said = at_once(partial(put, first), partial(put, second))

        assert sorted(map(bool, said)) == [False, True]
        assert PhaseChange.objects.filter(entry__case=case).count() == 1


def test_the_table_follows_up_twice_in_parallel() -> None:
    school = a_school()
    for _ in range(ROUNDS):
        pupil = a_pupil(school)
        a_run(pupil, START)
        a_crossing(pupil, Rule.HOME_2W, START, TODAY)
        follow_up_cases(today=TODAY)
        case = Case.objects.get(pupil=pupil)
        Signal.objects.filter(pupil=pupil).update(case=case)

        at_once(*[lambda: follow_up(TODAY)] * 3)

        assert TableEntry.objects.filter(case=case).count() == 1
        assert sum(row.text.startswith("Voorgesteld voor de Thuiszitterstafel") for row in case.log.all()) == 1


def test_closing_while_the_table_places() -> None:
    """Either the pupil is on the table and the case open, or the case is closed and nobody stands there."""
    school = a_school()
    coo, other = a_user(Role.COO, school), a_user(Role.COO, school)
    for _ in range(ROUNDS):
        case, _new = open_case(pupil=a_pupil(school), today=TODAY)
        entry = entry_for(case=case, phase=Phase.DREIGEND, today=TODAY)
        informed = told(case.pupil, coo)

        def put(entry: TableEntry = entry, informed: ParentsInformed = informed) -> None:
            place(entry=entry, phase=Phase.DREIGEND, informed=informed, by=coo, today=TODAY)

        def close(pk: int = case.pk) -> None:
            close_case(case=Case.objects.get(pk=pk), reason="Gaat weer.", by=other)

        said = at_once(put, close)
        follow_up(TODAY)

        case.refresh_from_db()
        stands = TableEntry.objects.filter(case=case, placed_at__isnull=False, left_at=None).exists()
        assert sorted(map(bool, said)) == [False, True]
        assert (case.closed_at is None, case.phase) == ((True, "dreigend") if stands else (False, "gesloten"))


def test_a_phase_by_a_person_while_the_rules_escalate() -> None:
    school = a_school()
    coo = a_user(Role.COO, school)
    for _ in range(ROUNDS):
        case, _new = open_case(pupil=a_pupil(school), today=TODAY, first_day_home=START)
        row = entry_for(case=case, phase=Phase.THUISZITTER, today=START)
        entry = place(entry=row, phase=Phase.THUISZITTER, informed=told(case.pupil, coo), by=coo, today=TODAY)

        def build_up(entry: TableEntry = entry) -> None:
            change_phase(entry=entry, phase=Phase.OPBOUW, reason="begint", by=coo, today=TODAY)

        at_once(build_up, lambda: follow_up(TODAY), lambda: follow_up(TODAY))

        case.refresh_from_db()
        changes = list(entry.phases.values_list("phase", flat=True))
        assert case.phase == changes[-1]
        assert changes.count("drie_maanden") <= 1
        assert changes[-1] == "opbouw"


def test_two_processes_propose_meetings() -> None:
    school = a_school()
    coo, coach = a_user(Role.COO, school), a_user(Role.ZORGCOACH, school)
    for _ in range(ROUNDS):
        case, _new = open_case(pupil=a_pupil(school), today=TODAY)
        Case.objects.filter(pk=case.pk).update(phase=Phase.THUISZITTER, owner=coo)
        known = set(Meeting.objects.values_list("pk", flat=True))

        at_once(*[lambda: propose_meetings(TODAY)] * 3)

        new = Meeting.objects.exclude(pk__in=known)
        assert sorted(new.values_list("kind", flat=True)) == (["opp"] if known else ["opp", "tso"])
        agenda = MeetingCase.objects.filter(case=case)
        assert agenda.count() == 2
        assert set(new.filter(kind="opp").values_list("guests__user", flat=True)) == {coo.pk, coach.pk}


def a_report_at_the_office() -> tuple[Report, User]:
    school, town = a_school(), factories.municipality()
    factories.member(Role.LEERPLICHT, town)
    coo, office = a_user(Role.COO, school), a_user(Role.ADMINISTRATIE, school)
    case, _ = open_case(pupil=a_pupil(school, municipality=town), today=TODAY)
    report, _ = start_report(case=case, kind=Report.Kind.OTHER, by=coo, today=TODAY)
    prepare_report(report=report, values={}, informed=told(case.pupil, coo, "melding"), by=coo)
    return report, office


def test_a_report_is_sent_and_mailed_once() -> None:
    for number in range(1, ROUNDS + 1):
        report, office = a_report_at_the_office()

        def send(pk: int = report.pk, office: User = office) -> None:
            send_report(report=Report.objects.get(pk=pk), by=office)

        said = at_once(send, send)
        at_once(*[lambda: mail_new_reports(TODAY)] * 3)

        assert sorted(map(bool, said)) == [False, True]
        assert report.events.filter(status=Report.Status.SENT).count() == 1
        assert len(mail.outbox) == number


def test_one_open_case_and_one_draft_whoever_comes_first() -> None:
    school = a_school()
    coo = a_user(Role.COO, school)
    for _ in range(ROUNDS):
        pupil = a_pupil(school)
        a_run(pupil, START)
        a_crossing(pupil, Rule.LRV, START, TODAY)

        def by_hand(pupil: Pupil = pupil) -> None:
            case, _new = open_case(pupil=pupil, today=TODAY, by=coo)
            start_report(case=case, kind=Report.Kind.OTHER, by=coo, today=TODAY)

        said = at_once(by_hand, lambda: follow_up_cases(today=TODAY), by_hand)
        follow_up_cases(today=TODAY)

        case = Case.objects.get(pupil=pupil)
        assert said == ["", "", ""]
        assert case.log.filter(kind=LogEntry.Kind.OPENED).count() == 1
        assert Signal.objects.get(pupil=pupil).case == case
        assert Report.objects.get(pupil=pupil).kind == Report.Kind.LRV


def test_a_case_is_accepted_once() -> None:
    for _ in range(ROUNDS):
        old, new = a_school(), a_school()
        first, second = a_user(Role.COO, new), a_user(Role.COO, new)
        case, _opened = open_case(pupil=a_pupil(old), today=TODAY)
        moves_to(case.pupil, new, TODAY)
        at_once(*[lambda: offer_hand_overs(today=TODAY)] * 2)
        offer = case.hand_overs.get()

        def accept(by: User, pk: int = offer.pk) -> None:
            accept_hand_over(hand_over=CaseHandOver.objects.get(pk=pk), by=by, today=TODAY)

        said = at_once(partial(accept, first), partial(accept, second))

        case.refresh_from_db()
        assert sorted(map(bool, said)) == [False, True]
        assert case.owner in {first, second}
        assert sum(row.text.startswith("Dossier overgenomen") for row in case.log.all()) == 1
