"""What the page about a pupil's timetable, enrolments and exemptions shows: only dates that the reader may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from attendance.engine.facts import Week
from attendance.facts import facts_of
from attendance.listings.pupil_page import PupilHead, pupil_head, visible_enrolments
from attendance.models import ArrangementChange, Enrolment, Exemption, OwnTimetable, Pupil
from attendance.models.arrangements import ExemptionKind
from attendance.services.timetables import lapses_on
from thuiszitters.accounts.dutch_dates import short_date
from thuiszitters.accounts.models import User

AMBIGUOUS = frozenset({"5a", "art 5a", "art. 5a"})
"""Written like this it can be "5 onder a" as well as "artikel 5a"."""

NOW = "geldt nu"


@dataclass(frozen=True)
class TimetableRow:
    """`last` is cut to what may be seen. `share` of the school's week, in words. `goes_on`: past 31 July, or without an
    end; `lapse` is the last day of the approval, `has_lapsed` that it is over and the timetable still counts."""

    row: OwnTimetable
    first: date
    last: date | None
    when: str
    share: str
    lapse: date
    goes_on: bool
    has_lapsed: bool


@dataclass(frozen=True)
class ExemptionRow:
    row: Exemption
    first: date
    last: date | None
    when: str
    kind: str
    is_ambiguous: bool


@dataclass(frozen=True)
class EnrolmentRow:
    """`may_leave`: the reader keeps it, as school of enrolment; `may_change_class`: as place of teaching."""

    row: Enrolment
    when: str
    may_keep: bool
    may_leave: bool
    may_change_class: bool


@dataclass(frozen=True)
class Change:
    """A line of the history; `was` are pairs of what and how it was."""

    change: ArrangementChange
    was: list[tuple[str, str]]


@dataclass(frozen=True)
class ArrangementsPage:
    head: PupilHead
    standard: Week
    may_arrange: bool
    timetables: list[TimetableRow]
    enrolments: list[EnrolmentRow]
    exemptions: list[ExemptionRow]
    changes: list[Change]


def share_of(week: Week, standard: Week) -> str:
    """60 %; of a school that expects nothing there is no share."""
    expected = sum(standard)
    return f"{round(sum(week) * 100 / expected)} %" if expected else "onbekend deel"


def kind_in_words(kind: str) -> str:
    """Article and meaning of an exemption; what another source wrote stays as it is."""
    return str(ExemptionKind(kind).label) if kind in ExemptionKind.values else f"vrijstelling “{kind}”"


def when(first: date, last: date | None, today: date) -> str:
    """Whether it holds today."""
    if first > today:
        return "komt nog"
    return "voorbij" if last is not None and last < today else NOW


def arrangements_page(pupil: Pupil, user: User, today: date, *, arranges: Collection[int]) -> ArrangementsPage:
    """The page for this reader, to whom the pupil must be visible. `arranges`: the schools whose pupils they keep."""
    enrolments = visible_enrolments(pupil, user)
    head = pupil_head(pupil, enrolments, facts_of([pupil.pk])[pupil.pk], today)
    going_on = [row for row in enrolments if row.last is None or row.last >= today]
    may_arrange = any({row.school_id, row.place_id} & set(arranges) for row in going_on)
    timetables = OwnTimetable.objects.visible_to(user).filter(pupil=pupil).order_by("-first")
    exemptions = Exemption.objects.visible_to(user).filter(pupil=pupil).order_by("-first")
    return ArrangementsPage(
        head=head,
        standard=head.enrolment.place.week,
        may_arrange=may_arrange,
        timetables=[timetable_row(row, enrolments, today) for row in timetables],
        enrolments=[enrolment_row(row, arranges, today) for row in reversed(enrolments)],
        exemptions=[exemption_row(row, enrolments, today) for row in exemptions],
        changes=changes_of(pupil, user, enrolments, today, is_here=bool(going_on)),
    )


def timetable_row(row: OwnTimetable, enrolments: list[Enrolment], today: date) -> TimetableRow:
    first, last = cut(row.first, row.last, enrolments)
    taught_at = next((other for other in reversed(enrolments) if overlap(other, row)), enrolments[-1])
    lapse = lapses_on(row.first)
    goes_on = last is None or last > lapse
    share = share_of(row.week, taught_at.place.week)
    now = when(first, last, today)
    return TimetableRow(row, first, last, now, share, lapse, goes_on, goes_on and now == NOW and lapse < today)


def exemption_row(row: Exemption, enrolments: list[Enrolment], today: date) -> ExemptionRow:
    first, last = cut(row.first, row.last, enrolments)
    words = kind_in_words(row.kind)
    return ExemptionRow(row, first, last, when(first, last, today), words, row.kind.strip().lower() in AMBIGUOUS)


def enrolment_row(row: Enrolment, arranges: Collection[int], today: date) -> EnrolmentRow:
    keeps = row.school_id in arranges
    goes_on = row.last is None or row.last >= today
    return EnrolmentRow(
        row,
        when(row.first, row.last, today),
        may_keep=keeps,
        may_leave=keeps and goes_on,
        may_change_class=row.place_id in arranges and goes_on,
    )


def overlap(one: Enrolment, other: OwnTimetable | Exemption) -> bool:
    return (one.last is None or other.first <= one.last) and (other.last is None or one.first <= other.last)


def cut(first: date, last: date | None, enrolments: list[Enrolment]) -> tuple[date, date | None]:
    """A period without the dates after the last one that may be seen."""
    until = max(row.last or date.max for row in enrolments)
    return first, last if until == date.max else min(last or until, until)


def changes_of(pupil: Pupil, user: User, enrolments: list[Enrolment], today: date, *, is_here: bool) -> list[Change]:
    """What was changed, the last first. Of an enrolment: those of the own ones. Of the rest: to whom the pupil is here,
    as far as it was about dates at the own school."""
    rows = ArrangementChange.objects.visible_to(user).filter(pupil=pupil).select_related("by", "source__by")
    own = {row.code for row in enrolments}
    return [
        Change(change, [(name, in_words(value, today)) for name, value in change.was.items() if value])
        for change in rows.order_by("-at", "-pk")
        if (change.subject in own if change.about == ArrangementChange.About.ENROLMENT else is_here)
    ]


def in_words(value: str, today: date) -> str:
    """A kept value; a date as people say it."""
    try:
        return short_date(date.fromisoformat(value), today)
    except ValueError:
        return value
