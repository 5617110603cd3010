"""Crossings brought to somebody: each becomes one signal, ever, and the chain behind it runs with it.

Pull: the crossings that stand and have no signal are the work; so are the signals whose crossing has another revision
than they were squared with. Everything about one pupil happens under the lock on that pupil, in one transaction per
crossing, so that workers that come by at the same time find it done.

**History, not work.** What had ended before anybody here could know of it asks nothing any more. A crossing that is
found more than `HISTORY_DAYS` after its date, while the run that it belongs to is over, is kept as a signal that counts
as seen: it stands in the file, opens no case and asks for nothing. So a new installation with a year of history starts
with who is at home now.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import Crossing, PupilClock
from attendance.models.calendar import RULE_LABELS
from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Report, Signal
from cases.services.cases import open_case
from cases.services.drafts import follow_crossing, propose_draft
from cases.services.log import write_log
from cases.services.staff import answering_school, enrolment_for
from cases.services.steps import plan_steps_of_rule
from cases.steps import CASE_RULES, HOME_RULES, URGENCY, audience_of, is_outdone

logger = logging.getLogger(__name__)

HISTORY_DAYS = 28
RUN_RULES = (*HOME_RULES, Rule.LRV)
Answer = Signal.Answer


@dataclass
class FollowUp:
    """What one round did."""

    signals: int = 0
    squared: int = 0
    failed: int = 0


def follow_up(*, today: date) -> FollowUp:
    """Bring every crossing that nobody was told of to somebody, and square what changed since. May be repeated, also at
    the same time. One crossing that cannot be handled is logged by its number and does not stop the others."""
    done = FollowUp()
    answered = Signal.objects.filter(crossing=OuterRef("pk"))
    new = Crossing.objects.standing().filter(~Exists(answered)).order_by("crossed_on", "pk")
    for pk in list(new.values_list("pk", flat=True)):
        try:
            done.signals += bring(crossing_id=pk, today=today)
        except Exception:
            logger.exception("crossing %s could not be brought to anybody", pk)
            done.failed += 1
    changed = Signal.objects.exclude(revision=F("crossing__revision")).order_by("pk")
    for pk in list(changed.values_list("pk", flat=True)):
        try:
            done.squared += square(signal_id=pk, today=today)
        except Exception:
            logger.exception("signal %s could not be squared with its crossing", pk)
            done.failed += 1
    return done


@transaction.atomic
def bring(*, crossing_id: int, today: date) -> bool:
    """Make the signal of one crossing, with what follows from it; False when it is there or the crossing is gone."""
    crossing = _locked(crossing_id)
    if crossing.withdrawn_at is not None or Signal.objects.filter(crossing=crossing).exists():
        return False
    rule = Rule(crossing.rule)
    enrolment = enrolment_for(crossing.pupil, today)
    if enrolment is None:
        return False
    signal = Signal.objects.create(
        crossing=crossing,
        pupil=crossing.pupil,
        school=answering_school(enrolment, today),
        audience=audience_of(rule),
        urgency=URGENCY[rule],
        revision=crossing.revision,
    )
    if is_history(crossing, today):
        _answer_by_itself(signal, Answer.SEEN, "Was al voorbij toen het hier bekend werd.")
    else:
        _run_chain(signal, crossing, today)
    return True


def is_history(crossing: Crossing, today: date) -> bool:
    """Whether this asks nothing any more: older than HISTORY_DAYS, and its run is over (other rules have none).

    A structural suggestion is withdrawn when it holds no more: one that stands is never over, like that of an own
    timetable which was agreed months ago and entered today.
    """
    if crossing.rule == Rule.STRUCTURAL:
        return False
    if crossing.crossed_on + timedelta(days=HISTORY_DAYS) >= today:
        return False
    if crossing.rule not in RUN_RULES:
        return True
    since = PupilClock.objects.filter(pupil=crossing.pupil_id).values_list("run_since", flat=True).first()
    return since is None or since > crossing.start


def _run_chain(signal: Signal, crossing: Crossing, today: date) -> None:
    rule = Rule(crossing.rule)
    label = RULE_LABELS[rule]
    line = f"Signaal: {label}, gepasseerd op {crossing.crossed_on:%d-%m-%Y}, vanaf {crossing.start:%d-%m-%Y}."
    case: Case | None
    if rule in CASE_RULES:
        why = f"Aanleiding: {label}."
        case, _ = open_case(pupil=crossing.pupil, today=today, first_day_home=crossing.start, why=why)
    else:
        case = Case.objects.open().filter(pupil=crossing.pupil).first()
    if case is not None:
        signal.case = case
        signal.save(update_fields=["case"])
        write_log(case=case, kind=LogEntry.Kind.SIGNAL, text=line, by=None, day=today)
    if case is not None and rule in CASE_RULES and not is_outdone(rule, _rules_of_run(crossing)):
        plan_steps_of_rule(case=case, rule=rule, today=today)
    drafted = propose_draft(crossing=crossing, case=case, today=today)
    if case is not None and drafted.line:
        write_log(case=case, kind=LogEntry.Kind.REPORT, text=drafted.line, by=None, day=today)
    if drafted.line and not drafted.is_new:
        signal.answer_text = drafted.line
        signal.save(update_fields=["answer_text"])
    if rule is Rule.HOURS_16 and drafted.is_covered:
        _answer_by_itself(signal, Answer.REPORT if drafted.report else Answer.SEEN, drafted.line)


def _rules_of_run(crossing: Crossing) -> list[Rule]:
    rows = Crossing.objects.standing().filter(pupil=crossing.pupil, start=crossing.start, rule__in=HOME_RULES)
    return [Rule(rule) for rule in rows.values_list("rule", flat=True)]


# What changed since


@transaction.atomic
def square(*, signal_id: int, today: date) -> bool:
    """Bring one signal in line with its crossing, which was moved, withdrawn or restored; False when it is already.

    Withdrawn: it asks for a decision when a person answered it or something rests on it; else it counts as seen.
    Restored: it is new again. Moved: the answer stands, the log and the draft take the new dates. Nothing is deleted.
    """
    crossing = _locked(Signal.objects.values_list("crossing_id", flat=True).get(pk=signal_id))
    signal = Signal.objects.select_for_update(of=("self",)).select_related("case").get(pk=signal_id)
    if signal.revision == crossing.revision:
        return False
    signal.revision = crossing.revision
    was_withdrawn, signal.withdrawn = signal.withdrawn, crossing.withdrawn_at is not None
    signal.save(update_fields=["revision", "withdrawn"])
    label = RULE_LABELS[Rule(crossing.rule)]
    if signal.withdrawn and not was_withdrawn:
        _withdraw(signal)
        line = f"Het signaal {label} is ingetrokken: {crossing.withdrawn_cause or 'de gegevens zijn gewijzigd'}."
    elif was_withdrawn and not signal.withdrawn:
        line = f"Het signaal {label} geldt weer, vanaf {crossing.start:%d-%m-%Y}."
        _restore(signal, crossing, today)
    else:
        line = (
            f"Het signaal {label} is verschoven naar {crossing.crossed_on:%d-%m-%Y}, vanaf {crossing.start:%d-%m-%Y}."
        )
    if signal.case is not None:
        write_log(case=signal.case, kind=LogEntry.Kind.SIGNAL, text=line, by=None, day=today)
        if not signal.withdrawn and signal.case.closed_at is None and crossing.rule in RUN_RULES:
            open_case(pupil=crossing.pupil, today=today, first_day_home=crossing.start)
    follow_crossing(crossing)
    return True


def _withdraw(signal: Signal) -> None:
    rests_on_it = (signal.case is not None and signal.case.closed_at is None) or Report.objects.filter(
        crossing=signal.crossing_id
    ).exclude(status__in=(Report.Status.DROPPED, Report.Status.WITHDRAWN)).exists()
    if rests_on_it or signal.answered_by_id is not None:
        _ask_again(signal)
    elif signal.answered_at is None:
        _answer_by_itself(signal, Answer.SEEN, "Ingetrokken voordat iemand reageerde.")


def _restore(signal: Signal, crossing: Crossing, today: date) -> None:
    if is_history(crossing, today):
        if signal.answered_at is None:
            _answer_by_itself(signal, Answer.SEEN, "Was al voorbij toen het weer bleek te gelden.")
        return
    _ask_again(signal)
    if Rule(crossing.rule) in CASE_RULES and (signal.case is None or signal.case.closed_at is not None):
        _run_chain(signal, crossing, today)


def _ask_again(signal: Signal) -> None:
    """What was answered stays readable in the text."""
    if signal.answered_at is not None:
        before = f"Eerder: {signal.get_answer_display()}."
        signal.answer_text = f"{before} {signal.answer_text}".strip()
    signal.answer, signal.answered_at, signal.answered_by = "", None, None
    signal.save(update_fields=["answer", "answer_text", "answered_at", "answered_by"])


def _answer_by_itself(signal: Signal, answer: Signal.Answer, text: str) -> None:
    signal.answer, signal.answer_text, signal.answered_at, signal.answered_by = answer, text, timezone.now(), None
    signal.save(update_fields=["answer", "answer_text", "answered_at", "answered_by"])


def _locked(crossing_id: int) -> Crossing:
    """The crossing as it is once the lock on its pupil is held."""
    lock_pupils([Crossing.objects.values_list("pupil_id", flat=True).get(pk=crossing_id)])
    return Crossing.objects.select_related("pupil__municipality", "norm").get(pk=crossing_id)
