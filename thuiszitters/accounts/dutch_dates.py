"""Dates as people say them: "di 3 nov", "over 3 dagen"."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
LONG_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LONG_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def short_date(day: date, today: date) -> str:
    """di 3 nov; with the year when it is not the year of `today`."""
    text = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def full_date(day: date) -> str:
    """di 3 nov 2026: for texts that are kept."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: date, today: date) -> str:
    """dinsdag 3 november; with the year when it is not the year of `today`."""
    text = f"{LONG_WEEKDAYS[day.weekday()]} {day.day} {LONG_MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def period(first: date, last: date | None, today: date) -> str:
    """di 3 nov; ma 2 t/m vr 6 nov; sinds di 3 nov, tot nader bericht."""
    if last is None:
        return f"sinds {short_date(first, today)}, tot nader bericht"
    if first == last:
        return short_date(first, today)
    return f"{short_date(first, today)} t/m {short_date(last, today)}"


def distance(day: date, today: date) -> str:
    """How far `day` lies from `today`, for something that has to be done then."""
    days = (day - today).days
    if days == 0:
        return "vandaag"
    if days == 1:
        return "morgen"
    if days > 1:
        return f"over {days} dagen"
    return "1 dag te laat" if days == -1 else f"{-days} dagen te laat"


def days_ago(day: date, today: date) -> str:
    """How long ago `day` is, for something that happened."""
    days = (today - day).days
    if days == 0:
        return "vandaag"
    return "gisteren" if days == 1 else f"{days} dagen geleden"
