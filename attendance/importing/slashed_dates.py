"""Dates with slashes, such as 03/04/2026: in the Netherlands the third of April, elsewhere the fourth of March."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from attendance.importing.cells import DATES, SLASHED, trimmed


@dataclass(slots=True)
class SlashedDates:
    """What a file shows of how it writes them.

    When some date can only have the day first and none only the month, that goes for the whole file. Otherwise a date
    that can be read in two ways is refused (see cells.parsed_day).
    """

    day_first: bool = False
    month_first: bool = False

    def note(self, cells: Mapping[str, str]) -> None:
        """Look at the dates of a row, by column."""
        for column in DATES.intersection(cells):
            if "/" in cells[column] and (match := SLASHED.fullmatch(trimmed(cells[column]))):
                self.day_first |= int(match[1]) > 12
                self.month_first |= int(match[2]) > 12

    def rewritten(self, cells: dict[str, str]) -> dict[str, str]:
        """A row with its dates in the Dutch way, when it is clear that that is what is meant."""
        if not self.day_first or self.month_first:
            return cells
        return {
            column: cell.replace("/", "-") if column in DATES and SLASHED.fullmatch(trimmed(cell)) else cell
            for column, cell in cells.items()
        }
