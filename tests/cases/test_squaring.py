"""A crossing that is withdrawn, moved or restored after somebody was told of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Crossing, CrossingChange
from cases.models import Case, LogEntry, Report, Signal
from cases.services.answers import answer_signal
from cases.services.signals import follow_up
from tests.cases.rows import a_crossing, a_municipality, a_pupil, a_run, a_school, a_user, away
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
START = date(2026, 11, 3)
Answer = Signal.Answer


def given(rule: Rule) -> tuple[Crossing, Signal, User]:
    """A crossing that was followed up at a school with one COO, who is not the only reader of it."""
    school = a_school()
    coo = a_user(Role.COO, school)
    crossing = a_crossing(a_pupil(school), rule, START, TODAY)
    follow_up(today=TODAY)
    return crossing, Signal.objects.get(), coo


def withdraw(crossing: Crossing) -> None:
    change(crossing, CrossingChange.Kind.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_cause="verzuim gewijzigd")


def restore(crossing: Crossing) -> None:
    change(crossing, CrossingChange.Kind.RESTORED, withdrawn_at=None, withdrawn_cause="")


def change(crossing: Crossing, kind: str, **fields: object) -> None:
    """As the evaluation leaves it: the new values, a higher revision, and what it was before."""
    crossing.refresh_from_db()
    CrossingChange.objects.create(
        crossing=crossing, kind=kind, old_start=crossing.start, old_crossed_on=crossing.crossed_on, cause="test"
    )
    Crossing.objects.filter(pk=crossing.pk).update(revision=crossing.revision + 1, **fields)
    crossing.refresh_from_db()


def test_unanswered_and_nothing_rests_on_it_it_is_seen_by_itself() -> None:
    crossing, signal, _ = given(Rule.STRUCTURAL)
    withdraw(crossing)

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert (signal.withdrawn, signal.answer, signal.answered_by) == (True, "gezien", None)


def test_unanswered_with_a_case_it_asks_for_a_decision() -> None:
    crossing, signal, _ = given(Rule.HOME_2W)
    withdraw(crossing)

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert (signal.withdrawn, signal.answered_at) == (True, None)
    assert Case.objects.open().count() == 1
    assert "ingetrokken: verzuim gewijzigd" in LogEntry.objects.filter(kind="signaal").order_by("pk").last().text  # type: ignore[union-attr]


def test_answered_by_a_person_it_asks_again_and_says_what_was_answered() -> None:
    crossing, signal, coo = given(Rule.STRUCTURAL)
    answer_signal(signal=signal, answer=Answer.NOT_NOW, text="Er loopt al hulp.", by=coo, today=TODAY)
    withdraw(crossing)

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert (signal.answer, signal.answered_by) == ("", None)
    assert signal.answer_text == "Eerder: nu niet. Er loopt al hulp."


@pytest.mark.parametrize(("answer", "stays_open"), [(Answer.KEPT, True), (Answer.CLOSED, False)])
def test_a_person_decides_what_becomes_of_the_case(answer: str, stays_open: bool) -> None:
    crossing, signal, coo = given(Rule.HOME_2W)
    withdraw(crossing)
    follow_up(today=TODAY)

    answer_signal(signal=signal, answer=answer, text="Was ziek gemeld bij de buurschool.", by=coo, today=TODAY)

    signal.refresh_from_db()
    assert signal.answer == answer
    assert Case.objects.open().exists() is stays_open


def test_restored_it_is_new_again() -> None:
    crossing, signal, coo = given(Rule.HOME_2W)
    answer_signal(signal=signal, answer=Answer.CASE, by=coo, today=TODAY)
    withdraw(crossing)
    follow_up(today=TODAY)
    restore(crossing)

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert (signal.withdrawn, signal.answer, signal.revision) == (False, "", 3)
    assert Case.objects.count() == 1


def test_restored_after_the_case_was_closed_a_new_case_opens() -> None:
    crossing, signal, coo = given(Rule.HOME_2W)
    withdraw(crossing)
    follow_up(today=TODAY)
    answer_signal(signal=signal, answer=Answer.CLOSED, text="Vergissing.", by=coo, today=TODAY)
    restore(crossing)

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert Case.objects.count() == 2
    assert signal.case == Case.objects.open().get()


def test_moved_the_answer_stands_and_the_log_tells() -> None:
    crossing, signal, coo = given(Rule.HOME_2W)
    answer_signal(signal=signal, answer=Answer.NOT_NOW, text="Opa is overleden.", by=coo, today=TODAY)
    change(crossing, CrossingChange.Kind.MOVED, start=START - timedelta(days=1), crossed_on=TODAY - timedelta(days=1))

    follow_up(today=TODAY)

    signal.refresh_from_db()
    assert (signal.answer, signal.revision) == ("nu_niet", 2)
    assert Case.objects.get().first_day_home == START - timedelta(days=1)
    assert sum("verschoven naar 23-11-2026, vanaf 02-11-2026" in row.text for row in LogEntry.objects.all()) == 1


def test_squared_twice_is_once() -> None:
    crossing, _, _ = given(Rule.HOME_2W)
    withdraw(crossing)
    follow_up(today=TODAY)
    lines = LogEntry.objects.count()

    assert follow_up(today=TODAY).squared == 0
    assert LogEntry.objects.count() == lines


def a_draft() -> tuple[Crossing, Report]:
    pupil = a_pupil(a_school(), municipality=a_municipality())
    a_run(pupil, START)
    away(pupil, START, None)
    crossing = a_crossing(pupil, Rule.HOURS_16, START, date(2026, 11, 6))
    follow_up(today=date(2026, 11, 6))
    return crossing, Report.objects.get()


def test_the_draft_of_a_moved_crossing_takes_the_new_dates() -> None:
    crossing, report = a_draft()
    change(crossing, CrossingChange.Kind.MOVED, start=date(2026, 11, 4), crossed_on=date(2026, 11, 9))

    follow_up(today=TODAY)

    report.refresh_from_db()
    assert (report.first_day, report.last_day) == (date(2026, 11, 4), date(2026, 11, 9))
    assert [row[0] for row in report.specification] == ["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09"]


def test_dates_that_somebody_changed_in_a_draft_stay() -> None:
    crossing, report = a_draft()
    Report.objects.filter(pk=report.pk).update(first_day=date(2026, 11, 2))
    change(crossing, CrossingChange.Kind.MOVED, start=date(2026, 11, 4), crossed_on=date(2026, 11, 9))

    follow_up(today=TODAY)

    report.refresh_from_db()
    assert (report.first_day, report.last_day) == (date(2026, 11, 2), date(2026, 11, 6))


def test_a_sent_report_is_not_rewritten_and_says_that_it_no_longer_matches() -> None:
    crossing, report = a_draft()
    sender = a_user(Role.ADMINISTRATIE, report.school)
    from cases.services.informed import record_informed  # noqa: PLC0415 - only this test sends

    informed = record_informed(pupil=report.pupil, about="melding", by=sender, today=TODAY, why_not="onbereikbaar")
    Report.objects.filter(pk=report.pk).update(
        status=Report.Status.SENT,
        sent_at=timezone.now(),
        sent_by=sender,
        sent_facts={"kind": "16_uur"},
        informed=informed,
    )
    before = Report.objects.values("first_day", "last_day", "specification", "sent_facts").get()
    withdraw(crossing)
    follow_up(today=TODAY)

    report.refresh_from_db()
    assert report.no_longer_matches is True
    assert Report.objects.values("first_day", "last_day", "specification", "sent_facts").get() == before

    restore(crossing)
    follow_up(today=TODAY)
    report.refresh_from_db()
    assert report.no_longer_matches is False
