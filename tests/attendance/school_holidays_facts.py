"""The holidays of the three regions as the ministry publishes them, typed in, and a plain school day of our own.

Held against the engine's calendar for every date: two sources that agree are worth more than one.
"""

from __future__ import annotations

from datetime import date as d
from datetime import timedelta

FIRST = d(2023, 9, 1)
LAST = d(2030, 7, 31)
"""Between these dates the table below is complete."""

HOLIDAYS: dict[str, list[tuple[d, d]]] = {
    "noord": [
        (d(2023, 7, 22), d(2023, 9, 3)),  # zomer 2022-23
        (d(2023, 10, 21), d(2023, 10, 29)),  # herfst 2023-24
        (d(2023, 12, 23), d(2024, 1, 7)),  # kerst 2023-24
        (d(2024, 2, 17), d(2024, 2, 25)),  # voorjaar 2023-24
        (d(2024, 4, 27), d(2024, 5, 5)),  # mei 2023-24
        (d(2024, 7, 20), d(2024, 9, 1)),  # zomer 2023-24
        (d(2024, 10, 26), d(2024, 11, 3)),  # herfst 2024-25
        (d(2024, 12, 21), d(2025, 1, 5)),  # kerst 2024-25
        (d(2025, 2, 15), d(2025, 2, 23)),  # voorjaar 2024-25
        (d(2025, 4, 26), d(2025, 5, 4)),  # mei 2024-25
        (d(2025, 7, 12), d(2025, 8, 24)),  # zomer 2024-25
        (d(2025, 10, 18), d(2025, 10, 26)),  # herfst 2025-26
        (d(2025, 12, 20), d(2026, 1, 4)),  # kerst 2025-26
        (d(2026, 2, 21), d(2026, 3, 1)),  # voorjaar 2025-26
        (d(2026, 4, 25), d(2026, 5, 3)),  # mei 2025-26
        (d(2026, 7, 4), d(2026, 8, 16)),  # zomer 2025-26
        (d(2026, 10, 10), d(2026, 10, 18)),  # herfst 2026-27
        (d(2026, 12, 19), d(2027, 1, 3)),  # kerst 2026-27
        (d(2027, 2, 20), d(2027, 2, 28)),  # voorjaar 2026-27
        (d(2027, 4, 24), d(2027, 5, 2)),  # mei 2026-27
        (d(2027, 7, 10), d(2027, 8, 22)),  # zomer 2026-27
        (d(2027, 10, 16), d(2027, 10, 24)),  # herfst 2027-28
        (d(2027, 12, 25), d(2028, 1, 9)),  # kerst 2027-28
        (d(2028, 2, 19), d(2028, 2, 27)),  # voorjaar 2027-28
        (d(2028, 4, 29), d(2028, 5, 7)),  # mei 2027-28
        (d(2028, 7, 15), d(2028, 8, 27)),  # zomer 2027-28
        (d(2028, 10, 14), d(2028, 10, 22)),  # herfst 2028-29
        (d(2028, 12, 23), d(2029, 1, 7)),  # kerst 2028-29
        (d(2029, 2, 17), d(2029, 2, 25)),  # voorjaar 2028-29
        (d(2029, 4, 28), d(2029, 5, 6)),  # mei 2028-29
        (d(2029, 7, 21), d(2029, 9, 2)),  # zomer 2028-29
        (d(2029, 10, 20), d(2029, 10, 28)),  # herfst 2029-30
        (d(2029, 12, 22), d(2030, 1, 6)),  # kerst 2029-30
        (d(2030, 2, 16), d(2030, 2, 24)),  # voorjaar 2029-30
        (d(2030, 4, 27), d(2030, 5, 5)),  # mei 2029-30
        (d(2030, 7, 20), d(2030, 9, 1)),  # zomer 2029-30
    ],
    "midden": [
        (d(2023, 7, 8), d(2023, 8, 20)),  # zomer 2022-23
        (d(2023, 10, 14), d(2023, 10, 22)),  # herfst 2023-24
        (d(2023, 12, 23), d(2024, 1, 7)),  # kerst 2023-24
        (d(2024, 2, 17), d(2024, 2, 25)),  # voorjaar 2023-24
        (d(2024, 4, 27), d(2024, 5, 5)),  # mei 2023-24
        (d(2024, 7, 13), d(2024, 8, 25)),  # zomer 2023-24
        (d(2024, 10, 26), d(2024, 11, 3)),  # herfst 2024-25
        (d(2024, 12, 21), d(2025, 1, 5)),  # kerst 2024-25
        (d(2025, 2, 22), d(2025, 3, 2)),  # voorjaar 2024-25
        (d(2025, 4, 26), d(2025, 5, 4)),  # mei 2024-25
        (d(2025, 7, 19), d(2025, 8, 31)),  # zomer 2024-25
        (d(2025, 10, 18), d(2025, 10, 26)),  # herfst 2025-26
        (d(2025, 12, 20), d(2026, 1, 4)),  # kerst 2025-26
        (d(2026, 2, 14), d(2026, 2, 22)),  # voorjaar 2025-26
        (d(2026, 4, 25), d(2026, 5, 3)),  # mei 2025-26
        (d(2026, 7, 18), d(2026, 8, 30)),  # zomer 2025-26
        (d(2026, 10, 17), d(2026, 10, 25)),  # herfst 2026-27
        (d(2026, 12, 19), d(2027, 1, 3)),  # kerst 2026-27
        (d(2027, 2, 20), d(2027, 2, 28)),  # voorjaar 2026-27
        (d(2027, 4, 24), d(2027, 5, 2)),  # mei 2026-27
        (d(2027, 7, 17), d(2027, 8, 29)),  # zomer 2026-27
        (d(2027, 10, 16), d(2027, 10, 24)),  # herfst 2027-28
        (d(2027, 12, 25), d(2028, 1, 9)),  # kerst 2027-28
        (d(2028, 2, 26), d(2028, 3, 5)),  # voorjaar 2027-28
        (d(2028, 4, 29), d(2028, 5, 7)),  # mei 2027-28
        (d(2028, 7, 8), d(2028, 8, 20)),  # zomer 2027-28
        (d(2028, 10, 21), d(2028, 10, 29)),  # herfst 2028-29
        (d(2028, 12, 23), d(2029, 1, 7)),  # kerst 2028-29
        (d(2029, 2, 17), d(2029, 2, 25)),  # voorjaar 2028-29
        (d(2029, 4, 28), d(2029, 5, 6)),  # mei 2028-29
        (d(2029, 7, 7), d(2029, 8, 19)),  # zomer 2028-29
        (d(2029, 10, 20), d(2029, 10, 28)),  # herfst 2029-30
        (d(2029, 12, 22), d(2030, 1, 6)),  # kerst 2029-30
        (d(2030, 2, 23), d(2030, 3, 3)),  # voorjaar 2029-30
        (d(2030, 4, 27), d(2030, 5, 5)),  # mei 2029-30
        (d(2030, 7, 13), d(2030, 8, 25)),  # zomer 2029-30
    ],
    "zuid": [
        (d(2023, 7, 15), d(2023, 8, 27)),  # zomer 2022-23
        (d(2023, 10, 14), d(2023, 10, 22)),  # herfst 2023-24
        (d(2023, 12, 23), d(2024, 1, 7)),  # kerst 2023-24
        (d(2024, 2, 10), d(2024, 2, 18)),  # voorjaar 2023-24
        (d(2024, 4, 27), d(2024, 5, 5)),  # mei 2023-24
        (d(2024, 7, 6), d(2024, 8, 18)),  # zomer 2023-24
        (d(2024, 10, 19), d(2024, 10, 27)),  # herfst 2024-25
        (d(2024, 12, 21), d(2025, 1, 5)),  # kerst 2024-25
        (d(2025, 2, 22), d(2025, 3, 2)),  # voorjaar 2024-25
        (d(2025, 4, 26), d(2025, 5, 4)),  # mei 2024-25
        (d(2025, 7, 5), d(2025, 8, 17)),  # zomer 2024-25
        (d(2025, 10, 11), d(2025, 10, 19)),  # herfst 2025-26
        (d(2025, 12, 20), d(2026, 1, 4)),  # kerst 2025-26
        (d(2026, 2, 14), d(2026, 2, 22)),  # voorjaar 2025-26
        (d(2026, 4, 25), d(2026, 5, 3)),  # mei 2025-26
        (d(2026, 7, 11), d(2026, 8, 23)),  # zomer 2025-26
        (d(2026, 10, 17), d(2026, 10, 25)),  # herfst 2026-27
        (d(2026, 12, 19), d(2027, 1, 3)),  # kerst 2026-27
        (d(2027, 2, 13), d(2027, 2, 21)),  # voorjaar 2026-27
        (d(2027, 4, 24), d(2027, 5, 2)),  # mei 2026-27
        (d(2027, 7, 24), d(2027, 9, 5)),  # zomer 2026-27
        (d(2027, 10, 23), d(2027, 10, 31)),  # herfst 2027-28
        (d(2027, 12, 25), d(2028, 1, 9)),  # kerst 2027-28
        (d(2028, 2, 26), d(2028, 3, 5)),  # voorjaar 2027-28
        (d(2028, 4, 29), d(2028, 5, 7)),  # mei 2027-28
        (d(2028, 7, 22), d(2028, 9, 3)),  # zomer 2027-28
        (d(2028, 10, 21), d(2028, 10, 29)),  # herfst 2028-29
        (d(2028, 12, 23), d(2029, 1, 7)),  # kerst 2028-29
        (d(2029, 2, 10), d(2029, 2, 18)),  # voorjaar 2028-29
        (d(2029, 4, 28), d(2029, 5, 6)),  # mei 2028-29
        (d(2029, 7, 14), d(2029, 8, 26)),  # zomer 2028-29
        (d(2029, 10, 13), d(2029, 10, 21)),  # herfst 2029-30
        (d(2029, 12, 22), d(2030, 1, 6)),  # kerst 2029-30
        (d(2030, 2, 23), d(2030, 3, 3)),  # voorjaar 2029-30
        (d(2030, 4, 27), d(2030, 5, 5)),  # mei 2029-30
        (d(2030, 7, 6), d(2030, 8, 18)),  # zomer 2029-30
    ],
}

SchoolException = tuple[d, d, str]
"""First date, last date, "vrij" or "open"."""


def easter(year: int) -> d:
    """Easter Sunday in the Gregorian calendar, by the rule of Gauss with its two exceptions."""
    century = year // 100
    shift = (15 - (8 * century + 13) // 25 + century - century // 4) % 30
    moon = (19 * (year % 19) + shift) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + (4 + century - century // 4) % 7) % 7
    if weekday == 6 and (moon == 29 or (moon == 28 and (11 * shift + 11) % 30 < 19)):
        weekday = -1
    return d(year, 3, 22) + timedelta(days=moon + weekday)


def public_holidays(year: int) -> set[d]:
    """The dates of a year on which every school is closed unless it says otherwise."""
    kings_day = d(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day = d(year, 4, 26)
    around_easter = {easter(year) + timedelta(days=n) for n in (-2, 1, 39, 40, 50)}
    return {d(year, 1, 1), kings_day, d(year, 5, 5), d(year, 12, 25), d(year, 12, 26)} | around_easter


def is_school_day(region: str, day: d, exceptions: tuple[SchoolException, ...] = ()) -> bool:
    """Whether a school in the region teaches on a date, its own exceptions included."""
    if day.weekday() >= 5:
        return False
    for first, last, kind in exceptions:
        if first <= day <= last:
            return kind == "open"
    if day in public_holidays(day.year):
        return False
    return not any(first <= day <= last for first, last in HOLIDAYS[region])
