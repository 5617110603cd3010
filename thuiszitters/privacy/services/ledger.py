"""The file outside the database that says what was destroyed, and doing it again after a restore."""

from __future__ import annotations

import fcntl
import json
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from attendance.models import Pupil
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import Alliance, School
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import DestructionRun, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import Order, destroy_parts, leave_nothing_in_freed_pages
from thuiszitters.privacy.services.holdings import Holdings
from thuiszitters.privacy.services.marks import key_mark, pupil_mark

FILE_NAME = "vernietigd.jsonl"
BATCH = 500


class LedgerError(Exception):
    """The file cannot be read as it is. The text is Dutch and says what to do."""


def ledger_path() -> Path:
    """Where it stands."""
    return Path(settings.DESTRUCTION_LEDGER_DIR) / FILE_NAME


def write_ledger() -> int:
    """Add tombstones that are not in the file yet; how many. One that is written twice is read once."""
    path, written = ledger_path(), 0
    while rows := list(
        Tombstone.objects.filter(in_ledger=False).select_related("school", "alliance").order_by("at", "pk")[:BATCH]
    ):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # What a crash cut off half-way was not marked as written, and follows now.
            file.truncate(file.read().rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.writelines(json.dumps(line_of(row)).encode() + b"\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())
        Tombstone.objects.filter(pk__in=[row.pk for row in rows]).update(in_ledger=True)
        written += len(rows)
    return written


def line_of(row: Tombstone) -> dict[str, Any]:
    """A tombstone as a line of the file."""
    return {
        "code": str(row.code),
        "key": key_mark(),
        "run": str(row.run_code),
        "pupil": row.pupil_key,
        "identity": row.identity_key,
        "short": row.short,
        "class": row.data_class,
        "school": row.school.brin if row.school else "",
        "alliance": str(row.alliance.code) if row.alliance else "",
        "through": row.through.isoformat(),
        "term": row.term,
        "rows": row.rows,
        "whole": row.whole,
        "at": row.at.isoformat(),
    }


@dataclass
class Replayed:
    """What a replay came to: tombstones that were missing here, pupils of whom something was destroyed again,
    tombstones of a school or alliance that is not here, and lines under another key, which say of nobody here whom they
    are about."""

    missing: int = 0
    pupils: int = 0
    unknown: int = 0
    other_key: int = 0


def replay(path: Path) -> Replayed:
    """Destroy again what the file says was destroyed and this database does not know of. May stop and run again.

    Lines under another key are passed over: after a change of DIGEST_KEY the older ones can only be done with the older
    key. Whoever calls has to tell: something that was destroyed can still be here.
    """
    result = Replayed()
    schools = dict(School.objects.order_by().values_list("brin", "pk"))
    alliances = {str(code): pk for code, pk in Alliance.objects.order_by().values_list("code", "pk")}
    known = {str(code) for code in Tombstone.objects.order_by().values_list("code", flat=True)}
    runs = {str(code): pk for code, pk in DestructionRun.objects.order_by().values_list("code", "pk")}
    by_pupil: dict[str, list[Tombstone]] = defaultdict(list)
    for line in read(path):
        if line["code"] in known:
            continue
        if line["key"] != key_mark():
            result.other_key += 1
            continue
        known.add(line["code"])
        row = tombstone_of(line, schools, alliances, runs)
        if row is None:
            result.unknown += 1
            continue
        by_pupil[row.pupil_key].append(row)
        result.missing += 1
    leave_nothing_in_freed_pages()
    here = {pupil_mark(code): pk for pk, code in Pupil.objects.order_by().values_list("pk", "code")} if by_pupil else {}
    for mark, tombstones in by_pupil.items():
        try:
            result.pupils += destroy_again(here.get(mark), tombstones)
        except ProtectedError:
            # What rests on it is in a line under the other key. It goes first; this follows with the next replay.
            if not result.other_key:
                raise
            result.missing -= len(tombstones)
    return result


def destroy_again(pupil_id: int | None, tombstones: list[Tombstone]) -> bool:
    """Put these tombstones back, of one pupil, and destroy what they say; whether there was anything."""
    order = list(DataClass)
    with transaction.atomic():
        Tombstone.objects.bulk_create(tombstones)
        if pupil_id is None or not lock_pupils([pupil_id]):
            return False
        found = False
        for row in sorted(tombstones, key=lambda row: order.index(DataClass(row.data_class))):
            # Read anew each time: what goes with one class can change whose the rest is.
            holdings = Holdings([pupil_id], today=row.through)
            if pupil_id not in holdings.pupils:
                break
            holder = Holder(row.school_id, row.alliance_id)
            part = holdings.part(pupil_id, holder, DataClass(row.data_class), row.through)
            if part is not None:
                found = True
                destroy_parts([part], Order(row.run_code, None, row.at, {}), leave_tombstones=False)
        return found


def tombstone_of(
    line: dict[str, Any], schools: dict[str, int], alliances: dict[str, int], runs: dict[str, int]
) -> Tombstone | None:
    """A line as a row of this database, not saved; None when its school or alliance is not here."""
    school_id, alliance_id = schools.get(line["school"]), alliances.get(line["alliance"])
    if school_id is None and alliance_id is None:
        return None
    return Tombstone(
        code=UUID(line["code"]),
        run_id=runs.get(line["run"]),
        run_code=UUID(line["run"]),
        pupil_key=line["pupil"],
        identity_key=line["identity"],
        short=line["short"],
        data_class=line["class"],
        school_id=school_id,
        alliance_id=alliance_id,
        through=date.fromisoformat(line["through"]),
        term=line["term"],
        rows=line["rows"],
        whole=line["whole"],
        at=datetime.fromisoformat(line["at"]),
        in_ledger=True,
    )


def read(path: Path) -> Iterable[dict[str, Any]]:
    """The lines of the file. A last line that was cut off by a crash is passed over: its tombstone was not marked as
    written, and follows in a later line."""
    try:
        lines = path.read_text().split("\n")
    except OSError as error:
        raise LedgerError(f"{path} kan niet gelezen worden: {error.strerror}. Noem het bestand met --file.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except json.JSONDecodeError as error:
            if number == len(lines):
                return
            raise LedgerError(f"Regel {number} van {path} is beschadigd. Neem een gave kopie.") from error
