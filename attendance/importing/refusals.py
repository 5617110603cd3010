"""How an import says no: to one row, or to a whole file. Every refusal says what to do about it, in Dutch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A row that was not imported. `line` counts from 1, the header; `column` is empty when the whole row is meant."""

    line: int
    column: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        """Such as "regel 12, kolom tot: ligt voor van (zet de datums goed)"."""
        place = f"regel {self.line}, kolom {self.column}" if self.column else f"regel {self.line}"
        return f"{place}: {self.reason} ({self.remedy})"


class RefusedRow(Exception):  # noqa: N818 - a row is refused; nothing is wrong with the program
    """Raised while a row is read or placed."""

    def __init__(self, column: str, reason: str, remedy: str) -> None:
        super().__init__(column, reason, remedy)
        self.column = column
        self.reason = reason
        self.remedy = remedy

    def on(self, line: int) -> Refusal:
        """The refusal of the row that starts on `line`."""
        return Refusal(line, self.column, self.reason, self.remedy)


class SkippedRow(Exception):  # noqa: N818 - the same
    """Raised for a row that says nothing we keep: it is counted, and is no mistake."""


class RefusedFile(Exception):  # noqa: N818 - the same
    """The file as a whole, or what was asked with it, makes no sense: nothing was imported."""
