"""Public holidays of the Netherlands: days on which schools are closed, and days the Algemene termijnenwet names."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

APRIL, MAY, DECEMBER = 4, 5, 12
SUNDAY = 6


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    fours, rest_of_four = divmod(rest, 4)
    weekday = (32 + 2 * century_rest + 2 * fours - epact - rest_of_four) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """Koningsdag: 27 April, or the 26th when the 27th is a Sunday."""
    day = date(year, APRIL, 27)
    return day - timedelta(days=1) if day.weekday() == SUNDAY else day


@lru_cache(maxsize=512)
def legal_holidays(year: int) -> dict[date, str]:
    """The days in `year` that the Algemene termijnenwet treats as a Sunday, with their names. Read only."""
    easter = easter_sunday(year)
    return {
        date(year, 1, 1): "Nieuwjaarsdag",
        easter - timedelta(days=2): "Goede Vrijdag",
        easter + timedelta(days=1): "Tweede paasdag",
        kings_day(year): "Koningsdag",
        date(year, MAY, 5): "Bevrijdingsdag",
        easter + timedelta(days=39): "Hemelvaartsdag",
        easter + timedelta(days=50): "Tweede pinksterdag",
        date(year, DECEMBER, 25): "Eerste kerstdag",
        date(year, DECEMBER, 26): "Tweede kerstdag",
    }


def school_free_days(year: int) -> dict[date, str]:
    """The public holidays on which a school is closed unless it says otherwise, the Friday after Ascension included.

    When Ascension falls on Bevrijdingsdag, as in 2016, one date has two names and the movable one is given.
    """
    return {easter_sunday(year) + timedelta(days=40): "Dag na Hemelvaart", **legal_holidays(year)}
