"""Opening, owning, answering, handing over and closing a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from attendance.engine.facts import Rule
from cases.models import Case, CaseHandOver, LogEntry, ParentsInformed, Phase, Signal, Step
from cases.services.answers import answer_case_signals, answer_signal
from cases.services.case_facts import refresh_facts
from cases.services.cases import assign_owner, open_case, set_phase, take_over
from cases.services.closing import close_case
from cases.services.hand_overs import accept_hand_over, offer_hand_overs
from cases.services.informed import record_informed
from cases.services.log import record_contact
from cases.services.refusals import CaseRefusedError
from cases.services.signals import follow_up
from cases.services.steps import complete_step, complete_steps_of_kind, drop_step, plan_step
from tests.cases.rows import a_crossing, a_mentor, a_pupil, a_run, a_school, a_user, moves_to
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
START = date(2026, 11, 3)
Answer = Signal.Answer


def a_case(rule: Rule | None = Rule.HOME_2W) -> tuple[Case, User]:
    """An open case with its COO; by a signal, unless `rule` is None."""
    school = a_school()
    coo = a_user(Role.COO, school)
    pupil = a_pupil(school)
    if rule is None:
        return open_case(pupil=pupil, today=TODAY, by=coo)[0], coo
    a_crossing(pupil, rule, START, TODAY)
    follow_up(today=TODAY)
    return Case.objects.get(pupil=pupil), coo


def test_a_person_opens_one_case_whatever_the_number_of_clicks() -> None:
    school = a_school()
    pupil, mentor = a_pupil(school), a_user(Role.COO, school)
    a_run(pupil, START)

    first, is_new = open_case(pupil=pupil, today=TODAY, by=mentor)
    second, is_new_again = open_case(pupil=pupil, today=TODAY, by=mentor)

    assert (first, is_new, is_new_again, second.first_day_home) == (second, True, False, START)
    assert first.log.count() == 1


def test_a_zorgcoach_takes_over_and_others_do_not() -> None:
    case, _ = a_case()
    coach, stranger = a_user(Role.ZORGCOACH, case.school), a_user(Role.ZORGCOACH, a_school())

    take_over(case=case, by=coach)
    with pytest.raises(CaseRefusedError):
        take_over(case=case, by=stranger)

    assert (case.owner, case.owner_role) == (coach, Role.ZORGCOACH)
    assert LogEntry.objects.filter(kind="eigenaar", by=coach).count() == 1


def test_a_case_is_given_only_to_who_has_the_role_there() -> None:
    case, coo = a_case()
    coach = a_user(Role.ZORGCOACH, case.school)

    with pytest.raises(CaseRefusedError):
        assign_owner(case=case, owner=coach, role=Role.COO, by=coo)
    assign_owner(case=case, owner=coach, role=Role.ZORGCOACH, by=coo)

    assert case.owner == coach


def test_contact_moves_the_last_contact_on_and_never_back() -> None:
    case, coo = a_case()

    record_contact(case=case, text="Gebeld.", day=TODAY, by=coo)
    record_contact(case=case, text="Eerder gebeld.", day=TODAY - timedelta(days=3), by=coo)

    case.refresh_from_db()
    assert case.last_contact_on == TODAY
    assert refresh_facts(case=case) is False


def test_a_done_step_gives_way_to_the_next() -> None:
    case, coo = a_case()
    first, second, _ = Step.objects.order_by("due_on", "pk")

    complete_step(step=first, outcome="Moeder gesproken.", by=coo)
    case.refresh_from_db()
    assert (case.next_step, case.next_step_due) == (second.title, second.due_on)

    with pytest.raises(CaseRefusedError):
        complete_step(step=first, by=coo)


def test_a_step_is_dropped_with_a_reason_only() -> None:
    case, coo = a_case()
    step = case.steps.first()
    assert step is not None

    with pytest.raises(CaseRefusedError):
        drop_step(step=step, why=" ", by=coo)
    drop_step(step=step, why="Was al gedaan.", by=coo)

    step.refresh_from_db()
    assert (step.dropped, step.outcome, step.done_by) == (True, "Was al gedaan.", coo)


def test_what_is_done_elsewhere_ends_its_step_once() -> None:
    case, coo = a_case()

    assert complete_steps_of_kind(case=case, kind="tafel", outcome="op de tafel gezet", by=coo) == 1
    assert complete_steps_of_kind(case=case, kind="tafel", outcome="op de tafel gezet", by=coo) == 0


def test_steps_of_ones_own_stand_beside_each_other() -> None:
    case, coo = a_case(None)
    for title in ("Bel de gemeente", "Bel de huisarts"):
        plan_step(case=case, title=title, role=Role.COO, due_on=TODAY, by=coo)

    case.refresh_from_db()
    assert (case.next_step, case.steps.count()) == ("Bel de gemeente", 2)


def test_a_phase_is_set_once() -> None:
    case, coo = a_case()

    assert set_phase(case=case, phase=Phase.DREIGEND, by=coo) is True
    assert set_phase(case=case, phase=Phase.DREIGEND, by=coo) is False
    assert LogEntry.objects.filter(kind="fase").count() == 1


def test_closing_drops_steps_and_answers_signals_and_a_later_crossing_opens_anew() -> None:
    case, coo = a_case()

    close_case(case=case, reason="Gaat weer naar school.", by=coo)
    with pytest.raises(CaseRefusedError):
        close_case(case=case, reason="Nog eens.", by=coo)

    case.refresh_from_db()
    assert (case.phase, case.closed_by, case.next_step) == (Phase.GESLOTEN, coo, "")
    assert Step.objects.filter(done_at=None).count() == 0
    assert Signal.objects.get().answer == Answer.CLOSED
    a_crossing(case.pupil, Rule.HOME_4W, START, TODAY)
    follow_up(today=TODAY)
    assert Case.objects.open().count() == 1


@pytest.mark.parametrize(
    ("rule", "answer", "text", "is_right"),
    [
        (Rule.HOME_2W, Answer.NOT_NOW, "Operatie.", True),
        (Rule.HOME_2W, Answer.NOT_NOW, "  ", False),
        (Rule.HOME_2W, Answer.TALK, "", False),
        (Rule.HOME_2W, Answer.KEPT, "", False),
        (Rule.SICK_7D, Answer.TALK, "", True),
        (Rule.SICK_7D, Answer.DOCTOR, "", True),
        (Rule.SICK_7D, Answer.TABLE, "", False),
        (Rule.STRUCTURAL, Answer.CASE, "", True),
    ],
)
def test_an_answer_fits_who_it_is_for(rule: Rule, answer: str, text: str, is_right: bool) -> None:
    school = a_school()
    pupil = a_pupil(school)
    by = a_user(Role.COO, school)
    a_crossing(pupil, rule, START, TODAY)
    follow_up(today=TODAY)
    signal = Signal.objects.get()

    if is_right:
        answer_signal(signal=signal, answer=answer, text=text, by=by, today=TODAY)
    else:
        with pytest.raises(CaseRefusedError):
            answer_signal(signal=signal, answer=answer, text=text, by=by, today=TODAY)

    signal.refresh_from_db()
    assert (signal.answer, signal.answered_by) == ((answer, by) if is_right else ("", None))


def test_one_answer_is_for_the_whole_line_of_the_pupil() -> None:
    case, coo = a_case()
    a_crossing(case.pupil, Rule.HOME_4W, START, TODAY)
    a_crossing(case.pupil, Rule.SICK_7D, START, TODAY)
    follow_up(today=TODAY)
    heaviest = Signal.objects.order_by("-urgency")[0]

    answer_signal(signal=heaviest, answer=Answer.NOT_NOW, text="Opname.", by=coo, today=TODAY)

    assert dict(Signal.objects.values_list("crossing__rule", "answer")) == {
        "thuis-2w": "nu_niet",
        "thuis-4w": "nu_niet",
        "ziek-7d": "",
    }


def test_of_two_who_answer_one_is_told() -> None:
    case, coo = a_case()
    signal = Signal.objects.get()
    stale = Signal.objects.get()
    answer_signal(signal=signal, answer=Answer.CASE, by=coo, today=TODAY)

    with pytest.raises(CaseRefusedError):
        answer_signal(signal=stale, answer=Answer.NOT_NOW, text="Nee.", by=coo, today=TODAY)

    assert Case.objects.get() == case


def test_what_is_done_elsewhere_answers_the_signals_of_the_case() -> None:
    case, coo = a_case()

    assert answer_case_signals(case=case, answer=Answer.TABLE, by=coo) == 1
    assert answer_case_signals(case=case, answer=Answer.TABLE, by=coo) == 0


# Hand-over


@time_machine.travel("2026-11-24T09:00Z")
def test_a_case_is_offered_where_the_pupil_went_and_accepted_there() -> None:
    case, old_coo = a_case()
    new_school = a_school("De Nieuwe Lucht")
    new_coo = a_user(Role.COO, new_school)
    moves_to(case.pupil, new_school, TODAY)

    assert offer_hand_overs(today=TODAY - timedelta(days=1)) == 0
    assert (offer_hand_overs(today=TODAY), offer_hand_overs(today=TODAY)) == (1, 0)
    hand_over = CaseHandOver.objects.get()
    with pytest.raises(CaseRefusedError):
        accept_hand_over(hand_over=hand_over, by=old_coo, today=TODAY)
    accept_hand_over(hand_over=hand_over, by=new_coo, today=TODAY)
    with pytest.raises(CaseRefusedError):
        accept_hand_over(hand_over=hand_over, by=new_coo, today=TODAY)

    case.refresh_from_db()
    assert (case.school, case.school_of_enrolment, case.owner) == (new_school, new_school, new_coo)
    assert Signal.objects.get().school == new_school
    assert offer_hand_overs(today=TODAY) == 0
    sees = [Case.objects.visible_to(User.objects.get(pk=who.pk)).count() for who in (old_coo, new_coo)]
    assert sees == [0, 1]
    assert not Case.objects.visible_to(old_coo).exists()


def test_an_offer_lapses_when_the_pupil_comes_back() -> None:
    case, _ = a_case()
    away = a_school()
    moves_to(case.pupil, away, TODAY)
    offer_hand_overs(today=TODAY)
    moves_to(case.pupil, case.school, TODAY + timedelta(days=7))

    assert offer_hand_overs(today=TODAY + timedelta(days=7)) == 1
    assert CaseHandOver.objects.count() == 0
    assert [row.text for row in LogEntry.objects.all()].count("De overdracht is vervallen.") == 1


def test_another_stamschool_with_the_same_place_needs_no_hand_over() -> None:
    case, _ = a_case()
    stamschool = a_school("Stam")
    moves_to(case.pupil, stamschool, TODAY, place=case.school)

    assert (offer_hand_overs(today=TODAY), offer_hand_overs(today=TODAY)) == (1, 0)

    case.refresh_from_db()
    assert (case.school_of_enrolment, CaseHandOver.objects.count()) == (stamschool, 0)


# Informed


@pytest.mark.parametrize(
    ("born", "fields", "is_right"),
    [
        (date(2014, 1, 1), {"informed_on": TODAY, "informed_by": "Noor", "how": "gebeld"}, True),
        (date(2014, 1, 1), {"why_not": "onbereikbaar"}, True),
        (date(2014, 1, 1), {}, False),
        (date(2014, 1, 1), {"informed_on": TODAY}, False),
        (date(2014, 1, 1), {"informed_on": TODAY, "informed_by": "N", "how": "b", "why_not": "x"}, False),
        (date(2014, 1, 1), {"informed_on": TODAY + timedelta(days=1), "informed_by": "N", "how": "b"}, False),
        (date(2010, 11, 25), {"why_not": "onbereikbaar"}, True),  # 16 tomorrow
        (date(2010, 11, 24), {"why_not": "onbereikbaar"}, False),
        (date(2010, 11, 24), {"why_not": "onbereikbaar", "pupil_why_not": "ook niet"}, True),
    ],
)
def test_whether_parents_know_is_one_clear_answer(born: date, fields: dict[str, Any], is_right: bool) -> None:
    school = a_school()
    pupil, coo = a_pupil(school, born=born), a_user(Role.COO, school)

    if not is_right:
        with pytest.raises(CaseRefusedError):
            record_informed(pupil=pupil, about="tafel", by=coo, today=TODAY, **fields)
    else:
        record_informed(pupil=pupil, about="tafel", by=coo, today=TODAY, **fields)

    assert ParentsInformed.objects.exists() is is_right


def test_a_mentor_of_the_class_is_not_the_owner() -> None:
    case, _ = a_case()

    with pytest.raises(CaseRefusedError):
        take_over(case=case, by=a_mentor(case.pupil))
