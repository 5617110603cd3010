"""Workbooks (XLSX) as registers."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import Workbook

from attendance.importing.columns import Columns
from attendance.importing.refusals import Refusal, RefusedFile
from attendance.importing.sources import opened
from attendance.models import Absence, Pupil
from tests import factories
from tests.attendance.importing.files import counts, day, imported, places, school
from tests.attendance.importing.workbooks import with_sheet, workbook

COLUMNS = Columns("none", ("naam",), ("van", "tot"))


def read(content: bytes, columns: Columns = COLUMNS) -> list[tuple[int, dict[str, str]]]:
    """The known cells of each row, by line."""
    with opened(io.BytesIO(content), columns) as source:
        columns.check(source.match)
        found = []
        for record in source.records():
            assert not isinstance(record, Refusal)
            found.append((record[0], {name: record[1][place] for name, place in source.match.places.items()}))
        return found


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param("0012", "0012", id="leading zeros in a text"),
        pytest.param(12, "12", id="whole number"),
        pytest.param(12.0, "12", id="whole number with a fraction of nothing"),
        pytest.param(1.5, "1,5", id="fraction"),
        pytest.param(123456789012, "123456789012", id="long number"),
        pytest.param(dt.date(2026, 9, 1), "2026-09-01", id="date"),
        pytest.param(dt.datetime.fromisoformat("2026-09-01"), "2026-09-01", id="date and midnight"),
        pytest.param(dt.datetime.fromisoformat("2026-09-01T08:30"), "2026-09-01 08:30:00", id="date and time"),
        pytest.param(dt.time(1, 30), "01:30", id="time"),
        pytest.param(dt.timedelta(hours=107, minutes=24), "107:24", id="duration"),
        pytest.param(True, "waar", id="yes"),
        pytest.param(False, "onwaar", id="no"),
        pytest.param(' Zoë; "de" Berg ', ' Zoë; "de" Berg ', id="text as it stands"),
        pytest.param("=1+1", "#formule zonder uitkomst", id="formula that nobody has worked out"),
    ],
)
def test_cell_is_read_as_in_a_csv_file(cell: Any, expected: str) -> None:
    assert read(workbook(["naam", "van"], ["Sam", cell])) == [(2, {"naam": "Sam", "van": expected})]


def test_formula_gives_what_it_came_to() -> None:
    content = with_sheet(
        workbook(["naam", "van"], ["Sam", "=6*7"]),
        lambda part: part.replace(b"<v />", b"<v>42</v>").replace(b"<v></v>", b"<v>42</v>"),
    )
    assert read(content) == [(2, {"naam": "Sam", "van": "42"})]


def test_error_in_a_cell_is_not_an_empty_cell() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["naam", "van", "tot"])
    sheet.append(["Sam", "2026-09-01", "#N/A"])
    sheet["C2"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(2, {"naam": "Sam", "van": "2026-09-01", "tot": "#N/A"})]


def test_lines_are_those_of_the_sheet_and_empty_rows_are_passed_over() -> None:
    content = workbook(["naam", "van"], ["Sam", 1], [None, None], [None, None], ["Bo", 2])
    assert read(content) == [(2, {"naam": "Sam", "van": "1"}), (5, {"naam": "Bo", "van": "2"})]


@pytest.mark.parametrize("at", ["A1", "C1", "A4", "D11"])
def test_header_may_stand_lower_and_further_on(at: str) -> None:
    line = int(at[1:])
    assert read(workbook(["naam", "van"], ["Sam", 1], at=at)) == [(line + 1, {"naam": "Sam", "van": "1"})]


def test_header_below_ten_rows_of_title_is_found_and_below_eleven_is_not() -> None:
    title = [["Export van school"]] * 10
    assert read(workbook(*title, ["naam", "van"], ["Sam", 1])) == [(12, {"naam": "Sam", "van": "1"})]
    with pytest.raises(RefusedFile, match="ontbreekt naam"):
        read(workbook(*title, ["nog een"], ["naam", "van"], ["Sam", 1]))


def test_first_sheet_with_the_columns_is_read_and_said() -> None:
    content = workbook(sheets={"Uitleg": [["Lees mij"]], "Namen": [["naam"], ["Sam"]], "Oud": [["naam"], ["Bo"]]})
    with opened(io.BytesIO(content), COLUMNS) as source:
        assert [record[0] for record in source.records() if not isinstance(record, Refusal)] == [2]
        assert source.remarks == ("Gelezen is het blad “Namen”. Overgeslagen: “Uitleg”, “Oud”.",)


def test_hidden_sheet_is_not_read() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.append(["naam"])
    hidden.append(["Geheim"])
    hidden.sheet_state = "hidden"
    seen = book.create_sheet("Zichtbaar")
    seen.append(["naam"])
    seen.append(["Sam"])
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(2, {"naam": "Sam"})]


def test_missing_column_is_named() -> None:
    with pytest.raises(RefusedFile, match="ontbreekt naam"):
        read(workbook(["van", "tot"], ["1", "2"]))


def test_empty_workbook_is_refused() -> None:
    with pytest.raises(RefusedFile, match="leeg"):
        read(workbook())


@pytest.mark.django_db
def test_workbook_is_imported_like_the_same_csv_file() -> None:
    school("99ZZ00")
    header = ["leerlingnummer", "roepnaam", "tussenvoegsel", "achternaam", "geboortedatum", "brin", "ingeschreven_van"]
    row = ["0012", "Noor", "van ’t", "Hof", dt.date(2014, 5, 6), "99ZZ", dt.datetime.fromisoformat("2025-08-01")]
    result = imported("pupils", workbook(header, row))
    assert counts(result) == (1, 0, 0, 0)
    pupil = Pupil.objects.get()
    assert (pupil.number, pupil.prefix, pupil.birth_date) == ("0012", "van ’t", day("2014-05-06"))
    text = ";".join(header) + "\n0012;Noor;van ’t;Hof;06-05-2014;99ZZ00;01-08-2025\n"
    assert counts(imported("pupils", text)) == (0, 0, 1, 0)


@pytest.mark.django_db
def test_error_where_the_end_should_stand_does_not_leave_an_absence_open() -> None:
    factories.pupil(number="1")
    content = workbook(["leerlingnummer", "van", "tot", "reden"], ["1", "2026-02-02", "=NU()", "ziek"])
    result = imported("absences", content)
    assert places(result) == [(2, "tot")]
    assert not Absence.objects.exists()
