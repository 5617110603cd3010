"""Recording, changing, closing and withdrawing absence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import Settings

from attendance.models import Absence, AbsenceVersion, Crossing, Pupil
from attendance.services.absences import (
    AbsenceError,
    AbsenceOverlap,
    Content,
    Recorded,
    change_absence,
    close_absence,
    record_absence,
    withdraw_absence,
)
from tests import factories
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 26)
MONDAY = date(2026, 1, 12)
FRIDAY = date(2026, 1, 23)


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = ()


@pytest.fixture
def child() -> Pupil:
    return factories.pupil(factories.school(complete_through=TODAY))


@pytest.fixture
def by() -> User:
    return factories.user()


def record(child: Pupil, by: User, first: date = MONDAY, last: date | None = None, **fields: Any) -> Recorded:
    values = {"reason": factories.reason("ziek")} | fields
    return record_absence(pupil=child, first=first, last=last, by=by, today=TODAY, **values)


def rows() -> list[tuple[date, date | None, int | None, str]]:
    found = Absence.objects.standing().order_by("first", "lesson")
    return [(row.first, row.last, row.minutes, row.reason.code) for row in found]


def test_recording_gives_the_crossing_at_once(child: Pupil, by: User) -> None:
    recorded = record(child, by)

    assert recorded.absence.entered_by == by
    assert [row.rule for row in recorded.outcome.created if row.rule != "structureel"] == ["ziek-7d", "thuis-2w"]
    assert {row.cause for row in Crossing.objects.all()} == {"verzuim ingevoerd"}


def test_recording_the_same_again_changes_nothing(child: Pupil, by: User) -> None:
    first = record(child, by)

    again = record(child, by)

    assert again.absence == first.absence
    assert not again.outcome.changed
    assert (Absence.objects.count(), AbsenceVersion.objects.count()) == (1, 0)


def test_overlap_is_refused_and_names_both(child: Pupil, by: User) -> None:
    standing = record(child, by, MONDAY, FRIDAY).absence

    with pytest.raises(AbsenceOverlap) as refused:
        record(child, by, FRIDAY, None, reason=factories.reason("luxe"))

    assert refused.value.standing == standing
    assert str(refused.value) == (
        "“Op vakantie zonder toestemming” sinds vr 23 jan, tot nader bericht overlapt met wat er al staat: "
        "“Ziek” ma 12 jan t/m vr 23 jan. Wijzig of trek dat eerst in."
    )
    assert rows() == [(MONDAY, FRIDAY, None, "ziek")]


@pytest.mark.parametrize(
    ("dates", "part", "stands"),
    [
        ((date(2026, 1, 9), date(2026, 1, 11)), (None, 0), True),
        ((date(2026, 1, 9), MONDAY), (None, 0), False),
        ((date(2026, 1, 14), date(2026, 1, 15)), (None, 0), False),
        ((date(2026, 1, 17), None), (None, 0), True),
        ((date(2026, 1, 16), None), (None, 0), False),
        ((MONDAY, MONDAY), (60, 2), False),
        ((date(2026, 1, 19), date(2026, 1, 19)), (None, 0), False),
        ((date(2026, 1, 19), date(2026, 1, 19)), (50, 1), False),
        ((date(2026, 1, 19), date(2026, 1, 19)), (50, 2), True),
    ],
)
def test_two_records_do_not_claim_the_same_minutes(
    child: Pupil, by: User, dates: tuple[date, date | None], part: tuple[int | None, int], stands: bool
) -> None:
    (first, last), (minutes, lesson) = dates, part
    record(child, by, MONDAY, date(2026, 1, 16) if first < date(2026, 1, 18) else MONDAY)
    if first > date(2026, 1, 18):
        record(child, by, date(2026, 1, 19), date(2026, 1, 19), minutes=50, lesson=1)
    before = rows()
    fields = {"minutes": minutes, "lesson": lesson, "reason": factories.reason("onbekend")}

    if stands:
        record(child, by, first, last, **fields)
        assert (first, last, minutes, "onbekend") in rows()
    else:
        with pytest.raises(AbsenceOverlap):
            record(child, by, first, last, **fields)
        assert rows() == before


def test_withdrawn_record_and_another_pupil_are_no_obstacle(child: Pupil, by: User) -> None:
    withdraw_absence(absence=record(child, by).absence, by=by, today=TODAY)
    record(factories.pupil(), by)

    record(child, by)

    assert len(rows()) == 2


@pytest.mark.parametrize(
    ("last", "mark", "message"),
    [
        (date(2026, 1, 9), ("ziek", None), "laatste dag ligt vóór de eerste"),
        (MONDAY, ("ziek", 0), "minstens 1 minuut"),
        (FRIDAY, ("ziek", 60), "hoort bij één dag"),
        (None, ("ziek", 60), "hoort bij één dag"),
        (MONDAY, ("telaat", None), "hoeveel minuten"),
    ],
)
def test_record_that_cannot_be_is_refused(
    child: Pupil, by: User, last: date | None, mark: tuple[str, int | None], message: str
) -> None:
    code, minutes = mark

    with pytest.raises(AbsenceError, match=message):
        record(child, by, MONDAY, last, minutes=minutes, reason=factories.reason(code))

    assert rows() == []


def test_change_keeps_what_it_was_and_counts_anew(child: Pupil, by: User) -> None:
    absence = record(child, by).absence
    content = Content(date(2026, 1, 14), None, factories.reason("geoorloofd"))

    changed = change_absence(absence=absence, content=content, by=by, today=TODAY)

    assert rows() == [(date(2026, 1, 14), None, None, "geoorloofd")]
    version = AbsenceVersion.objects.get()
    assert (version.first, version.last, version.reason.code, version.changed_by) == (MONDAY, None, "ziek", by)
    assert {row.rule for row in changed.outcome.withdrawn} == {"ziek-7d", "thuis-2w"}

    change_absence(absence=absence, content=content, by=by, today=TODAY)
    assert AbsenceVersion.objects.count() == 1


def test_change_into_another_record_is_refused(child: Pupil, by: User) -> None:
    record(child, by, MONDAY, MONDAY)
    other = record(child, by, FRIDAY, FRIDAY).absence

    with pytest.raises(AbsenceOverlap):
        change_absence(absence=other, content=Content(MONDAY, FRIDAY, factories.reason("ziek")), by=by, today=TODAY)

    assert len(rows()) == 2


def test_change_of_a_withdrawn_record_is_refused(child: Pupil, by: User) -> None:
    absence = record(child, by).absence
    withdraw_absence(absence=absence, by=by, today=TODAY)

    with pytest.raises(AbsenceError, match="intussen ingetrokken"):
        change_absence(absence=absence, content=Content(MONDAY, None, absence.reason), by=by, today=TODAY)


@pytest.mark.parametrize(
    ("last", "back_on", "expected"),
    [
        (None, date(2026, 1, 15), [(MONDAY, date(2026, 1, 14))]),
        (FRIDAY, date(2026, 1, 15), [(MONDAY, date(2026, 1, 14))]),
        (FRIDAY, date(2026, 1, 24), [(MONDAY, FRIDAY)]),
        (None, date(2026, 1, 13), [(MONDAY, MONDAY)]),
        (None, MONDAY, []),
        (None, date(2026, 1, 9), []),
    ],
)
def test_pupil_who_is_back_was_absent_until_the_day_before(
    child: Pupil, by: User, last: date | None, back_on: date, expected: list[tuple[date, date]]
) -> None:
    absence = record(child, by, MONDAY, last).absence

    close_absence(absence=absence, back_on=back_on, by=by, today=TODAY)

    assert [row[:2] for row in rows()] == expected


def test_pupil_cannot_be_back_later_than_it_was(child: Pupil, by: User) -> None:
    absence = record(child, by, MONDAY, date(2026, 1, 14)).absence

    with pytest.raises(AbsenceError, match="al afgesloten"):
        close_absence(absence=absence, back_on=date(2026, 1, 16), by=by, today=TODAY)


def test_withdrawing_takes_the_crossings_back_and_may_be_repeated(child: Pupil, by: User) -> None:
    absence = record(child, by).absence

    first = withdraw_absence(absence=absence, by=by, today=TODAY)
    second = withdraw_absence(absence=absence, by=by, today=TODAY)

    assert first.absence.withdrawn_by == by
    assert {row.withdrawn_cause for row in first.outcome.withdrawn} == {"verzuim ingetrokken"}
    assert not second.outcome.changed
    assert not Crossing.objects.standing().exists()
    assert AbsenceVersion.objects.count() == 1
