"""What the rules are told about one pupil, and what they answer. All dates are plain and inclusive."""

from __future__ import annotations

from collections.abc import Hashable, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attendance.engine.calendar import SchoolCalendar

Week = tuple[int, int, int, int, int]
"""Expected minutes from Monday to Friday."""


class Rule(StrEnum):
    """The rules that can be crossed. STRUCTURAL is a suggestion to a person, never printed as a crossing."""

    HOME_2W = "thuis-2w"
    HOME_4W = "thuis-4w"
    HOME_3M = "thuis-3m"
    LRV = "lrv"
    HOURS_16 = "uren-16"
    SICK_4X = "ziek-4x"
    SICK_7D = "ziek-7d"
    STRUCTURAL = "structureel"


CROSSING_RULES = tuple(rule for rule in Rule if rule is not Rule.STRUCTURAL)


class Reading(StrEnum):
    """How a norm in weeks is counted: in school days (default) or straight through in calendar days."""

    SCHOOL = "school"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Norm:
    """One threshold with the period in which it is valid.

    `amount` is school days (thuis-2w, thuis-4w, lrv, ziek-7d), calendar months (thuis-3m), hours (uren-16), reports
    (ziek-4x) or a percentage (structureel). `calendar_days` is the amount when `reading` is CALENDAR (thuis-2w,
    thuis-4w). `weeks` is the window in lesson weeks (uren-16: 4, ziek-4x: 12, structureel: 6); `gap_days` the least
    distance between two crossings (uren-16: 7); `min_weeks` the lesson weeks with known dates that a suggestion
    needs (structureel: 3).
    """

    rule: Rule
    amount: int
    reading: Reading = Reading.SCHOOL
    calendar_days: int = 0
    weeks: int = 0
    gap_days: int = 0
    min_weeks: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    ref: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Norms:
    """The norms of one alliance, all periods. Of one rule the periods do not overlap."""

    rows: tuple[Norm, ...]

    def on(self, rule: Rule, day: date) -> Norm | None:
        """The norm of `rule` valid on `day`; None when none is (then the rule cannot be crossed that day)."""
        for norm in self.rows:
            if (
                norm.rule is rule
                and (norm.valid_from is None or norm.valid_from <= day)
                and (norm.valid_until is None or day <= norm.valid_until)
            ):
                return norm
        return None


@dataclass(frozen=True, slots=True, eq=False)
class School:
    """A place of teaching. `hour_minutes` is one hour of the 16 (60 in PO and SO, the lesson, at most 60, in VO)."""

    key: Hashable
    calendar: SchoolCalendar
    week: Week
    hour_minutes: int = 60
    complete_through: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A period at a school.

    `school` is the place of teaching; `norms` are those of the alliance of the school of enrolment.
    `taken`: dates on which the register of the pupil's class of that date was taken. `final`: ended with a reason after
    which nobody is expected at school (diploma, abroad, died).
    """

    first: date
    last: date | None
    school: School
    norms: Norms
    taken: Set[date] = frozenset()
    final: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """A record: whole days from `first` to `last` (None: until further notice), or `minutes` of the one date `first`.

    `authorised` None means nobody has decided yet. `ref` is the caller's own key and comes back in the evidence.
    """

    first: date
    last: date | None
    minutes: int | None = None
    counts: bool = True
    authorised: bool | None = None
    sick: bool = False
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class OwnTimetable:
    """A pupil's own timetable (aangepast rooster) for a period; only zeros means at home by agreement."""

    first: date
    last: date | None
    week: Week


@dataclass(frozen=True, slots=True)
class Exemption:
    """A period under exemption (vrijstelling)."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules need about one pupil. Order of the rows does not matter."""

    enrolments: tuple[Enrolment, ...]
    absences: tuple[Absence, ...] = ()
    timetables: tuple[OwnTimetable, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


class Kind(StrEnum):
    """The kind of a date for the run at home (first line that fits, docs/regels.md)."""

    NEUTRAL = "neutral"
    EXEMPT = "exempt"
    MISSED = "missed"
    UNKNOWN = "unknown"
    ATTENDED = "attended"


class Why(StrEnum):
    """Why a date has its kind, for the explanation on screen."""

    NOT_ENROLLED = "not_enrolled"
    EXEMPT = "exempt"
    WEEKEND = "weekend"
    CLOSED = "closed"  # holiday or free day: the calendar has its name
    DAY_OFF = "day_off"  # nothing expected in the own (or the standard) timetable on this school day
    HOME_BY_AGREEMENT = "home_by_agreement"  # own timetable of only zeros
    MISSED = "missed"
    PARTLY = "partly"
    NOT_KNOWN = "not_known"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a pupil, explained. Minutes are of that date; `refs` are the absence records it rests on.

    `counted` tells whether the date counts for the clock that is explained; `note` names the holiday or free day.
    """

    day: date
    kind: Kind
    why: Why
    counted: bool = False
    expected: int = 0
    missed: int = 0
    unauthorised: int = 0
    sick: int = 0
    refs: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A norm passed: `start` is `from` in the register formats, `crossed_on` the first date on which it holds."""

    rule: Rule
    start: date
    crossed_on: date
    norm: Norm


@dataclass(frozen=True, slots=True)
class Run:
    """A run at home or an unauthorised run, open as of the date of evaluation. Both lengths include that date."""

    start: date
    school_days: int
    calendar_days: int
    months: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules say as of a date.

    `crossings` are sorted by (crossed_on, rule). `home` and `unauthorised` are the open runs.
    `unauthorised_minutes` is what is used of the hours norm (`hours_minutes` the minutes of the whole norm, 0 when
    there is none); `sick_reports` what is used of the sick-reports norm. `open_since` is the earliest date from
    which later knowledge ("was present after all") can still change a clock: the start of whatever is open; None
    when nothing is.
    `structural` is the suggestion that holds on `as_of`, if any: `crossed_on` is the first school day of the
    unbroken stretch of school days on which it holds, `start` the first date of the window of that day, or, when an
    own timetable below the standard is what causes it, the first date of that timetable (then `crossed_on` is that
    date as well). `structural_share` is the share missed on `as_of`, in whole per cent, None when too little is
    known.
    """

    as_of: date
    crossings: tuple[Crossing, ...]
    home: Run | None = None
    unauthorised: Run | None = None
    unauthorised_minutes: int = 0
    hours_minutes: int = 0
    sick_reports: int = 0
    open_since: date | None = None
    structural: Crossing | None = None
    structural_share: int | None = None
