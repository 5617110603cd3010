"""Files that somebody made to do harm, or that went wrong on the way: refused in plain Dutch, and nothing half."""

from __future__ import annotations

import io
import re
import stat
import struct
import tempfile
import zipfile
from contextlib import suppress
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.importing.cells import trimmed
from attendance.importing.refusals import RefusedFile
from attendance.importing.run import columns_of, run_import
from attendance.importing.unpacking import MOST_CELLS
from attendance.models import Absence, CalendarException, Enrolment, Exemption, OwnTimetable, Pupil
from tests import factories
from tests.attendance.importing.edexml_files import HEAD, edexml, pupil
from tests.attendance.importing.files import TODAY, imported, school
from tests.attendance.importing.naughty import NAUGHTY
from tests.attendance.importing.workbooks import remade, with_sheet, workbook
from thuiszitters.accounts.models import School

SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook(["leerlingnummer", "van", "tot", "reden"], ["1", "2026-02-02", "2026-02-02", "ziek"])


def refused(content: bytes | str, kind: str = "absences") -> str:
    """Why the file is refused."""
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(RefusedFile) as error:
        columns_of(io.BytesIO(data), kind)
    return str(error.value)


LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f'<!DOCTYPE EDEX [<!ENTITY l0 "ha">{LAUGHS}]><EDEX>&l9;</EDEX>', id="billion laughs"),
        pytest.param(f'<!DOCTYPE EDEX [<!ENTITY a "{"a" * 50_000}">]><EDEX>{"&a;" * 50_000}</EDEX>', id="quadratic"),
        pytest.param('<!DOCTYPE EDEX [<!ENTITY x SYSTEM "file:///etc/passwd">]><EDEX>&x;</EDEX>', id="file"),
        pytest.param('<!DOCTYPE EDEX [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]><EDEX>&x;</EDEX>', id="address"),
        pytest.param('<!DOCTYPE EDEX SYSTEM "http://127.0.0.1:9/x.dtd"><EDEX/>', id="external document type"),
        pytest.param('<!DOCTYPE EDEX [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]><EDEX/>', id="parameter entity"),
        pytest.param("<!DOCTYPE EDEX><EDEX/>", id="bare document type"),
    ],
)
def test_xml_that_brings_its_own_rules_is_refused(content: str) -> None:
    assert "documenttype" in refused(content, "pupils")


def test_xml_as_deep_as_a_well_is_refused() -> None:
    deep = "<toevoegingen>" + "<blok>" * 5000 + "</blok>" * 5000 + "</toevoegingen>"
    assert "te veel elementen in elkaar" in refused(edexml(pupil(rest=deep)), "pupils")


def test_unknown_entity_is_refused() -> None:
    assert "geen goed XML-bestand" in refused(f"{HEAD}&secret;</EDEX>", "pupils")


def test_cell_at_the_far_end_of_a_sheet_does_not_cost_the_memory_between() -> None:
    # Opened as it is, this aborts the process: 17 billion cells.
    far = with_sheet(GOOD, lambda part: part.replace(b'r="A2"', b'r="XFD1048576"'))
    assert "16384 kolommen" in refused(far)
    low = with_sheet(GOOD, lambda part: part.replace(b'r="D2"', b'r="SF1048576"'))
    assert "te groot" in refused(low)


@pytest.mark.parametrize("reference", [b"XFE99999999999", b"A0", b"4", b"", b"a1", b"A1;B2"])
def test_cell_without_a_place_is_refused(reference: bytes) -> None:
    broken = with_sheet(GOOD, lambda part: part.replace(b'r="A2"', b'r="' + reference + b'"'))
    assert "beschadigd" in refused(broken)


def test_row_without_a_place_is_refused() -> None:
    broken = with_sheet(GOOD, lambda part: part.replace(b'<row r="2"', b'<row r="-2"'))
    assert "beschadigd" in refused(broken)


def test_cells_without_a_reference_stand_where_they_come() -> None:
    bare = with_sheet(GOOD, lambda part: re.sub(rb' r="[A-D]2"', b"", part))
    assert columns_of(io.BytesIO(bare), "absences").sample == (("1", "2026-02-02", "2026-02-02", "ziek"),)


def test_sheet_with_more_cells_than_fit_in_memory_is_refused_before_it_is_opened() -> None:
    rows = MOST_CELLS // 4 + 1
    many = with_sheet(GOOD, lambda part: part.replace(b'r="D2"', b'r="D%d"' % rows))
    assert "te groot" in refused(many)


def test_ten_thousand_columns_are_refused() -> None:
    assert "10000 kolommen" in refused(workbook([f"k{number}" for number in range(10_000)]))
    assert "10001 kolommen" in refused(";" * 10_000 + "\n")
    assert "langer dan" in refused(";".join(f"kolom{number}" for number in range(10_000)) + "\n")


def bomb(size: int) -> bytes:
    """A workbook of which the sheet unpacks to this many bytes of blanks."""
    return with_sheet(GOOD, lambda part: part.replace(b"</sheetData>", b" " * size + b"</sheetData>"))


def test_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.importing.unpacking.MOST_UNPACKED", 1 << 20)
    content = bomb(4 << 20)
    assert len(content) < 1 << 16
    assert "te groot" in refused(content)


def test_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(bomb(4 << 20))
    place = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    while (place := content.find(struct.pack("<L", size), place)) >= 0:
        content[place : place + 4] = struct.pack("<L", 100)
        place += 4
    assert "beschadigd" in refused(bytes(content))


def test_wrong_checksum_is_refused() -> None:
    content = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        checksum = struct.pack("<L", archive.getinfo(SHEET).CRC)
    assert checksum in content
    assert "beschadigd" in refused(bytes(content).replace(checksum, b"\x00\x00\x00\x01"))


def test_locked_workbook_is_refused() -> None:
    content = bytearray(GOOD)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    assert "wachtwoord" in refused(bytes(content))
    assert "wachtwoord" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


def with_part(name: str, kind: int = 0o100644) -> bytes:
    """A good workbook with one more part, a file of this kind."""
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as archive:
        part = zipfile.ZipInfo(name)
        part.external_attr = kind << 16
        archive.writestr(part, "/etc/passwd" if stat.S_ISLNK(kind) else "<a/>")
    return file.getvalue()


@pytest.mark.parametrize("name", ["xl/meer.xml", "docProps/plaatje.png", "xl/media/a..b.xml", "xl/map/"])
def test_more_parts_than_a_reader_needs_do_no_harm(name: str) -> None:
    assert columns_of(io.BytesIO(with_part(name)), "absences").sample


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xl/link.xml", stat.S_IFLNK | 0o777),
        ("xl/link.png", stat.S_IFLNK | 0o777),
        ("xl/pijp.xml", stat.S_IFIFO | 0o644),
        ("../elders.xml", stat.S_IFREG | 0o644),
        ("xl/../../elders.png", stat.S_IFREG | 0o644),
        ("xl\\..\\..\\elders.xml", stat.S_IFREG | 0o644),
        ("/etc/elders.xml", stat.S_IFREG | 0o644),
        ("C:/elders.xml", stat.S_IFREG | 0o644),
    ],
)
def test_link_or_way_out_of_the_archive_is_refused(name: str, kind: int) -> None:
    assert "beschadigd" in refused(with_part(name, kind))


def test_archive_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("binnen.zip", GOOD)
    assert "geen rekenblad" in refused(file.getvalue())
    assert "leeg ingepakt bestand" in refused(b"PK\x05\x06" + b"\x00" * 18)
    assert "beschadigd" in refused(b"PK\x03\x04" + b"\x00" * 100)
    assert "PDF" in refused(b"%PDF-1.7\n")


def test_archive_with_too_many_parts_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}.xml", "")
    assert "beschadigd" in refused(file.getvalue())


def test_archive_with_two_parts_of_one_name_is_refused() -> None:
    file = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    assert "beschadigd" in refused(file.getvalue())


def test_document_type_in_a_workbook_is_refused() -> None:
    content = with_sheet(GOOD, lambda part: b'<!DOCTYPE x [<!ENTITY y "z">]>' + part)
    assert "documenttype" in refused(content)


@pytest.mark.parametrize("part", ["xl/_rels/workbook.xml.rels", "[Content_Types].xml", SHEET, "xl/styles.xml"])
def test_workbook_that_lacks_a_part_gives_its_rows_or_is_refused(part: str) -> None:
    with suppress(RefusedFile):
        columns_of(io.BytesIO(remade(GOOD, lambda name, data: None if name == part else data)), "absences")


def test_file_of_two_gigabytes_is_refused_before_it_is_read() -> None:
    class Unread(io.FileIO):
        def read(self, *_arguments: Any) -> bytes:
            raise AssertionError("read")

    with tempfile.NamedTemporaryFile() as made:
        made.truncate(2 << 30)
        with Unread(made.name) as file, pytest.raises(RefusedFile, match="groter dan 200 MB"):
            columns_of(file, "absences")


def test_pipe_without_end_is_refused_at_the_limit(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 3 << 20

    class Pipe(io.RawIOBase):
        given = 0

        def seekable(self) -> bool:
            return False

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 10 << 20
            return b"x" * size

    with pytest.raises(RefusedFile, match="groter dan 3 MB"):
        columns_of(cast("BinaryIO", Pipe()), "absences")


# Naughty strings

FILES = {
    "schools": {"brin": "99ZZ01", "naam": "S", "sector": "po", "regio": "zuid", "swv": "", "gemeente": "Testdam"}
    | {"lesuur_minuten": "50"}
    | dict.fromkeys(("ma", "di", "wo", "do", "vr"), "300"),
    "calendar": {"brin": "99ZZ00", "van": "02-02-2026", "tot": "02-02-2026", "soort": "vrij", "omschrijving": "x"},
    "pupils": {"leerlingnummer": "9", "roepnaam": "Sam", "tussenvoegsel": "de", "achternaam": "Smit"}
    | {"geboortedatum": "01-02-2014", "brin": "99ZZ00", "klas": "5a", "ingeschreven_van": "01-08-2025"}
    | {"ingeschreven_tot": "", "uitstroomreden": "", "les_brin": "", "gemeente": "Testdam"}
    | {"startkwalificatie_op": "", "leerjaren": "", "eindonderwijs": ""},
    "timetables": {"leerlingnummer": "1", "van": "02-02-2026", "tot": "", "soort": "", "brin": ""}
    | dict.fromkeys(("ma", "di", "wo", "do", "vr"), "60"),
    "exemptions": {"leerlingnummer": "1", "van": "02-02-2026", "tot": "", "soort": "5 onder a", "brin": ""},
    "absences": {"leerlingnummer": "1", "brin": "", "van": "02-02-2026", "tot": "02-02-2026", "reden": "ziek"}
    | {"minuten": "", "lesuur": ""},
}
TABLES = (School, CalendarException, Pupil, Enrolment, OwnTimetable, Exemption, Absence)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def kept() -> list[Any]:
    """The values of all rows."""
    return [
        value for table in TABLES for row in table._default_manager.order_by("pk").values() for value in row.values()
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "column"), [(kind, column) for kind, cells in FILES.items() for column in cells], ids=str
)
def test_naughty_text_in_any_column_is_refused_clearly_or_kept_as_text(kind: str, column: str) -> None:
    factories.pupil(number="1", at=school("99ZZ00"))
    header = ";".join(FILES[kind])
    rows = [FILES[kind] | {column: text} for text in NAUGHTY]
    content = header + "\n" + "\n".join(";".join(map(quoted, row.values())) for row in rows) + "\n"

    result = imported(kind, content, dry_run=kind == "schools")

    dealt_with = result.created + result.updated + result.unchanged + result.refused + result.waiting + result.skipped
    empty = sum(not any(trimmed(cell) for cell in row.values()) for row in rows)
    assert dealt_with >= len(NAUGHTY) - empty
    for refusal in result.refusals:
        assert refusal.line > 1
        assert refusal.reason
        assert refusal.remedy
        assert "\x00" not in str(refusal)
    assert all(value.isprintable() for value in kept() if isinstance(value, str))


@pytest.mark.django_db
def test_naughty_texts_in_a_workbook_are_dealt_with_the_same_way() -> None:
    school("99ZZ00")
    texts = [text for text in NAUGHTY if text.isprintable() and not text.startswith("=")]
    cells = FILES["pupils"]
    rows = [
        list((cells | {"leerlingnummer": str(place), "roepnaam": text}).values()) for place, text in enumerate(texts)
    ]
    from_workbook = imported("pupils", workbook(list(cells), *rows), dry_run=True)
    content = "\n".join(";".join(map(quoted, row)) for row in [list(cells), *rows])
    from_csv = imported("pupils", content, dry_run=True)
    assert [(row.line, row.column) for row in from_workbook.refusals] == [
        (row.line, row.column) for row in from_csv.refusals
    ]
    assert from_workbook.created == from_csv.created > 50


@pytest.mark.django_db
def test_formula_as_a_name_is_text() -> None:
    school("99ZZ00")
    row = FILES["pupils"] | {"roepnaam": "=cmd|' /C calc'!A0"}
    imported("pupils", ";".join(row) + "\n" + ";".join(row.values()) + "\n")
    assert Pupil.objects.get().first_name == "=cmd|' /C calc'!A0"


# Anything at all


def nothing_but_a_refusal(content: bytes) -> None:
    for kind in ("pupils", "absences"):
        with suppress(RefusedFile):
            run_import(kind=kind, file=io.BytesIO(content), today=TODAY, dry_run=True)


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STARTS = st.sampled_from([b"", b"PK\x03\x04", b"<?xml version='1.0'?>", b"<EDEX>", b"\xef\xbb\xbf<", b"\xff\xfe<\x00"])


@pytest.mark.django_db
@FUZZ
@given(STARTS, st.binary(max_size=300))
def test_any_bytes_are_imported_or_refused(start: bytes, noise: bytes) -> None:
    nothing_but_a_refusal(start + noise)


@pytest.mark.django_db
@FUZZ
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_workbook_is_imported_or_refused(damage: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for place, byte in damage:
        content[place] = byte
    nothing_but_a_refusal(bytes(content))


PARTS = [
    name for name in zipfile.ZipFile(io.BytesIO(GOOD)).namelist() if name.startswith(("xl/w", "xl/s", "xl/_", "["))
]


@pytest.mark.django_db
@FUZZ
@given(
    st.sampled_from(PARTS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(b'<>"/0 9=A&-sr')), min_size=1, max_size=4),
)
def test_workbook_with_damage_inside_is_imported_or_refused(part: str, damage: list[tuple[float, int]]) -> None:
    def damaged(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        changed = bytearray(data)
        for place, byte in damage:
            changed[int(place * len(changed))] = byte
        return bytes(changed)

    nothing_but_a_refusal(remade(GOOD, damaged))


XML = edexml().encode()


@pytest.mark.django_db
@FUZZ
@given(st.lists(st.tuples(st.integers(0, len(XML) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_damaged_edexml_is_imported_or_refused(damage: list[tuple[int, int]]) -> None:
    content = bytearray(XML)
    for place, byte in damage:
        content[place] = byte
    nothing_but_a_refusal(bytes(content))
