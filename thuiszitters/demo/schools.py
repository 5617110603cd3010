"""The invented schools, where they are, and on which days they are open. Nobody gives out BRINs like theirs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from dateutil.easter import easter

from attendance.engine.calendar import CalendarException, Region, SchoolCalendar

ZILVERDAM, LINDEWOUDE = "Zilverdam", "Lindewoude"
VO_ALLIANCE, PO_ALLIANCE = "Samenwerkingsverband VO Zilverstreek", "Samenwerkingsverband PO Zilverstreek"
YOUTH_HEALTH = "JGZ Zilverstreek"
STALE_SCHOOL_DAYS = 3


@dataclass(frozen=True)
class OwnDay:
    """A row of the calendar file: days on which a school is free, or open although others are free."""

    first: date
    last: date
    kind: str
    description: str


@dataclass(frozen=True, eq=False)
class School:
    """A school of the demo, with its classes and how many pupils sit in each."""

    brin: str
    name: str
    sector: str
    alliance: str
    municipality: str
    week: tuple[int, int, int, int, int]
    lesson_minutes: int | None
    classes: dict[str, int]
    region: Region = "midden"

    @property
    def hour_minutes(self) -> int:
        """What counts as an hour of the sixteen."""
        return min(self.lesson_minutes, 60) if self.sector == "vo" and self.lesson_minutes else 60


COLLEGE = School(
    "99ZA00", "Zilverdam College", "vo", VO_ALLIANCE, ZILVERDAM, (350, 350, 300, 350, 300), 50,
    {f"{year}{letter}": 29 for year in (1, 2, 3) for letter in "ABCDE"}
    | {f"{year}{letter}": 26 for year in (4, 5) for letter in "ABCD"},
)  # fmt: skip
HAVEN = School(
    "99ZB00", "De Tussenhaven", "vo", VO_ALLIANCE, ZILVERDAM, (300, 300, 240, 300, 240), 50,
    {"Haven 1": 10, "Haven 2": 10, "Haven 3": 9},
)  # fmt: skip
PRIMARY = School(
    "99ZC00", "Basisschool De Wolkenfabriek", "po", PO_ALLIANCE, LINDEWOUDE, (330, 330, 210, 330, 330), None,
    {f"groep {year}": 27 for year in range(1, 9)},
)  # fmt: skip
SCHOOLS = (COLLEGE, HAVEN, PRIMARY)


def school_year_of(day: date) -> date:
    """1 August of the school year of `day`."""
    return date(day.year if day.month >= 8 else day.year - 1, 8, 1)


def own_days(school: School, year: date) -> list[OwnDay]:
    """The free and open days a school sets itself in the school year from `year` on; in order, without overlap.

    De Tussenhaven keeps the days of the Zilverdam College, where its pupils are enrolled.
    """
    autumn, spring = year.year, year.year + 1
    study = "studiedag"
    if school is PRIMARY:
        days = [
            (_weekday_in(autumn, 9, 4, 2), "vrij", study),
            (_weekday_in(autumn, 12, 0, 2), "vrij", study),
            (_weekday_in(spring, 3, 2, 3), "vrij", study),
            (_weekday_in(spring, 6, 4, 4), "vrij", "sportdag van het team"),
        ]
    else:
        days = [
            (_weekday_in(autumn, 11, 1, 2), "vrij", study),
            (_weekday_in(spring, 2, 0, 1), "vrij", study),
            (easter(spring) - timedelta(days=2), "open", "gewone lesdag op Goede Vrijdag"),
            (_weekday_in(spring, 6, 3, 2), "vrij", "rapportvergadering"),
        ]
    return [OwnDay(day, day, kind, text) for day, kind, text in sorted(days)]


def _weekday_in(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (weekday 0) .. Friday (4) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


class SchoolDays:
    """The school days of one school around `today`, in a row, so that one can count back and forth.

    `open_day` is the last school day up to and including today: its registers are still to be taken. The files are
    complete to the school day before it (`complete_through`); De Tussenhaven is three school days late.
    """

    def __init__(self, school: School, today: date) -> None:
        self.school, self.today = school, today
        years = (date(year, 8, 1) for year in range(today.year - 3, today.year + 2))
        self.own_days = [row for year in years for row in own_days(school, year)]
        self.calendar = SchoolCalendar(
            school.region,
            [CalendarException(row.first, row.last, row.kind == "open", row.description) for row in self.own_days],
        )
        days = (today + timedelta(days=offset) for offset in range(-760, 400))
        self.days = [day for day in days if self.calendar.is_school_day(day)]
        self.open_day = self.days[bisect_right(self.days, today) - 1]
        self.complete_through = self.back(1 + (STALE_SCHOOL_DAYS if school is HAVEN else 0))

    def back(self, n: int) -> date:
        """The n-th school day before the open day; 0 is the open day itself."""
        return self.days[bisect_left(self.days, self.open_day) - n]

    def before(self, day: date, n: int = 1) -> date:
        """The n-th school day before `day`."""
        return self.days[bisect_left(self.days, day) - n]

    def on_or_after(self, day: date, n: int = 0) -> date:
        """The n-th school day after the first one on or after `day`."""
        return self.days[bisect_left(self.days, day) + n]

    def on_or_before(self, day: date) -> date:
        """The last school day up to and including `day`."""
        return self.days[bisect_right(self.days, day) - 1]

    def between(self, first: date, last: date) -> list[date]:
        """School days from `first` to `last`, both included."""
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]

    @cached_property
    def after_holidays(self) -> list[date]:
        """The first school days after holidays of a week or more that are over by the open day, the last one first."""
        here = bisect_left(self.days, self.open_day)
        return [self.days[i] for i in range(here, 0, -1) if (self.days[i] - self.days[i - 1]).days > 7]
