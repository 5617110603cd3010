"""The charts of a picture of absence: what is drawn, what the table beside it says, and one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attendance.engine.missed import Cause
from attendance.listings.absence_picture import AbsencePicture, Missed
from thuiszitters.accounts.dutch_dates import short_date

CAUSES = {
    Cause.SICK: "ziek",
    Cause.AUTHORISED: "geoorloofd",
    Cause.UNDECIDED: "reden onbekend",
    Cause.UNAUTHORISED: "ongeoorloofd",
}
"""In the order in which bars are stacked and columns stand."""
TREND, WEEKDAYS, SPREAD = "trend", "weekdagen", "verdeling"
NAMES = (TREND, WEEKDAYS, SPREAD)


@dataclass(frozen=True)
class Chart:
    """`name` is that of its file. `values` are the rows that are drawn, of `x`, `y` and (stacked) `part`."""

    name: str
    title: str
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[dict[str, Any], ...]
    x_title: str
    y_title: str


def charts_of(picture: AbsencePicture) -> tuple[Chart, ...]:
    """All charts of a picture; none when nothing is known."""
    return tuple(chart_of(picture, name) for name in NAMES) if picture.weeks else ()


def chart_of(picture: AbsencePicture, name: str) -> Chart:
    """The chart with this name (one of NAMES)."""
    if name == TREND:
        return trend_of(picture)
    return weekdays_of(picture) if name == WEEKDAYS else spread_of(picture)


def trend_of(picture: AbsencePicture) -> Chart:
    most = max(picture.weeks, key=lambda week: week.tenths())
    monday = "" if most.first is None else short_date(most.first, picture.last)
    return stacked(
        TREND,
        "Verzuim per lesweek",
        f"Gemiddeld {dutch_number(picture.total.tenths())}% van de lestijd gemist; het meest in de week van {monday}: "
        f"{dutch_number(most.tenths())}%.",
        picture.weeks,
        x_title="lesweek",
    )


def weekdays_of(picture: AbsencePicture) -> Chart:
    days = [day for day in picture.weekdays if day.expected]
    most, least = max(days, key=lambda day: day.tenths()), min(days, key=lambda day: day.tenths())
    if most.tenths() == least.tenths():
        summary = f"Op elke dag evenveel: {dutch_number(most.tenths())}% van de lestijd."
    else:
        summary = (
            f"Het meest op {most.label} ({dutch_number(most.tenths())}%), het minst op {least.label} "
            f"({dutch_number(least.tenths())}%)."
        )
    return stacked(WEEKDAYS, "Verzuim per dag van de week", summary, picture.weekdays)


def stacked(name: str, title: str, summary: str, rows: tuple[Missed, ...], *, x_title: str = "") -> Chart:
    """Bars of per cents, one a row, in parts by cause."""
    return Chart(
        name,
        title,
        summary,
        (x_title or "dag", *CAUSES.values(), "samen"),
        tuple(
            (
                row.label,
                *(f"{dutch_number(row.tenths(cause))}%" for cause in CAUSES),
                f"{dutch_number(row.tenths())}%",
            )
            for row in rows
        ),
        tuple({"x": row.label, "y": row.tenths(cause), "part": word} for row in rows for cause, word in CAUSES.items()),
        x_title,
        "% van de lestijd",
    )


def spread_of(picture: AbsencePicture) -> Chart:
    nothing = picture.spread[0][1]
    known = picture.pupils - picture.unknown
    return Chart(
        SPREAD,
        "Hoe het verdeeld is",
        f"{nothing} van de {known} leerlingen misten niets; {picture.in_band(picture.bands.high)} misten "
        f"{picture.bands.high}% of meer.",
        ("Gemist", "Leerlingen"),
        tuple((words, str(number)) for words, number in picture.spread),
        tuple({"x": words, "y": number, "part": "leerlingen"} for words, number in picture.spread),
        "gemiste lestijd dit schooljaar",
        "leerlingen",
    )


def dutch_number(number: float) -> str:
    """7,5 and 12."""
    return f"{number:.1f}".replace(".", ",").removesuffix(",0")
