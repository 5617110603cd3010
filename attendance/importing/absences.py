"""Absence records from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from attendance.importing import cells
from attendance.importing.absence_rows import Key, Passed, Record, Waits, lesson_of
from attendance.importing.absence_writes import AbsenceWrites, Ids, Stood
from attendance.importing.cells import Row
from attendance.importing.children import Child, Children, Stay
from attendance.importing.complete import Shield, disappearing
from attendance.importing.context import Context
from attendance.importing.day_part_rows import PART, joined_parts, minutes_of_part, part_of
from attendance.importing.known_schools import KnownSchools
from attendance.importing.placing import ChunkResult, NotNamed, Placed, overlaps, read_rows
from attendance.importing.queue import Queue
from attendance.importing.reasons import KnownReason, KnownReasons, NoAbsence, UnknownReason
from attendance.importing.refusals import RefusedRow
from attendance.importing.spans import Entry, Settled, settle
from attendance.importing.standing import imported_at, pupils_with_records
from attendance.models import Absence, Pupil

ONE_DATE = "zet in tot dezelfde datum als in van"


class Absences:
    required: ClassVar[tuple[str, ...]] = ("leerlingnummer", "van", "reden")
    optional: ClassVar[tuple[str, ...]] = ("brin", "tot", "minuten", "lesuur", PART)
    owner: ClassVar[str] = "leerlingnummer"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()
        self.reasons = KnownReasons.read()
        self.seen: set[int] = set()
        """Whoever a row of the file so far can be about."""

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        return self.take(Children.of(rows, self.context, self.schools), rows)

    def pupils_without_rows(self) -> list[int]:
        """Pupils with records in the period of a complete file, whom no row of it names."""
        period, school = self.context.complete, self.context.school
        if period is None or school is None:
            return []
        return [pk for pk in pupils_with_records(school, period) if pk not in self.seen]

    def import_without_rows(self, pupil_ids: Sequence[int]) -> ChunkResult:
        """What the silence of a complete file means for these."""
        pupils = Pupil.objects.filter(pk__in=pupil_ids)
        return self.take(Children.among(pupils, self.context, self.schools), ())

    def take(self, children: Children, rows: Sequence[Row]) -> ChunkResult:
        """Check the rows of these children, and what a complete file does not say of them, and write it."""
        self.seen |= children.ids
        standing, ids = self.standing(children.ids)
        queue = Queue(self.context)
        rows = joined_parts(rows)

        def read(row: Row) -> tuple[int, Entry[Key, Record]]:
            child = children.of_row(row)
            children.check_day(child, cells.required_day(row, "van"))
            key, record = self.record(row, child)
            return child.pk, Entry(key, record, row.line)

        by_owner, stopped = read_rows(rows, read)
        placed: Placed[Key, Record] = Placed()
        shields: dict[int, list[Shield]] = defaultdict(list)
        for row, why in stopped:
            if isinstance(why, Passed):
                queue.passed.append(why)
                continue
            for child in children.meant_by(row):
                shields[child.pk].append(shield_of(row))
            if isinstance(why, Waits):
                queue.add(row, why)
            else:
                placed.result.refusals.append(why.on(row.line))
        withdrawn: list[tuple[int, Key]] = []
        imported = imported_at(self.context.school, ids.values()) if self.context.complete else set()
        for child in children.each if self.context.complete else [Child(pk) for pk in by_owner]:
            entries = by_owner.get(child.pk, [])
            records = standing.get(child.pk, {})
            could_go = self.could_go(child, records)
            by_file = {key: record for key, record in could_go.items() if ids[child.pk, key] in imported}
            settled, gone = self.settled(by_file, records, entries, shields[child.pk])
            placed.add(child.pk, settled)
            placed.result.refusals += overlaps(settled, entries, self.described, "van")
            queue.settle(child.pk, entries, settled)
            withdrawn += [(child.pk, key) for key in gone]
            by_others = {key: record for key, record in could_go.items() if key not in by_file}
            unnamed = self.missing(by_others, {entry.key for entry in entries}, shields[child.pk])
            placed.result.counts["standing"] += len(by_file)
            placed.result.gone += [self.not_named(child, key, gone, ids) for key in gone]
            placed.result.unnamed += [self.not_named(child, key, unnamed, ids) for key in unnamed]
        counts = placed.result.counts
        counts.update(refused=len(placed.result.refusals), waiting=len(queue.rows), skipped=queue.skipped)
        placed.result.owners |= {pupil_id for pupil_id, _key in queue.rows}
        if not self.context.rehearsal:
            AbsenceWrites(self.context, standing, ids).write(placed, withdrawn)
            changed = queue.write({child.pk: child for child in children.each}, shields)
            written = (*placed.created, *placed.updated, *withdrawn)
            placed.result.touched = changed | {pupil_id for pupil_id, _what in written}
        return placed.result

    # What stands

    def standing(self, pupil_ids: set[int]) -> tuple[Stood, Ids]:
        """The records that stand of each pupil, and their primary keys."""
        found: dict[int, dict[Key, Record]] = defaultdict(dict)
        ids = {}
        rows = Absence.objects.standing().filter(pupil__in=pupil_ids).order_by()
        for pk, pupil_id, first, last, minutes, lesson, reason_id in rows.values_list(
            "pk", "pupil_id", "first", "last", "minutes", "lesson", "reason_id"
        ):
            found[pupil_id][first, lesson] = Record(first, last, minutes, reason_id)
            ids[pupil_id, (first, lesson)] = pk
        return found, ids

    # What a complete file does not name

    def could_go(self, child: Child, records: Mapping[Key, Record]) -> dict[Key, Record]:
        """The records that a complete file is about: begun in its period, on a date at its school."""
        period, school = self.context.complete, self.context.school
        if period is None or school is None:
            return {}
        return {
            key: record
            for key, record in records.items()
            if period.holds(record.first) and (stay := child.on(record.first)) and stay.place_id == school.pk
        }

    def settled(
        self,
        could_go: Mapping[Key, Record],
        records: Mapping[Key, Record],
        entries: Sequence[Entry[Key, Record]],
        shields: Sequence[Shield],
    ) -> tuple[Settled[Key, Record], dict[Key, Record]]:
        """What becomes of a child's rows, and which records go: these make room first.

        A row that even so finds no room is a row in doubt: what it overlaps with stays after all, and all is settled
        once more.
        """
        gone = dict(could_go)
        named = {entry.key for entry in entries}
        doubts = list(shields)
        while True:
            gone = self.missing(gone, named, doubts)
            settled = settle({key: record for key, record in records.items() if key not in gone}, entries)
            refused = [entry.period for entry in entries if entry.line in settled.refused]
            doubts = [Shield(period.first, period.last) for period in refused]
            if not any(doubt.covers(record) for doubt in doubts for record in gone.values()):
                return settled, gone

    def missing(
        self, records: Mapping[Key, Record], named: Iterable[Key], shields: Iterable[Shield]
    ) -> dict[Key, Record]:
        """Those of the records that a complete file does not name; none when it is not complete."""
        period = self.context.complete
        return disappearing(records, named, shields, period) if period else {}

    def not_named(self, child: Child, key: Key, records: Mapping[Key, Record], ids: Ids) -> NotNamed:
        record = records[key]
        code = self.reasons.codes[record.reason_id]
        return NotNamed(ids[child.pk, key], child.pk, record.first, record.last, code)

    # What a row says

    def record(self, row: Row, child: Child) -> tuple[Key, Record]:
        """What the row says. An empty `tot` is an open end, also for a record that had one."""
        first, last = cells.period(row)
        minutes = cells.minutes(row, "minuten", least=1, most=cells.MINUTES_OF_A_DAY)
        lesson = lesson_of(row)
        part = part_of(row)
        if (minutes is not None or lesson or part) and last != first:
            column = "minuten" if minutes is not None else PART if part else "lesuur"
            raise RefusedRow(column, "kan alleen bij één datum", ONE_DATE)
        stay = child.on(first)
        key = (first, lesson)
        if minutes is None and part:
            minutes = minutes_of_part(row, stay, self.schools)
        reason = self.reason(row, key, last, child)
        if minutes is None and reason.minutes_required:
            raise RefusedRow("minuten", f"is leeg, en {reason.code} is altijd een deel van een dag", "vul minuten in")
        if minutes is None and lesson and not part:
            minutes = self.lesson_minutes(stay)
        return key, Record(first, last, minutes, reason.pk)

    def reason(self, row: Row, key: Key, last: date | None, child: Child) -> KnownReason:
        """The reason of a row; raises RefusedRow, and of those Passed and Waits for who is not to be told of them."""
        stay = child.on(key[0])
        schools = self.schools_of(row, stay)
        try:
            return self.reasons.of_row(row, schools, key[0])
        except NoAbsence as passed:
            raise Passed(passed, child.pk, key) from passed
        except UnknownReason as unknown:
            if not self.context.queue_unknown or not schools:
                raise
            if key[1] and not row.cells.get("minuten") and not part_of(row):
                self.lesson_minutes(stay)
            raise Waits(unknown, child.pk, key, last, schools[0]) from unknown

    def schools_of(self, row: Row, stay: Stay | None) -> tuple[int, ...]:
        """Schools whose own codes the row can use: place of teaching, school of enrolment, the one named."""
        named = self.schools.by_brin.get(cells.brin(row, "brin")) or self.context.school
        of_stay = (stay.place_id, stay.school_id) if stay else ()
        return (*of_stay, *([named.pk] if named else []))

    def lesson_minutes(self, stay: Stay | None) -> int:
        """The length of a lesson where the pupil is taught that day."""
        if stay is None:
            raise RefusedRow("lesuur", "de leerling is die dag niet ingeschreven", "vul minuten in")
        school = self.schools.by_id[stay.place_id]
        if not school.lesson_minutes:
            raise RefusedRow(
                "lesuur", f"van school {school.brin} is de lengte van een les niet bekend", "vul minuten in"
            )
        return school.lesson_minutes

    def described(self, record: Record) -> str:
        part = f", {record.minutes} minuten" if record.minutes is not None else ""
        return f"verzuim ({self.reasons.codes[record.reason_id]}{part}) {cells.span(record.first, record.last)}"


def shield_of(row: Row) -> Shield:
    """What a row that is not taken may have confirmed, as far as its dates can be read."""
    try:
        return Shield(*cells.period(row))
    except RefusedRow:
        pass
    try:
        return Shield(cells.required_day(row, "van"))
    except RefusedRow:
        return Shield()
