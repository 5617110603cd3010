"""From a crossing to a signal, a case, its steps and a draft."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Crossing
from cases.models import Case, LogEntry, Meeting, Phase, Report, Signal, Step
from cases.services.cases import open_case
from cases.services.meetings import make_meeting
from cases.services.signals import HISTORY_DAYS, follow_up
from cases.services.steps import plan_steps_of_rule
from tests.cases.rows import a_crossing, a_pupil, a_run, a_school, a_user, away
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
START = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("rule", "audience", "opens", "steps"),
    [
        (Rule.HOME_2W, Role.COO, True, ["bellen", "tafel", "zorgcoach_inlichten"]),
        (Rule.HOME_4W, Role.COO, True, ["mentor_spreken", "contact_leerling", "tafel", "groot_overleg"]),
        (Rule.HOME_3M, Role.COO, True, ["opschalen", "tafel"]),
        (Rule.LRV, Role.COO, True, ["melding"]),
        (Rule.HOURS_16, Role.COO, False, []),
        (Rule.SICK_4X, Role.MENTOR, False, []),
        (Rule.SICK_7D, Role.MENTOR, False, []),
        (Rule.STRUCTURAL, Role.COO, False, []),
    ],
)
def test_each_rule_has_its_own_chain(rule: Rule, audience: Role, opens: bool, steps: list[str]) -> None:
    school = a_school()
    coo = a_user(Role.COO, school)
    pupil = a_pupil(school)
    a_crossing(pupil, rule, START, TODAY)

    done = follow_up(today=TODAY)

    signal = Signal.objects.get()
    assert (done.signals, done.failed) == (1, 0)
    assert (signal.audience, signal.school, signal.answer) == (audience, school, "")
    assert [step.kind for step in Step.objects.order_by("due_on", "pk")] == steps
    assert Case.objects.exists() is opens
    if opens:
        case = Case.objects.get()
        first = Step.objects.order_by("due_on", "pk")[0]
        assert (case.owner, case.owner_role, case.first_day_home) == (coo, Role.COO, START)
        assert (case.next_step, case.next_step_due) == (first.title, first.due_on)
        assert signal.case == case
        assert [line.kind for line in case.log.order_by("pk")][:2] == ["geopend", "signaal"]


def test_twice_is_once() -> None:
    school = a_school()
    pupil = a_pupil(school)
    for rule in (Rule.HOME_2W, Rule.LRV, Rule.HOURS_16, Rule.SICK_7D):
        a_crossing(pupil, rule, START, TODAY)
    follow_up(today=TODAY)
    before = [list(model.objects.order_by("pk").values()) for model in (Signal, Case, Step, LogEntry, Report)]

    again = follow_up(today=TODAY)

    assert (again.signals, again.squared, again.failed) == (0, 0, 0)
    assert [list(model.objects.order_by("pk").values()) for model in (Signal, Case, Step, LogEntry, Report)] == before


def test_a_pupil_has_one_open_case_whatever_crosses() -> None:
    pupil = a_pupil(a_school())
    a_run(pupil, START)
    for rule, day in ((Rule.HOME_2W, 10), (Rule.HOME_4W, 20), (Rule.LRV, 20)):
        a_crossing(pupil, rule, START, START + timedelta(days=day))

    follow_up(today=TODAY)

    assert Case.objects.count() == 1
    assert set(Signal.objects.values_list("case", flat=True)) == {Case.objects.get().pk}


def test_what_crosses_together_gets_the_steps_of_the_heaviest_only() -> None:
    pupil = a_pupil(a_school())
    a_run(pupil, date(2026, 7, 1))
    for rule, day in (
        (Rule.HOME_2W, date(2026, 7, 14)),
        (Rule.HOME_4W, date(2026, 9, 1)),
        (Rule.HOME_3M, date(2026, 10, 1)),
    ):
        a_crossing(pupil, rule, date(2026, 7, 1), day)

    follow_up(today=TODAY)

    assert set(Step.objects.values_list("kind", flat=True)) == {"opschalen", "tafel"}
    assert Step.objects.get(kind="opschalen").due_on == date(2026, 11, 26)


def test_a_heavier_crossing_later_renames_the_open_table_step() -> None:
    pupil = a_pupil(a_school())
    a_crossing(pupil, Rule.HOME_2W, START, TODAY - timedelta(days=14))
    follow_up(today=TODAY - timedelta(days=14))
    a_crossing(pupil, Rule.HOME_4W, START, TODAY)

    follow_up(today=TODAY)

    table = Step.objects.get(kind="tafel")
    assert (table.title, table.due_on) == ("Meld de leerling op de Thuiszitterstafel", date(2026, 11, 17))
    assert Step.objects.count() == 6


@pytest.mark.parametrize(
    ("phase", "rule", "kinds"),
    [
        (Phase.NONE, Rule.HOME_4W, {"mentor_spreken", "contact_leerling", "tafel", "groot_overleg"}),
        (Phase.DREIGEND, Rule.HOME_4W, {"mentor_spreken", "contact_leerling", "groot_overleg"}),
        (Phase.GESLOTEN, Rule.HOME_4W, {"mentor_spreken", "contact_leerling", "tafel", "groot_overleg"}),
        (Phase.DREIGEND, Rule.HOME_2W, {"bellen", "zorgcoach_inlichten"}),
        (Phase.THUISZITTER, Rule.HOME_3M, {"opschalen", "tafel"}),
    ],
)
def test_a_pupil_on_the_table_is_not_to_be_put_there_again(phase: Phase, rule: Rule, kinds: set[str]) -> None:
    pupil = a_pupil(a_school())
    case, _ = open_case(pupil=pupil, today=TODAY)
    Case.objects.filter(pk=case.pk).update(phase=phase)
    a_crossing(pupil, rule, START, TODAY)

    follow_up(today=TODAY)

    assert set(Step.objects.values_list("kind", flat=True)) == kinds


@pytest.mark.parametrize(("role", "asked"), [(Role.COO, True), (Role.ZORGCOACH, False)])
def test_a_zorgcoach_who_owns_the_case_knows_already(role: Role, asked: bool) -> None:
    pupil = a_pupil(a_school())
    case, _ = open_case(pupil=pupil, today=TODAY)
    Case.objects.filter(pk=case.pk).update(owner_role=role)
    a_crossing(pupil, Rule.HOME_2W, START, TODAY)

    follow_up(today=TODAY)

    assert Step.objects.filter(kind="zorgcoach_inlichten").exists() is asked


@pytest.mark.parametrize(
    ("status", "days", "asked"),
    [("bevestigd", 3, False), ("voorgesteld", 3, True), ("vervallen", 3, True), ("bevestigd", -3, True)],
)
def test_a_large_meeting_in_the_diary_is_not_planned_again(status: str, days: int, asked: bool) -> None:
    pupil = a_pupil(a_school())
    case, _ = open_case(pupil=pupil, today=TODAY)
    meeting = make_meeting(
        key="groot",
        kind=Meeting.Kind.LARGE,
        school_id=case.school_id,
        starts_at=timezone.now() + timedelta(days=days),
        minutes=60,
        cases=[case.pk],
        guests={},
    )
    assert meeting is not None
    Meeting.objects.filter(pk=meeting.pk).update(status=status)
    a_crossing(pupil, Rule.HOME_4W, START, TODAY)

    follow_up(today=TODAY)

    assert Step.objects.filter(kind="groot_overleg").exists() is asked


def test_the_first_day_at_home_never_moves_to_later() -> None:
    pupil = a_pupil(a_school())
    a_crossing(pupil, Rule.HOME_2W, START, date(2026, 11, 16))
    follow_up(today=date(2026, 11, 16))
    a_crossing(pupil, Rule.HOME_2W, date(2026, 11, 20), date(2026, 12, 3))

    follow_up(today=date(2026, 12, 3))

    assert Case.objects.get().first_day_home == START


def test_an_earlier_run_at_home_counts_for_the_first_day() -> None:
    pupil = a_pupil(a_school())
    a_run(pupil, START)
    a_crossing(pupil, Rule.LRV, START + timedelta(days=7), TODAY)

    follow_up(today=TODAY)

    assert Case.objects.get().first_day_home == START


def test_sixteen_hours_belongs_to_the_case_that_is_open() -> None:
    pupil = a_pupil(a_school())
    a_crossing(pupil, Rule.HOME_2W, START, TODAY)
    follow_up(today=TODAY)
    a_crossing(pupil, Rule.HOURS_16, START, TODAY)

    follow_up(today=TODAY)

    assert Signal.objects.get(crossing__rule=Rule.HOURS_16.value).case == Case.objects.get()


def test_two_coos_share_what_comes_in() -> None:
    school = a_school()
    a_user(Role.COO, school), a_user(Role.COO, school)
    a_crossing(a_pupil(school), Rule.HOME_2W, START, TODAY)

    follow_up(today=TODAY)

    assert Case.objects.get().owner is None


def test_the_place_of_teaching_runs_the_case() -> None:
    stamschool, place = a_school("Stam"), a_school("Tussen")
    a_crossing(a_pupil(stamschool, place=place), Rule.HOME_2W, START, TODAY)

    follow_up(today=TODAY)

    case = Case.objects.get()
    assert (case.school, case.school_of_enrolment, Signal.objects.get().school) == (place, stamschool, place)


@pytest.mark.parametrize(
    ("age", "is_open", "opens"), [(28, False, True), (29, False, False), (29, True, True), (200, True, True)]
)
def test_what_was_over_long_ago_is_history_and_no_work(age: int, is_open: bool, opens: bool) -> None:
    pupil = a_pupil(a_school())
    crossed_on = TODAY - timedelta(days=age)
    a_run(pupil, crossed_on - timedelta(days=14) if is_open else None)
    a_crossing(pupil, Rule.HOME_2W, crossed_on - timedelta(days=14), crossed_on)

    follow_up(today=TODAY)

    signal = Signal.objects.get()
    assert HISTORY_DAYS == 28
    assert Case.objects.exists() is opens
    assert (signal.answer, signal.answered_by) == ("" if opens else "gezien", None)


def test_a_run_that_began_again_does_not_revive_an_older_one() -> None:
    pupil = a_pupil(a_school())
    a_run(pupil, TODAY - timedelta(days=3))
    a_crossing(pupil, Rule.HOME_2W, date(2026, 3, 2), date(2026, 3, 13))

    follow_up(today=TODAY)

    assert Case.objects.count() == 0


@pytest.mark.parametrize(("age", "answer"), [(28, ""), (29, "gezien")])
def test_old_hours_make_no_draft(age: int, answer: str) -> None:
    pupil = a_pupil(a_school())
    day = TODAY - timedelta(days=age)
    away(pupil, day, day)
    a_crossing(pupil, Rule.HOURS_16, day, day)

    follow_up(today=TODAY)

    assert Signal.objects.get().answer == answer
    assert Report.objects.count() == (0 if answer else 1)


def test_a_withdrawn_crossing_that_nobody_saw_is_left_alone() -> None:
    crossing = a_crossing(a_pupil(a_school()), Rule.HOME_2W, START, TODAY)
    Crossing.objects.filter(pk=crossing.pk).update(withdrawn_at="2026-11-24T08:00Z", revision=2)

    follow_up(today=TODAY)

    assert Signal.objects.count() == 0


def test_one_that_cannot_be_handled_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    school = a_school()
    bad = a_crossing(a_pupil(school), Rule.HOME_2W, START, TODAY)
    a_crossing(a_pupil(school), Rule.HOME_2W, START, TODAY)

    def breaks_on_one(*, case: Case, rule: Rule, today: date) -> list[Step]:
        if case.pupil_id == bad.pupil_id:
            raise RuntimeError
        return plan_steps_of_rule(case=case, rule=rule, today=today)

    monkeypatch.setattr("cases.services.signals.plan_steps_of_rule", breaks_on_one)
    done = follow_up(today=TODAY)
    left = list(Signal.objects.exclude(crossing=bad).values_list("case", flat=True))
    monkeypatch.undo()

    assert (done.signals, done.failed, left) == (1, 1, [Case.objects.get().pk])
    assert not Case.objects.filter(pupil=bad.pupil_id).exists()
    assert follow_up(today=TODAY).signals == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_do_it_once() -> None:
    school = a_school()
    pupils = [a_pupil(school) for _ in range(6)]
    for pupil in pupils:
        for rule in (Rule.HOME_2W, Rule.HOME_4W, Rule.LRV):
            a_crossing(pupil, rule, START, TODAY)
    start = Barrier(3)
    failures: list[int] = []

    def work() -> None:
        start.wait()
        try:
            failures.append(follow_up(today=TODAY).failed)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert connection.vendor == "postgresql"
    assert failures == [0, 0, 0]
    assert (Signal.objects.count(), Case.objects.count()) == (18, 6)
    assert Case.objects.filter(log__kind="geopend").count() == 6
    assert Step.objects.filter(kind="tafel").count() == 6
