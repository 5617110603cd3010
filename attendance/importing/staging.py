"""Rows on their way in, put in order: all rows of one child (or school) together.

So each child is read, checked and evaluated once, and it does not matter in which order its rows stand in the file.
They wait in a nameless temporary database on disk that is gone with this process: memory does not grow with the file,
and nothing of it stays behind.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType

from attendance.importing.cells import DATES, Row
from attendance.importing.slashed_dates import SlashedDates

SCHEMA = "CREATE TABLE staged (owner TEXT, line INTEGER, cells TEXT)"
INSERT = "INSERT INTO staged VALUES (?, ?, ?)"
IN_ORDER = "SELECT owner, line, cells FROM staged ORDER BY owner, line"
MOST_OF_ONE_OWNER = 10
"""Chunks are as long as asked, or as all rows of one owner; at most so many times as long."""


class Staging:
    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute(SCHEMA)
        self.size = 0
        self.dates = SlashedDates()
        self.date_places = [place for place, column in enumerate(self.columns) if column in DATES]

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.database.close()

    def put(self, rows: Iterable[tuple[str, int, list[str]]]) -> None:
        """Take in rows: whose they are, their line, and their cells in the order of `columns`."""

        def counted() -> Iterator[tuple[str, int, str]]:
            for owner, line, cells in rows:
                self.size += 1
                self.dates.note({self.columns[place]: cells[place] for place in self.date_places})
                yield owner, line, json.dumps(cells)

        self.database.execute("BEGIN")
        self.database.executemany(INSERT, counted())
        self.database.execute("COMMIT")

    def chunks(self, size: int) -> Iterator[list[Row]]:
        """Give the rows out, some `size` at a time, those of one owner in one chunk. May be called again."""
        chunk: list[Row] = []
        previous: str | None = None
        for owner, line, cells in self.database.execute(IN_ORDER):
            full = len(chunk) >= size and owner != previous
            if full or len(chunk) >= size * MOST_OF_ONE_OWNER:
                yield chunk
                chunk = []
            previous = owner
            row = dict(zip(self.columns, json.loads(cells), strict=True))
            chunk.append(Row(line, self.dates.rewritten(row)))
        if chunk:
            yield chunk
