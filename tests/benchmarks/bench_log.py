"""How long the log takes when there is much in it: the page of the privacy officer with each filter, who looked at a
pupil, what is out of the ordinary, sealing and verifying.

On PostgreSQL. Prints the best of two times: what is measured is the query and not the disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from attendance.models import Pupil
from tests.benchmarks.log_rows import fill_log
from thuiszitters.accounts.grants import act_as
from thuiszitters.accounts.listings.log_lines import lines_of
from thuiszitters.accounts.listings.log_pages import LAST_PAGE, page_of
from thuiszitters.accounts.listings.reads import (
    Question,
    alerts_of_last_week,
    answer,
    entries_visible_to,
    reads_by_person,
    reads_visible_to,
)
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services import sealing
from thuiszitters.audit.services.sealing import verify
from thuiszitters.privacy.listings.readers import reads_of
from thuiszitters.privacy.services.alerts import find_alerts

ROWS, BATCHES = 200_000, 40
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
PAGE_MS, JOB_SECONDS = 100, 2


def measured(what: str, work: Callable[[], object], most: float, unit: str = "ms") -> float:
    """The best of two, in `unit`; printed."""
    times = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * (1000 if unit == "ms" else 1))
    print(f"{what:44} {min(times):8.1f} {unit:3} (hoogstens {most:g})")  # noqa: T201 - what it is for
    return min(times)


def questions(person: User, pupil: Pupil) -> dict[str, Question]:
    request_id = Entry.objects.filter(subject=pupil.code).earliest("at").request_id
    month = (TODAY - MONTH, TODAY)
    year = (TODAY - YEAR, TODAY)
    return {
        "bladzijde: een maand": Question(*month),
        "bladzijde: een jaar": Question(*year),
        "bladzijde: een jaar, wie": Question(*year, person=person),
        "bladzijde: een jaar, leerling": Question(*year, pupil=pupil.code.hex[:8]),
        "bladzijde: een jaar, soort": Question(*year, kind="export"),
        "bladzijde: een jaar, soort die er niet is": Question(*year, kind="opvallend"),
        "bladzijde: een jaar, woord": Question(*year, page="melding"),
        "bladzijde: een jaar, woord dat er niet is": Question(*year, page="bestaat niet"),
        "bladzijde: een handeling": Question(*year, request_id=request_id),
    }


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_full_log() -> None:
    fg = fill_log(ROWS, NOW.isoformat())
    print(f"{ROWS} regels")  # noqa: T201 - what it is for
    person, pupil = User.objects.order_by("pk")[7], Pupil.objects.order_by("pk")[77]
    coo = User.objects.filter(memberships__school=pupil.enrolments.get().school).order_by("pk")[0]
    act_as(fg, {Role.FG})
    act_as(coo, {Role.COO})
    entries = entries_visible_to(fg)

    slow = {}
    for what, question in questions(person, pupil).items():
        found = answer(entries, question)
        slow[what] = measured(what, lambda found=found: lines_of(page_of(found, "1").entries), PAGE_MS)  # type: ignore[misc]
    year = answer(entries, Question(TODAY - YEAR, TODAY))
    measured("bladzijde: de laatste van een jaar", lambda: page_of(year, str(LAST_PAGE)), 10 * PAGE_MS)
    slow["wie keek"] = measured("wie bij deze leerling keek", lambda: reads_of(pupil.code, coo), PAGE_MS)
    slow["opvallend"] = measured("opvallend deze week", lambda: alerts_of_last_week(fg, TODAY), PAGE_MS)
    measured("wie deze week wat opende", lambda: reads_by_person(reads_visible_to(fg), TODAY), 3 * PAGE_MS)
    measured("zoeken wat opvalt", lambda: find_alerts(now=NOW), JOB_SECONDS, "s")

    seal = sealing._seal_batch
    for _ in range(BATCHES - 2):
        seal(NOW)
    measured(f"een groep van {sealing.BATCH} verzegelen", lambda: seal(NOW), JOB_SECONDS * 1000)
    verdict = verify()
    measured(f"{verdict.entries} regels controleren", verify, JOB_SECONDS, "s")

    assert (verdict.fault, verdict.entries) == ("", BATCHES * sealing.BATCH)
    assert {what: took for what, took in slow.items() if took > PAGE_MS} == {}
