"""How long an uploaded file of 100,000 rows takes: put away, looked through, imported, undone; each by its job.

On the database that DATABASE_URL names, else SQLite on disk. The jobs run in one process of their own.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.bench_import import PUPILS, ROWS, Manage, manage
from tests.benchmarks.register_files import write_absences, write_pupils, write_schools

__all__ = ("manage",)

WORK = """
import json, time, uuid
from datetime import date
from django.core.files.uploadedfile import UploadedFile
from attendance.importing.jobs import ask_undo, check_upload, import_upload, undo_report
from attendance.importing.uploads import Meaning, receive_upload, start_import
from attendance.importing import jobs, uploads
from attendance.models import Absence, FileUpload
from thuiszitters.accounts.models import Membership, School, User

jobs.send_task = uploads.send_task = lambda *arguments: None
school = School.objects.order_by("brin")[0]
by = User.objects.create_user("administratie@school.example", name="Administratie")
Membership.objects.create(user=by, role="administratie", school=school, first=date(2025, 8, 1))
today, seconds, told = date(2026, 7, 10), {}, []

def timed(name, act):
    started = time.monotonic()
    found = act()
    seconds[name] = time.monotonic() - started
    return found

with open(PATH, "rb") as file:
    sent = UploadedFile(file, "verzuim.csv", size=file.seek(0, 2))
    file.seek(0)
    meaning, key = Meaning(through=date(2026, 7, 3)), uuid.uuid4()
    asked = {"kind": "absences", "school": school, "meaning": meaning, "form_key": key, "by": by}
    upload = timed("opbergen", lambda: receive_upload(file=sent, **asked))
timed("controleren", lambda: check_upload(upload.pk, today=today))
upload.refresh_from_db()
start_import(upload=upload, may_move_through=False, may_withdraw=None)
timed("inlezen", lambda: import_upload(upload.pk, today=today))
upload.refresh_from_db()
stored = Absence.objects.count()
ask_undo(report=upload.register_import, by=by)
timed("ongedaan", lambda: undo_report(upload.register_import_id, today=today))
left = Absence.objects.standing().count()
print(json.dumps({"seconds": seconds, "found": upload.found["created"], "stored": stored, "left": left}))
"""


@pytest.mark.slow
def test_a_hundred_thousand_rows_through_the_jobs(manage: Manage, tmp_path: Path) -> None:
    schools, pupils, absences = (tmp_path / name for name in ("schools", "pupils", "absences"))
    write_schools(schools)
    write_pupils(pupils, PUPILS, schools=1)
    write_absences(absences, pupils=PUPILS, rows=ROWS)
    manage("import_register", "schools", str(schools))
    manage("import_register", "pupils", str(pupils))

    printed, _seconds, processor, megabytes = manage("shell", "--command", f"PATH = {str(absences)!r}\n{WORK}")

    result = json.loads(printed)
    for name, seconds in result["seconds"].items():
        print(f"{name:12} {seconds:6.1f} s")  # noqa: T201 - what it is for
    print(f"samen {processor:.1f} s processor, {megabytes} MB")  # noqa: T201
    assert (result["found"], result["stored"], result["left"]) == (ROWS, ROWS, 0)
