"""Files that are stated to be complete: what they do not name no longer stands, unless there is doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from attendance.importing.complete import Period, Shield, disappearing, must_ask
from attendance.importing.refusals import RefusedFile
from attendance.importing.result import ImportResult
from attendance.importing.unknown_codes import map_code
from attendance.models import Absence, AbsenceVersion, Crossing, Pupil, RegisterImport, WaitingRow
from attendance.services.absences import Content, change_absence
from tests import factories
from tests.attendance.importing.files import TODAY, counts, day, imported, one_refusal, school
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;brin;van;tot;reden;minuten\n"
SEPTEMBER = (day("2025-09-01"), day("2025-09-30"))


@dataclass(frozen=True)
class Dates:
    first: date
    last: date | None


def span(text: str) -> Dates:
    """ "3-5", "3-" (open) or "3" of September; a minus sign before it: of August."""
    first, _, last = text.partition("-")
    return Dates(of(first), None if text.endswith("-") else of(last or first))


def of(text: str) -> date:
    return date(2025, 8, int(text[1:])) if text.startswith("a") else date(2025, 9, int(text))


@pytest.mark.parametrize(
    ("record", "goes"),
    [
        ("9", False),
        ("10", True),
        ("20", True),
        ("21", False),
        ("9-12", False),
        ("9-", False),
        ("a28-30", False),
        ("10-", True),
        ("20-25", True),
        ("20-", True),
        ("21-", False),
    ],
)
def test_a_record_goes_when_its_first_date_lies_in_the_period(record: str, goes: bool) -> None:
    period = Period(of("10"), of("20"))
    assert bool(disappearing({"key": span(record)}, (), (), period)) == goes
    assert not disappearing({"key": span(record)}, ("key",), (), period)


@pytest.mark.parametrize(
    ("record", "shield", "stays"),
    [
        ("12-14", "11", False),
        ("12-14", "12", True),
        ("12-14", "14", True),
        ("12-14", "15", False),
        ("12-14", "10-12", True),
        ("12-14", "14-16", True),
        ("12-14", "13-", True),
        ("12-14", "15-", False),
        ("12-", "19", True),
        ("12-", "11", False),
    ],
)
def test_a_row_in_doubt_shields_what_it_overlaps_with(record: str, shield: str, stays: bool) -> None:
    doubt = Shield(span(shield).first, span(shield).last)
    assert bool(disappearing({"key": span(record)}, (), (doubt,), Period(of("10"), of("20")))) != stays


def test_a_row_without_readable_dates_shields_everything() -> None:
    assert not disappearing({"key": span("12-14")}, (), (Shield(),), Period(of("10"), of("20")))


@pytest.mark.parametrize(
    ("gone", "standing", "asks"),
    [(0, 0, False), (1, 10, False), (1, 9, True), (2, 20, False), (3, 29, True), (1, 1, True), (10, 100, False)],
)
def test_above_a_tenth_it_asks(gone: int, standing: int, asks: bool) -> None:
    assert must_ask(gone, standing) == asks


# Through the import


@pytest.fixture
def place() -> School:
    at = school()
    for number in range(20):
        factories.pupil(at, number=f"{number:04}")
    return at


def rows(*left_out: int, first: str = "01-09-2025") -> str:
    """A row for each of twenty pupils."""
    return HEADER + "".join(f"{n:04};;{first};05-09-2025;ziek;\n" for n in range(20) if n not in left_out)


def complete(text: str, at: School, **options: Any) -> ImportResult:
    return imported("absences", text, **{"school": at, "complete": SEPTEMBER} | options)


def standing() -> list[str]:
    return list(Absence.objects.standing().order_by("pupil__number", "first").values_list("pupil__number", flat=True))


def test_what_the_file_does_not_name_is_withdrawn_and_kept(place: School) -> None:
    person = factories.user()
    imported("absences", rows(), school=place)
    result = complete(rows(3, 4), place, by=person)
    assert (counts(result), result.withdrawn, result.standing) == ((0, 0, 18, 0), 2, 20)
    assert (result.applied, result.needs_confirmation) == (True, False)
    assert len(standing()) == 18
    row = Absence.objects.get(pupil__number="0003")
    assert (row.withdrawn_by, row.withdrawn_at is not None) == (person, True)
    assert AbsenceVersion.objects.filter(absence=row, source=result.register_import).count() == 1
    kept = RegisterImport.objects.get(pk=result.register_import.pk)  # type: ignore[union-attr]
    assert (kept.withdrawn, kept.complete_from, kept.complete_until) == (2, *SEPTEMBER)
    assert complete(rows(3, 4), place).withdrawn == 0


def test_pupils_of_whom_the_file_names_another_absence_too(place: School) -> None:
    imported("absences", rows(), school=place)
    result = complete(rows(3) + "0003;;22-09-2025;22-09-2025;luxe;\n", place)
    assert (counts(result), result.withdrawn) == ((1, 0, 19, 0), 1)


def test_what_goes_makes_room_for_what_comes(place: School) -> None:
    """The school moved the first date: to us that is one record less and another one more."""
    imported("absences", rows(), school=place)
    result = complete(rows(3) + "0003;;02-09-2025;05-09-2025;ziek;\n", place)
    assert (counts(result), result.withdrawn) == ((1, 0, 19, 0), 1)


def test_above_a_tenth_nothing_is_written_until_it_is_confirmed(place: School) -> None:
    imported("absences", rows(), school=place)
    before = list(Absence.objects.order_by("pk").values())
    text = rows(1, 2, 3) + "0001;;22-09-2025;22-09-2025;luxe;\n"
    result = complete(text, place, through=TODAY)
    assert (result.applied, result.needs_confirmation, result.would_withdraw, result.withdrawn) == (False, True, 3, 0)
    assert [row.first for row in result.gone] == [day("2025-09-01")] * 3
    assert {row.pupil_id for row in result.gone} == set(
        Pupil.objects.filter(number__in=["0001", "0002", "0003"]).values_list("pk", flat=True)
    )
    assert list(Absence.objects.order_by("pk").values()) == before
    assert RegisterImport.objects.count() == 1
    place.refresh_from_db()
    assert place.complete_through is None

    result = complete(text, place, confirmed=True, through=TODAY)
    assert (result.applied, result.withdrawn, counts(result)) == (True, 3, (1, 0, 17, 0))
    place.refresh_from_db()
    assert place.complete_through == TODAY


def test_a_tenth_is_not_above_a_tenth(place: School) -> None:
    imported("absences", rows(), school=place)
    assert complete(rows(1, 2), place).applied
    assert not complete(rows(1, 2, 3, 4), place).applied


@pytest.mark.parametrize("how", ["by hand", "changed by hand", "of another school", "elsewhere that day", "earlier"])
def test_what_is_not_of_this_file_stays(place: School, how: str) -> None:
    pupil = Pupil.objects.get(number="0003")
    other = school("11ZZ00")
    if how == "by hand":
        factories.absence(pupil, day("2025-09-01"), day("2025-09-02"))
    elif how == "of another school":
        imported("absences", HEADER + "0003;;01-09-2025;05-09-2025;ziek;\n", school=other)
    elif how == "earlier":
        imported("absences", HEADER + "0003;;29-08-2025;05-09-2025;ziek;\n", school=place)
    else:
        imported("absences", HEADER + "0003;;01-09-2025;05-09-2025;ziek;\n", school=place)
    if how == "changed by hand":
        row = pupil.absences.get()
        content = Content(row.first, day("2025-09-04"), row.reason)
        change_absence(absence=row, content=content, by=factories.user(), today=TODAY)
    if how == "elsewhere that day":
        pupil.enrolments.update(place=other)

    result = complete(HEADER, place, confirmed=True)

    assert (result.withdrawn, standing()) == (0, ["0003"])
    assert len(result.unnamed) == (how in {"by hand", "changed by hand", "of another school"})


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ("0003;;01-09-2025;05-09-2025;XX;", True),
        ("0003;;01-09-2025;05-09-2025;telaat;", True),
        ("0003;;03-09-2025;04-09-2025;XX;", True),
        ("0003;;01-09-2025;;XX;", True),
        ("0003;;01-09-2025;31-08-2025;ziek;", True),
        ("0003;;eergisteren;05-09-2025;ziek;", True),
        ("0003;99ZZ;01-09-2025;05-09-2025;ziek;veel", True),
        ("0003;;08-09-2025;05-09-2025;ziek;", False),
        ("0003;;08-09-2025;08-09-2025;XX;", False),
        ("0099;;01-09-2025;05-09-2025;ziek;", False),
    ],
)
@pytest.mark.parametrize("queue", [True, False])
def test_a_refused_row_does_not_withdraw_what_it_may_have_confirmed(
    place: School, row: str, stays: bool, queue: bool
) -> None:
    imported("absences", rows(), school=place)
    result = complete(rows(3) + row + "\n", place, queue_unknown=queue)
    assert (result.withdrawn, result.refused + result.waiting) == (0 if stays else 1, 1)


def test_a_row_that_finds_no_room_keeps_what_it_overlaps_with(place: School) -> None:
    """The mentor entered the 4th; the school moved the first date. Nobody may lose the 1st to the 5th for that."""
    imported("absences", rows(first="01-09-2025").replace("05-09", "03-09"), school=place)
    factories.absence(Pupil.objects.get(number="0003"), day("2025-09-04"), day("2025-09-04"), "luxe")
    text = rows(3).replace("05-09", "03-09") + "0003;;02-09-2025;05-09-2025;ziek;\n"
    result = complete(text, place)
    assert "overlapt" in one_refusal(result)
    assert (result.withdrawn, standing().count("0003")) == (0, 2)


@pytest.mark.parametrize("row", [";;01-09-2025;05-09-2025;ziek;", '0003;"x;01-09-2025;05-09-2025;ziek;'])
def test_a_row_of_who_knows_whom_withdraws_nothing(place: School, row: str) -> None:
    imported("absences", rows(), school=place)
    result = complete(rows(3) + row + "\n", place)
    assert (result.withdrawn, result.refused, result.applied) == (0, 1, True)
    assert "over wie het gaat" in result.nothing_withdrawn_because


def test_a_code_that_means_no_absence_confirms_nothing(place: School) -> None:
    imported("absences", HEADER + "0001;;01-09-2025;01-09-2025;HV;\n", school=place, queue_unknown=True)
    map_code(school=place, code="HV", to=None, by=None, today=TODAY)
    imported("absences", rows(), school=place)
    result = complete(rows(3) + "0003;;01-09-2025;05-09-2025;HV;\n", place)
    assert (result.withdrawn, result.skipped) == (1, 1)


@pytest.mark.parametrize(("left_out", "waits"), [(False, 1), (True, 0)])
def test_a_waiting_row_that_is_not_named_any_more_does_not_wait(place: School, left_out: bool, waits: int) -> None:
    row = "0003;;22-09-2025;22-09-2025;XX;\n"
    imported("absences", rows() + row, school=place, queue_unknown=True)
    complete(rows() + ("" if left_out else row), place, queue_unknown=True)
    assert WaitingRow.objects.count() == waits


def test_a_rehearsal_tells_exactly_what_the_import_does(place: School) -> None:
    imported("absences", rows(), school=place)
    factories.absence(Pupil.objects.get(number="0005"), day("2025-09-15"), day("2025-09-15"))
    text = (
        rows(3, 4).replace("0006;;01-09-2025;05-09", "0006;;01-09-2025;08-09")
        + "0007;;22-09-2025;22-09-2025;XX;\n0008;;23-09-2025;22-09-2025;ziek;\n0009;;22-09-2025;22-09-2025;luxe;\n"
    )
    before = list(Absence.objects.order_by("pk").values())
    rehearsal = complete(text, place, dry_run=True, queue_unknown=True)
    assert list(Absence.objects.order_by("pk").values()) == before
    real = complete(text, place, queue_unknown=True)
    told = ("created", "updated", "unchanged", "refused", "waiting", "skipped", "would_withdraw", "standing")
    assert [getattr(rehearsal, name) for name in told] == [getattr(real, name) for name in told]
    assert [getattr(real, name) for name in told] == [1, 1, 17, 1, 1, 0, 2, 20]
    assert (rehearsal.gone, rehearsal.unnamed, rehearsal.refusals) == (real.gone, real.unnamed, real.refusals)
    assert (rehearsal.withdrawn, real.withdrawn) == (0, 2)


def test_a_signal_that_rested_on_what_goes_is_withdrawn(place: School) -> None:
    imported("absences", rows() + "0003;;15-09-2025;;ziek;\n", school=place, through=TODAY)
    assert Crossing.objects.standing().filter(rule="thuis-3m").exists()
    complete(rows(), place)
    assert not Crossing.objects.standing().filter(rule="thuis-3m").exists()


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("absences", {"school": None}, "school"),
        ("absences", {"complete": (SEPTEMBER[1], SEPTEMBER[0])}, "eindigt"),
        ("pupils", {}, "verzuimbestand"),
    ],
)
def test_what_makes_no_sense_is_refused(place: School, kind: str, options: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedFile, match=why):
        imported(kind, rows(), **{"school": place, "complete": SEPTEMBER} | options)


def test_with_all_or_nothing_too(place: School) -> None:
    imported("absences", rows(), school=place)
    assert not complete(rows(3) + "9;;1;1;1;\n", place, all_or_nothing=True).applied
    assert len(standing()) == 20
    assert complete(rows(3), place, all_or_nothing=True).withdrawn == 1


# The command


def command(path: Path, *options: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        with time_machine.travel(f"{TODAY} 12:00", tick=False):
            call_command("import_register", "absences", str(path), *options, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_asks_and_takes_yes_for_an_answer(place: School, tmp_path: Path) -> None:
    path = tmp_path / "verzuim.csv"
    path.write_text(rows())
    assert command(path)[0] == 0
    path.write_text(rows(1, 2, 3))
    options = ("--school", "99ZZ", "--complete", "01-09-2025", "2025-09-30")
    status, out, err = command(path, *options)
    assert (status, out) == (1, "0 created, 0 updated, 17 unchanged, 0 refused\n")
    assert "3 van 20 ingelezen meldingen" in err
    assert "--confirm" in err
    assert len(standing()) == 20
    status, out, err = command(path, *options, "--confirm")
    assert (status, out, len(standing())) == (0, "0 created, 0 updated, 17 unchanged, 0 refused\n", 17)


def test_the_command_refuses_unknown_codes_unless_they_may_wait(place: School, tmp_path: Path) -> None:
    path = tmp_path / "verzuim.csv"
    path.write_text(HEADER + "0001;;01-09-2025;;XX;\n")
    assert command(path)[:2] == (1, "0 created, 0 updated, 0 unchanged, 1 refused\n")
    status, out, err = command(path, "--queue-unknown")
    assert (status, out) == (0, "0 created, 0 updated, 0 unchanged, 0 refused\n")
    assert "1 rij(en) wachten" in err
