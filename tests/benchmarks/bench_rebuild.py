"""How long 100,000 pupils take: everything from nothing, a night with nothing due, and one save.

Runs on the database that DATABASE_URL names; the budgets hold for PostgreSQL on 2 cores that have nothing else to do.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from pytest_django import Settings

from attendance.models import Absence, Crossing, Group, Pupil
from attendance.services.absences import record_absence, withdraw_absence
from attendance.services.due import evaluate_due
from attendance.services.rebuild import rebuild
from attendance.services.registers import Mark, take_register
from tests import factories
from tests.benchmarks.generate import generate

PUPILS = 100_000
TODAY = date(2026, 6, 12)
REBUILD_SECONDS, NIGHT_SECONDS, SAVE_MS, REGISTER_MS = 20, 2, 15, 100
TIMES = 100
TIMES_OF_REGISTER = 30


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = ()


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def processor() -> float:
    """Seconds of processor that this process and its children took (not the database server's)."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def say(what: str, value: float, unit: str, budget: float) -> None:
    print(f"{what:44} {value:8.1f} {unit:3} (hoogstens {budget})")  # noqa: T201 - what it is for


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hundred_thousand_pupils() -> None:
    print(generate(PUPILS, TODAY, by_register=0.2))  # noqa: T201 - what it is for

    began = processor()
    seconds = milliseconds(lambda: rebuild(today=TODAY, finished=TODAY, cause="meting")) / 1000
    say("iedereen opnieuw tellen", seconds, "s", REBUILD_SECONDS)
    say("  daarvan rekentijd buiten de database", processor() - began, "s", 2 * REBUILD_SECONDS)
    say("  meeste geheugen van een proces", peak_of_children(), "MB", 250)
    assert Crossing.objects.count() > PUPILS / 10

    night = milliseconds(lambda: evaluate_due(today=TODAY, finished=TODAY)) / 1000
    say("een nacht waarin niets verandert", night, "s", NIGHT_SECONDS)

    saves = sorted(each_save())
    say("een afwezigheid opslaan, midden", statistics.median(saves), "ms", SAVE_MS)
    say("een afwezigheid opslaan, 95 van de 100", saves[int(len(saves) * 0.95)], "ms", SAVE_MS)
    registers = sorted(each_register())
    say("een klassenregister van 25, midden", statistics.median(registers), "ms", REGISTER_MS)

    assert seconds < REBUILD_SECONDS
    assert night < NIGHT_SECONDS
    assert saves[int(len(saves) * 0.95)] < SAVE_MS
    assert statistics.median(registers) < REGISTER_MS


def peak_of_children() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def each_save() -> Iterator[float]:
    """Recording one absence, evaluation and commit included."""
    by, reason = factories.user(), factories.reason("ongeoorloofd")
    absent = Absence.objects.filter(last=None).values("pupil")
    for child in Pupil.objects.exclude(pk__in=absent).order_by("pk")[1000 : 1000 + TIMES]:
        Absence.objects.filter(pupil=child, last__gte=TODAY).delete()
        made: list[Absence] = []
        yield milliseconds(
            lambda child=child, made=made: made.append(  # type: ignore[misc]
                record_absence(pupil=child, first=TODAY, last=None, reason=reason, by=by, today=TODAY).absence
            )
        )
        withdraw_absence(absence=made[0], by=by, today=TODAY)


def each_register() -> Iterator[float]:
    """Taking the register of a class with two absent."""
    by, reason = factories.user(), factories.reason("ziek")
    for group in Group.objects.filter(school__complete_through=None).order_by("pk")[:TIMES_OF_REGISTER]:
        ids = list(Pupil.objects.filter(enrolments__group=group).order_by("pk").values_list("pk", flat=True)[:2])
        Absence.objects.filter(pupil__in=ids, last__gte=TODAY).delete()
        Absence.objects.filter(pupil__in=ids, last=None).delete()
        marks = {pk: Mark(reason) for pk in ids}
        yield milliseconds(
            lambda group=group, marks=marks: take_register(  # type: ignore[misc]
                group=group, day=TODAY, marks=marks, by=by, today=TODAY
            )
        )
