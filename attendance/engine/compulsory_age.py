"""Compulsory school age on a date (Leerplichtwet 1969, articles 3, 4a and 4b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from attendance.engine.calendar import SchoolCalendar

STARTS_AFTER_BIRTHDAY = 5  # article 3, paragraph 1
SCHOOL_YEAR_OF_BIRTHDAY = 16  # article 3, paragraph 1, under b
FULL_SCHOOL_YEARS = 12  # article 3, paragraph 1, under a
QUALIFICATION_UNTIL_BIRTHDAY = 18  # article 4a, paragraph 1
AUGUST, JULY, DECEMBER = 8, 7, 12


class Duty(StrEnum):
    """What the law asks of a child of this age."""

    NOT_YET = "nog_niet"
    LEERPLICHTIG = "leerplichtig"
    KWALIFICATIEPLICHTIG = "kwalificatieplichtig"
    NONE = "niet_meer"


class EndEducation(StrEnum):
    """Ends of school after which there is no kwalificatieplicht."""

    PRO = "pro"
    VSO_ARBEID = "vso_arbeid"
    VSO_DAGBESTEDING = "vso_dagbesteding"


class Unknown(StrEnum):
    """What is not known and could make the answer another one."""

    SCHOOL_YEARS = "leerjaren"
    STARTKWALIFICATIE = "startkwalificatie"


@dataclass(frozen=True, slots=True)
class CompulsoryAge:
    """The duty on a date, the last date on which it is this one (None: for good), and what the answer does not know."""

    duty: Duty
    until: date | None
    unknown: tuple[Unknown, ...] = ()


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns `age`. Who was born on 29 February does so on 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Full years on `day`: one more from each birthday on."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def school_year_end(day: date) -> date:
    """31 July of the school year (1 August to 31 July) of `day`."""
    return date(day.year + (day.month >= AUGUST), JULY, 31)


def starts_on(born: date, calendar: SchoolCalendar) -> date:
    """The first school day of the month after that of the 5th birthday, or the first one after it when it has none."""
    fifth = birthday(born, STARTS_AFTER_BIRTHDAY)
    year, month = divmod(fifth.year * 12 + fifth.month, 12)
    return calendar.school_day_on_or_after(date(year, month + 1, 1))


def twelve_years_end(school_years: int, enrolled_from: date, calendar: SchoolCalendar) -> date:
    """The end of the twelfth full school year, for a child with so many of them before an enrolment.

    The school year of the enrolment is a full one, unless it is the first and began after the first school day.
    """
    end = school_year_end(enrolled_from)
    first_school_day = calendar.school_day_on_or_after(date(end.year - 1, AUGUST, 1))
    is_full = school_years > 0 or enrolled_from <= first_school_day
    return date(end.year + FULL_SCHOOL_YEARS - school_years - is_full, JULY, 31)


def compulsory_age(
    born: date,
    calendar: SchoolCalendar,
    on: date,
    *,
    startkwalificatie_on: date | None = None,
    school_years: int | None = None,
    enrolled_from: date | None = None,
    end_education: EndEducation | None = None,
) -> CompulsoryAge:
    """The duty on `on`. None means not known, also for `startkwalificatie_on`; `school_years` are the full ones before
    the enrolment that began on `enrolled_from`. Repeatable.
    """
    begins = starts_on(born, calendar)
    if on < begins:
        return CompulsoryAge(Duty.NOT_YET, begins - timedelta(days=1))
    leerplicht_until = school_year_end(birthday(born, SCHOOL_YEAR_OF_BIRTHDAY))
    unknown: tuple[Unknown, ...] = ()
    if school_years is None or enrolled_from is None:
        unknown = (Unknown.SCHOOL_YEARS,)
    else:
        leerplicht_until = min(leerplicht_until, twelve_years_end(school_years, enrolled_from, calendar))
    if on <= leerplicht_until:
        return CompulsoryAge(Duty.LEERPLICHTIG, leerplicht_until, unknown)
    duty_until = birthday(born, QUALIFICATION_UNTIL_BIRTHDAY) - timedelta(days=1)
    if startkwalificatie_on is not None:
        duty_until = min(duty_until, startkwalificatie_on - timedelta(days=1))
    if end_education is not None or on > duty_until:
        return CompulsoryAge(Duty.NONE, None)
    return CompulsoryAge(
        Duty.KWALIFICATIEPLICHTIG, duty_until, (Unknown.STARTKWALIFICATIE,) if startkwalificatie_on is None else ()
    )
