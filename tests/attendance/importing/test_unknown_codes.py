"""Rows with a code that nobody knows yet: they wait, their dates are not known, and they go in once it is mapped."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.facts import facts_of
from attendance.importing.result import ImportResult
from attendance.importing.unknown_codes import discard_waiting_row, map_code
from attendance.models import Absence, Crossing, PupilClock, Reason, RegisterTaken, UnknownCode, WaitingRow
from attendance.services.clocks import evaluate_pupil
from tests import factories
from tests.attendance.importing.files import TODAY, counts, day, imported, one_refusal, school
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;van;tot;reden;minuten;lesuur\n"


@pytest.fixture
def place() -> School:
    at = school()
    for number in ("0001", "0002"):
        factories.pupil(at, number=number)
    return at


def taken(text: str, **options: object) -> ImportResult:
    return imported("absences", HEADER + text, queue_unknown=True, **options)


def records() -> list[tuple[str, date, date | None, str]]:
    rows = Absence.objects.standing().order_by("pupil__number", "first")
    return [(row.pupil.number, row.first, row.last, row.reason.code) for row in rows.select_related("pupil", "reason")]


def test_a_row_with_an_unknown_code_waits_and_the_others_go_in(place: School) -> None:
    result = taken("0001;01-12-2025;02-12-2025;ZK;;\n0002;01-12-2025;;ziek;;\n")
    assert (counts(result), result.waiting) == ((1, 0, 0, 0), 1)
    row = WaitingRow.objects.get()
    assert (row.pupil.number, row.first, row.last, row.line) == ("0001", day("2025-12-01"), day("2025-12-02"), 2)
    assert (row.unknown_code.school, row.unknown_code.code) == (place, "ZK")
    assert result.register_import is not None
    assert result.register_import.waiting == 1


def test_without_the_queue_it_is_refused(place: School) -> None:
    result = imported("absences", HEADER + "0001;01-12-2025;;ZK;;\n")
    assert "“ZK” is geen bekende reden" in one_refusal(result)
    assert not WaitingRow.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("0001;01-12-2025;;;;", "reden"),
        ("0001;02-12-2025;01-12-2025;ZK;;", "tot"),
        ("0001;01-12-2025;02-12-2025;ZK;60;", "minuten"),
        ("0001;01-12-2025;01-12-2025;ZK;;3", "lesuur"),
        ("0009;01-12-2025;;ZK;;", "leerlingnummer"),
        ("0001;01-12-2025;;" + "Z" * 81 + ";;", "reden"),
    ],
)
def test_a_row_with_something_else_wrong_is_refused_and_does_not_wait(place: School, row: str, column: str) -> None:
    result = taken(row + "\n")
    assert [refusal.column for refusal in result.refusals] == [column]
    assert (result.waiting, WaitingRow.objects.count()) == (0, 0)


def test_a_rehearsal_says_what_would_wait_and_writes_nothing(place: School) -> None:
    result = taken("0001;01-12-2025;;ZK;;\n", dry_run=True)
    assert result.waiting == 1
    assert not UnknownCode.objects.exists()


def test_the_same_file_again_changes_nothing(place: School) -> None:
    taken("0001;01-12-2025;;ZK;;\n")
    before = list(WaitingRow.objects.values())
    assert taken("0001;01-12-2025;;zk;;\n").waiting == 1
    assert taken("0001;01-12-2025;;ZK;;\n").waiting == 1
    assert UnknownCode.objects.count() == 1
    assert [row["first"] for row in WaitingRow.objects.values()] == [before[0]["first"]]


def test_mapping_lets_the_rows_in_and_evaluates(place: School) -> None:
    taken("0001;01-09-2025;;ZK;;\n", through=TODAY)
    assert not Crossing.objects.exists()
    outcome = map_code(school=place, code="zk", to=factories.reason("ziek"), by=factories.user(), today=TODAY)
    assert (outcome.created, outcome.refused) == (1, [])
    own = Reason.objects.get(school=place)
    assert (own.code, own.maps_to, own.sick) == ("ZK", factories.reason("ziek"), True)
    assert records() == [("0001", day("2025-09-01"), None, "ZK")]
    assert Crossing.objects.filter(rule="thuis-3m").exists()
    assert not WaitingRow.objects.exists()
    assert counts(taken("0001;01-09-2025;;ZK;;\n")) == (0, 0, 1, 0)


def test_mapping_twice_is_mapping_once_and_something_else_is_refused(place: School) -> None:
    taken("0001;01-09-2025;;ZK;;\n")
    for created in (1, 0):
        assert map_code(school=place, code="ZK", to=factories.reason(), by=None, today=TODAY).created == created
    with pytest.raises(ValueError, match="al gekoppeld"):
        map_code(school=place, code="ZK", to=factories.reason("luxe"), by=None, today=TODAY)


def test_a_code_is_mapped_on_a_common_reason_only(place: School) -> None:
    taken("0001;01-09-2025;;ZK;;\n0001;01-10-2025;;HV;;\n")
    map_code(school=place, code="ZK", to=factories.reason(), by=None, today=TODAY)
    with pytest.raises(ValueError, match="algemene"):
        map_code(school=place, code="HV", to=Reason.objects.get(school=place), by=None, today=TODAY)


def test_a_code_of_one_school_says_nothing_of_another(place: School) -> None:
    other = school("11ZZ00")
    factories.pupil(other, number="0003")
    taken("0001;01-12-2025;;ZK;;\n0003;01-12-2025;;ZK;;\n")
    map_code(school=place, code="ZK", to=factories.reason(), by=None, today=TODAY)
    assert [row.pupil.number for row in WaitingRow.objects.all()] == ["0003"]


def test_no_absence_drops_the_rows_and_skips_later_ones(place: School) -> None:
    taken("0001;01-12-2025;01-12-2025;HV;;\n")
    assert map_code(school=place, code="HV", to=None, by=None, today=TODAY).skipped == 1
    assert not WaitingRow.objects.exists()
    for queue in (True, False):
        result = imported("absences", HEADER + "0001;02-12-2025;02-12-2025;hv;;\n", queue_unknown=queue)
        assert (counts(result), result.skipped, result.waiting) == ((0, 0, 0, 0), 1, 0)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("later", "left", "standing"),
    [
        ("0001;01-12-2025;03-12-2025;ZK;;\n", 1, [("0001", day("2025-12-01"), day("2025-12-03"), "ZK")]),
        ("0001;01-12-2025;03-12-2025;ziek;;\n", 0, [("0001", day("2025-12-01"), day("2025-12-03"), "ziek")]),
    ],
)
def test_the_newest_file_wins(
    place: School, later: str, left: int, standing: list[tuple[str, date, date | None, str]]
) -> None:
    taken("0001;01-12-2025;;ZK;;\n")
    taken(later)
    assert WaitingRow.objects.count() == left
    map_code(school=place, code="ZK", to=factories.reason("luxe"), by=None, today=TODAY)
    assert records() == standing


def test_in_one_file_the_last_row_of_a_key_wins(place: School) -> None:
    result = taken("0001;01-12-2025;;ZK;;\n0001;01-12-2025;;ziek;;\n0002;01-12-2025;;ziek;;\n0002;01-12-2025;;ZK;;\n")
    assert (result.waiting, result.skipped) == (1, 1)
    map_code(school=place, code="ZK", to=factories.reason("luxe"), by=None, today=TODAY)
    assert [(number, code) for number, _first, _last, code in records()] == [("0001", "ziek"), ("0002", "ZK")]


def test_what_was_changed_since_is_not_overwritten_but_reported(place: School) -> None:
    taken("0001;01-12-2025;;ZK;;\n")
    factories.absence(WaitingRow.objects.get().pupil, day("2025-12-01"), day("2025-12-01"))
    outcome = map_code(school=place, code="ZK", to=factories.reason("luxe"), by=None, today=TODAY)
    (row,) = outcome.refused
    assert "gewijzigd nadat" in row.refusal
    assert records() == [("0001", day("2025-12-01"), day("2025-12-01"), "ziek")]


def test_a_row_that_overlaps_by_now_stays_with_the_reason_until_somebody_lets_it_go(place: School) -> None:
    taken("0001;01-12-2025;;ZK;;\n0001;01-11-2025;01-11-2025;ZK;;\n")
    factories.absence(WaitingRow.objects.first().pupil, day("2025-12-03"), day("2025-12-03"))  # type: ignore[union-attr]
    outcome = map_code(school=place, code="ZK", to=factories.reason("luxe"), by=None, today=TODAY)
    assert outcome.created == 1
    (row,) = WaitingRow.objects.all()
    assert (row.line, "overlapt" in row.refusal) == (2, True)
    discard_waiting_row(row=row, today=TODAY)
    assert not WaitingRow.objects.exists()


def test_late_without_minutes_is_refused_when_the_code_turns_out_to_need_them(place: School) -> None:
    taken("0001;01-12-2025;01-12-2025;TL;;\n")
    outcome = map_code(school=place, code="TL", to=factories.reason("telaat"), by=None, today=TODAY)
    assert [row.refusal for row in outcome.refused] == [
        "is leeg, en TL is altijd een deel van een dag (vul minuten in)"
    ]


def test_silence_does_not_mean_present_while_a_row_waits(place: School) -> None:
    """At home from 1 September; of the 22nd and 23rd a file says something that nobody understands yet."""
    taken(
        "0001;01-09-2025;19-09-2025;ziek;;\n0001;24-09-2025;;ziek;;\n0001;22-09-2025;23-09-2025;ZK;;\n", through=TODAY
    )
    pupil = WaitingRow.objects.get().pupil
    assert PupilClock.objects.get(pupil=pupil).run_since == day("2025-09-01")

    map_code(school=place, code="ZK", to=None, by=None, today=TODAY)
    assert PupilClock.objects.get(pupil=pupil).run_since == day("2025-09-24")


def test_only_the_dates_of_waiting_rows_are_not_known(place: School) -> None:
    taken("0001;22-09-2025;23-09-2025;ZK;;\n", through=day("2025-09-26"))
    pupil = WaitingRow.objects.get().pupil
    (enrolment,) = facts_of([pupil.pk])[pupil.pk].enrolments
    assert enrolment.school.complete_through == day("2025-09-21")
    assert sorted(enrolment.taken) == [day("2025-09-24"), day("2025-09-25"), day("2025-09-26")]
    other = pupil.__class__.objects.exclude(pk=pupil.pk).get()
    (enrolment,) = facts_of([other.pk])[other.pk].enrolments
    assert (enrolment.school.complete_through, enrolment.taken) == (day("2025-09-26"), frozenset())


def test_a_register_that_was_taken_does_not_outvote_a_waiting_row(place: School) -> None:
    pupil = factories.pupil(in_group=factories.group(place), number="0004")
    group = pupil.enrolments.get().group
    assert group is not None
    RegisterTaken.objects.create(group=group, day=day("2025-09-22"), taken_by=factories.user())
    taken("0004;22-09-2025;22-09-2025;ZK;;\n")
    (enrolment,) = facts_of([pupil.pk])[pupil.pk].enrolments
    assert enrolment.taken == frozenset()
    evaluate_pupil(pupil.pk, today=TODAY, cause="proef")
