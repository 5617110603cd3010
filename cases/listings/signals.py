"""The signals that wait for somebody, one line per pupil."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from attendance.engine.facts import Rule
from attendance.listings.clock import Clock
from attendance.listings.pupil_clock import small_clock
from attendance.models import Crossing, Enrolment, Pupil
from attendance.models.calendar import RULE_LABELS
from cases.models import Report, Signal
from cases.models.signals import SignalQuerySet
from thuiszitters.accounts import dutch_dates
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import CASE_WORKERS, Role

SHOWN = 100
FOLDED_FROM = 2


@dataclass
class SignalLine:
    """A pupil with what waits. `first` is the heaviest signal, which is answered for all of `signals`.

    `draft` is the open draft report, if there is one; `why` one sentence about the heaviest.
    """

    first: Signal
    why: str
    group_name: str
    clock: Clock | None
    draft: Report | None = None
    others: list[str] = field(default_factory=list)


def signals_for(user: User) -> SignalQuerySet:
    """The signals that `user` may answer: of the schools where they run cases, and as a mentor those of own pupils."""
    grants = grants_of(user)
    mine = Q(school__in=grants.school_ids(CASE_WORKERS))
    if grants.has(Role.MENTOR):
        mine |= of_own_pupils(user)
    found: SignalQuerySet = Signal.objects.visible_to(user).filter(mine)
    return found


def waiting_signals(user: User) -> QuerySet[Signal]:
    """The unanswered signals that are meant for `user`. A COO can answer for a mentor, but is not asked to."""
    grants = grants_of(user)
    meant = Q(audience=Role.COO, school__in=grants.school_ids(CASE_WORKERS))
    if grants.has(Role.MENTOR):
        meant |= of_own_pupils(user)
    return signals_for(user).unanswered().filter(meant)


def of_own_pupils(user: User) -> Q:
    return Q(audience=Role.MENTOR, pupil__in=Pupil.objects.mentored_or_assigned(user).values("pk"))


def signal_lines(signals: QuerySet[Signal], today: date) -> list[SignalLine]:
    """One line per pupil and audience, most urgent first; what was withdrawn is a line of its own."""
    now_at = Enrolment.objects.on(today).select_related("group").order_by("first")
    rows = (
        signals.select_related("pupil__clock", "school", "case")
        .prefetch_related(
            Prefetch("crossing", Crossing.objects.defer("evidence")),
            Prefetch("pupil__enrolments", now_at, to_attr="now_at"),
        )
        .order_by("-urgency", "created_at", "pk")
    )
    lines: dict[tuple[int, str, bool], SignalLine] = {}
    for signal in rows:
        key = (signal.pupil_id, signal.audience, signal.withdrawn)
        if key in lines:
            lines[key].others.append(RULE_LABELS[Rule(signal.crossing.rule)])
            continue
        if len(lines) == SHOWN:
            break
        groups = [row.group.name for row in getattr(signal.pupil, "now_at", ()) if row.group]
        clock = getattr(signal.pupil, "clock", None)
        lines[key] = SignalLine(
            signal, why_of(signal, today), groups[-1] if groups else "", small_clock(clock) if clock else None
        )
    drafts = {row.pupil_id: row for row in Report.objects.drafts().filter(pupil__in=[key[0] for key in lines])}
    for line in lines.values():
        line.draft = drafts.get(line.first.pupil_id) if line.first.audience == Role.COO else None
    return list(lines.values())


def is_only_structural(line: SignalLine) -> bool:
    """Whether nothing but the share of lessons missed brings the pupil here: a proposal without a case or a run."""
    first = line.first
    structural = first.crossing.rule == Rule.STRUCTURAL and first.audience == Role.COO
    return structural and not first.withdrawn and first.case_id is None


def fold_structural(lines: list[SignalLine]) -> tuple[list[SignalLine], list[SignalLine]]:
    """The lines that stand open, and those that stand together under one: two or more that are only structural.

    In a winter with flu these are nine of ten; under one line they hide nobody and nobody is hidden behind them.
    """
    folded = [line for line in lines if is_only_structural(line)]
    if len(folded) < FOLDED_FROM:
        return lines, []
    return [line for line in lines if not is_only_structural(line)], folded


def why_of(signal: Signal, today: date) -> str:
    """Why the pupil stands in the list, in one sentence."""
    crossing = signal.crossing
    name = signal.pupil.first_name
    day = dutch_dates.short_date(crossing.crossed_on, today)
    since = dutch_dates.short_date(crossing.start, today)
    if signal.withdrawn:
        cause = crossing.withdrawn_cause or "de gegevens zijn gewijzigd"
        return f"Het signaal ‘{RULE_LABELS[Rule(crossing.rule)]}’ geldt niet meer ({cause})."
    sentences = {
        Rule.HOME_2W: f"{name} is sinds {since} niet op school geweest en passeerde op {day} de 2 weken.",
        Rule.HOME_4W: f"{name} is sinds {since} niet op school geweest en passeerde op {day} de 4 weken.",
        Rule.HOME_3M: f"{name} is sinds {since} niet op school geweest en passeerde op {day} de 3 maanden.",
        Rule.LRV: f"{name} is sinds {since} ongeoorloofd afwezig, op {day} vier weken.",
        Rule.HOURS_16: f"{name} was vanaf {since} 16 uur ongeoorloofd afwezig, bereikt op {day}.",
        Rule.SICK_4X: f"{name} is op {day} voor de vierde keer ziek gemeld sinds {since}.",
        Rule.SICK_7D: f"{name} was op {day} de zevende schooldag achter elkaar ziek, sinds {since}.",
        Rule.STRUCTURAL: f"{name} mist sinds {since} een groot deel van de lessen.",
    }
    return sentences[Rule(crossing.rule)]
