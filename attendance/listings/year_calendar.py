"""The school year of one school: every day with its kind, every free period by name, and how much school there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from attendance.engine.calendar import HOLIDAYS_FROM, LAST_SCHOOL_YEAR_ENDS, Region, SchoolCalendar
from attendance.engine.public_holidays import school_free_days
from attendance.facts import calendar_of
from attendance.listings.school_year import FIRST_MONTH, school_year_of
from attendance.models import CalendarException
from attendance.models.calendar import ExceptionKind
from thuiszitters.accounts.dutch_dates import LONG_MONTHS
from thuiszitters.accounts.models import School

FIRST_YEAR = HOLIDAYS_FROM.year
LAST_YEAR = LAST_SCHOOL_YEAR_ENDS - 1
"""The school years with known holidays, by the year in which they begin."""
ONE_DAY = timedelta(days=1)
DAYS_OF_A_WEEK = 7
SATURDAY = 5
LONGEST_GAP = 5
"""Days from one free day to the next of the same holiday: a weekend and both days of Christmas may lie between."""

SCHOOL_DAY, HOLIDAY, PUBLIC, OWN, OPENED, WEEKEND = "lesson", "holiday", "public", "own", "opened", "weekend"
SYMBOLS = {SCHOOL_DAY: "", HOLIDAY: "○", PUBLIC: "◇", OWN: "△", OPENED: "●", WEEKEND: ""}
LEGEND = (
    (SCHOOL_DAY, "", "schooldag"),
    (HOLIDAY, "○", "vakantie van de regio"),
    (PUBLIC, "◇", "feestdag"),
    (OWN, "△", "eigen vrije dag"),
    (OPENED, "●", "eigen lesdag"),
)
SOURCES = {HOLIDAY: "schoolvakantie", PUBLIC: "feestdag", OWN: "eigen vrije dag", OPENED: "eigen lesdag"}


@dataclass(frozen=True)
class YearDay:
    """A cell: its symbol says what its colour says, `text` says all of it."""

    day: date
    kind: str
    text: str
    is_today: bool = False
    counted: bool = False

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.kind]


@dataclass(frozen=True)
class YearWeek:
    """A line of a month, Monday to Sunday; None: a day of another month. `number`: of the lesson week, None when there
    is no school that week."""

    number: int | None
    cells: tuple[YearDay | None, ...]


@dataclass(frozen=True)
class YearMonth:
    name: str
    school_days: int
    weeks: tuple[YearWeek, ...]


@dataclass(frozen=True)
class FreePeriod:
    """Days by one name. `days` is how many weekdays of it have no school (of own open days: how many do); `own` the row
    behind it, if it is the school's own."""

    name: str
    source: str
    first: date
    last: date
    days: int
    own: CalendarException | None = None


@dataclass(frozen=True)
class YearCalendar:
    """`minutes` are those of the standard timetable over all school days."""

    school: School
    year: int
    first: date
    last: date
    months: tuple[YearMonth, ...]
    periods: tuple[FreePeriod, ...]
    school_days: int
    lesson_weeks: int
    minutes: int

    @property
    def name(self) -> str:
        return f"{self.year}-{self.year + 1}"

    @property
    def previous(self) -> int | None:
        return self.year - 1 if self.year > FIRST_YEAR else None

    @property
    def next(self) -> int | None:
        return self.year + 1 if self.year < LAST_YEAR else None

    @property
    def hours(self) -> int:
        """Whole hours of the standard timetable."""
        return self.minutes // 60

    @property
    def lessons(self) -> int | None:
        """Whole lessons, where the school counts in lessons."""
        return self.minutes // self.school.lesson_minutes if self.school.lesson_minutes else None

    @property
    def own_days(self) -> int:
        return sum(period.days for period in self.periods if period.own and period.source == SOURCES[OWN])


@dataclass(frozen=True)
class Days:
    """The dates of a year with what closes a school: `base` is its region alone, `public` the public holidays."""

    dates: tuple[date, ...]
    calendar: SchoolCalendar
    base: SchoolCalendar
    public: frozenset[date]
    own: tuple[CalendarException, ...]


def known_year(day: date) -> int:
    """The school year of `day`, or the nearest of which the holidays are known."""
    return min(max(school_year_of(day)[0].year, FIRST_YEAR), LAST_YEAR)


def year_calendar(school: School, year: int, today: date) -> YearCalendar:
    """The school year that begins in `year`. A fixed number of queries."""
    first, last = school_year_of(date(year, FIRST_MONTH, 1))
    days = Days(
        dates=tuple(first + timedelta(days=n) for n in range((last - first).days + 1)),
        calendar=calendar_of(school),
        base=SchoolCalendar(cast("Region", school.region)),
        public=frozenset(day for each in (year, year + 1) for day in school_free_days(each)),
        own=tuple(CalendarException.objects.filter(school=school, first__lte=last, last__gte=first).order_by("first")),
    )
    numbers = lesson_weeks(days)
    lessons = [day for day in days.dates if days.calendar.is_school_day(day)]
    periods = [*region_periods(days), *own_periods(days)]
    return YearCalendar(
        school=school,
        year=year,
        first=first,
        last=last,
        months=tuple(months_of([cell_of(day, days, today) for day in days.dates], numbers)),
        periods=tuple(sorted(periods, key=lambda period: (period.first, period.last))),
        school_days=len(lessons),
        lesson_weeks=len(numbers),
        minutes=sum(school.week[day.weekday()] for day in lessons),
    )


def lesson_weeks(days: Days) -> dict[date, int]:
    """The number of each lesson week with a school day in the year, by its Monday."""
    numbers: dict[date, int] = {}
    for day in days.dates:
        if days.calendar.is_school_day(day):
            numbers.setdefault(monday_of(day), len(numbers) + 1)
    return numbers


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def cell_of(day: date, days: Days, today: date) -> YearDay:
    """The kind of a date, and its name when it has one."""
    is_today = day == today
    if day.weekday() >= SATURDAY:
        return YearDay(day, WEEKEND, "weekend", is_today)
    own = next((row for row in days.own if row.first <= day <= row.last), None)
    if own is not None:
        kind = OPENED if own.kind == ExceptionKind.OPEN else OWN
        named = f"{SOURCES[kind]}, {own.description}" if own.description else SOURCES[kind]
        return YearDay(day, kind, named, is_today)
    if days.calendar.is_school_day(day):
        return YearDay(day, SCHOOL_DAY, "schooldag", is_today)
    return YearDay(day, PUBLIC if day in days.public else HOLIDAY, days.base.name_of(day), is_today)


def months_of(cells: Iterable[YearDay], numbers: dict[date, int]) -> list[YearMonth]:
    """The cells (in order) by month and week."""
    months: dict[tuple[int, int], list[YearDay]] = {}
    for cell in cells:
        months.setdefault((cell.day.year, cell.day.month), []).append(cell)
    return [
        YearMonth(
            name=f"{LONG_MONTHS[month - 1]} {year}",
            school_days=sum(cell.kind in {SCHOOL_DAY, OPENED} for cell in found),
            weeks=tuple(weeks_of(found, numbers)),
        )
        for (year, month), found in months.items()
    ]


def weeks_of(cells: Iterable[YearDay], numbers: dict[date, int]) -> list[YearWeek]:
    weeks: dict[date, list[YearDay | None]] = {}
    for cell in cells:
        week = weeks.setdefault(monday_of(cell.day), [None] * DAYS_OF_A_WEEK)
        week[cell.day.weekday()] = cell
    return [YearWeek(numbers.get(monday), tuple(row)) for monday, row in weeks.items()]


def region_periods(days: Days) -> list[FreePeriod]:
    """Holidays and public holidays by name; a holiday goes on over a weekend, and over a public holiday inside it."""
    found: dict[tuple[str, date], list[date]] = {}
    going_on: dict[str, date] = {}
    for day in days.dates:
        name = days.base.name_of(day)
        if not name or day.weekday() >= SATURDAY:
            continue
        start = going_on.get(name)
        if start is None or (day - found[name, start][-1]).days > LONGEST_GAP:
            start = going_on[name] = day
            found[name, start] = []
        found[name, start].append(day)
    return [
        FreePeriod(
            name=name,
            source=SOURCES[PUBLIC if start in days.public else HOLIDAY],
            first=start,
            last=dates[-1],
            days=sum(not days.calendar.is_school_day(day) for day in dates),
        )
        for (name, start), dates in found.items()
    ]


def own_periods(days: Days) -> list[FreePeriod]:
    """The school's own days of this year. Of those that run on into another year the days in this one are counted."""
    periods = []
    for row in days.own:
        kind = OPENED if row.kind == ExceptionKind.OPEN else OWN
        inside = [day for day in days.dates if row.first <= day <= row.last and day.weekday() < SATURDAY]
        periods.append(
            FreePeriod(row.description or SOURCES[kind], SOURCES[kind], row.first, row.last, len(inside), row)
        )
    return periods
