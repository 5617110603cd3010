"""Rows that wait until somebody says what their code means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from attendance.importing.absence_rows import Key, Passed, Record, Waits, code_of
from attendance.importing.cells import Row
from attendance.importing.changes import Change, fields_of, keep_changes, made, values_of
from attendance.importing.children import Child
from attendance.importing.complete import Shield
from attendance.importing.context import Context
from attendance.importing.spans import Entry, Settled
from attendance.models import UnknownCode, WaitingRow
from attendance.models.imports import ChangeKind

Place = tuple[int, Key]
"""Pupil and key: of each there is one waiting row at most, the newest."""


@dataclass(slots=True)
class Queue:
    """The waiting rows of one chunk. A newer row of the same key takes the place of an older one, whatever it says."""

    context: Context
    rows: dict[Place, tuple[Row, Waits]] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    repeated: int = 0
    named: set[Place] = field(default_factory=set)

    @property
    def skipped(self) -> int:
        """Rows that say nothing about absence, or were followed by a newer one in the same file."""
        return len(self.passed) + self.repeated

    def add(self, row: Row, waits: Waits) -> None:
        place = (waits.pupil_id, waits.key)
        self.repeated += place in self.rows
        self.rows[place] = row, waits

    def settle(self, pupil_id: int, entries: Iterable[Entry[Key, Record]], settled: Settled[Key, Record]) -> None:
        """Note which rows of a pupil went in: what waited under their keys no longer has to."""
        for entry in entries:
            if entry.line not in settled.verdicts:
                continue
            place = (pupil_id, entry.key)
            self.named.add(place)
            waiting = self.rows.get(place)
            if waiting and waiting[0].line < entry.line:
                del self.rows[place]
                self.repeated += 1

    def write(self, children: Mapping[int, Child], shields: Mapping[int, Sequence[Shield]]) -> set[int]:
        """Store the rows, and let go what they and the rest of the file replace; the pupils of whom that is so."""
        stood = {
            (row.pupil_id, (row.first, row.lesson)): row
            for row in WaitingRow.objects.filter(pupil__in=children).select_related("unknown_code")
        }
        if not stood and not self.rows:
            return set()
        codes = self.codes()
        changes: list[Change] = []
        replaced = [
            row
            for place, row in stood.items()
            if place not in self.rows
            and (place in self.named or self.passes(place) or self.is_gone(row, children, shields))
        ]
        fresh: list[WaitingRow] = []
        for place, (row, waits) in self.rows.items():
            new = self.made_of(row, waits, codes[waits.school_id, code_of(row).lower()])
            old = stood.get(place)
            if old is not None and says(old) == says(new):
                continue
            if old is not None:
                replaced.append(old)
            fresh.append(new)
        changes += [
            Change(ChangeKind.WAITING, row.pk, values_of(row, fields_of(ChangeKind.WAITING)), {}, row.pupil_id)
            for row in replaced
        ]
        WaitingRow.objects.filter(pk__in=[row.pk for row in replaced]).delete()
        WaitingRow.objects.bulk_create(fresh)
        changes += [made(ChangeKind.WAITING, row, pupil_id=row.pupil_id) for row in fresh]
        keep_changes(self.context.register_import, changes)
        return {row.pupil_id for row in (*replaced, *fresh)}

    def passes(self, place: Place) -> bool:
        return any((one.pupil_id, one.key) == place for one in self.passed)

    def is_gone(self, row: WaitingRow, children: Mapping[int, Child], shields: Mapping[int, Sequence[Shield]]) -> bool:
        """Whether a complete file does not name this row any more."""
        period, school = self.context.complete, self.context.school
        if period is None or school is None or not period.holds(row.first):
            return False
        if any(shield.covers(row) for shield in shields.get(row.pupil_id, ())):
            return False
        stay = children[row.pupil_id].on(row.first)
        return stay is not None and stay.place_id == school.pk

    def codes(self) -> dict[tuple[int, str], UnknownCode]:
        """The codes of the rows, per school; the new ones are made."""
        wanted = {(waits.school_id, code_of(row).lower()): code_of(row) for row, waits in self.rows.values()}
        if not wanted:
            return {}
        UnknownCode.objects.bulk_create(
            [UnknownCode(school_id=school_id, key=key, code=code) for (school_id, key), code in sorted(wanted.items())],
            ignore_conflicts=True,
        )
        rows = UnknownCode.objects.filter(
            school__in={school for school, _key in wanted}, key__in={key for _school, key in wanted}
        )
        return {(row.school_id, row.key): row for row in rows}

    def made_of(self, row: Row, waits: Waits, code: UnknownCode) -> WaitingRow:
        first, lesson = waits.key
        return WaitingRow(
            unknown_code=code,
            register_import=self.context.register_import,
            pupil_id=waits.pupil_id,
            line=row.line,
            cells=row.cells,
            first=first,
            last=waits.last,
            lesson=lesson,
        )


def says(row: WaitingRow) -> tuple[object, ...]:
    """What a waiting row comes to, whatever file it is from."""
    return row.unknown_code_id, row.cells, row.last
