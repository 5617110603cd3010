"""From bytes to rows."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.importing.cells import trimmed
from attendance.importing.columns import Columns
from attendance.importing.reading import MAX_LINE, lines_of, read_header, records
from attendance.importing.refusals import Refusal, RefusedFile

HEADER = "naam;van;opmerking\n"


def read(content: str | bytes, required: tuple[str, ...] = ("naam",), optional: tuple[str, ...] = ("van",)) -> object:
    """The known cells of each row by line; for a refused one the line and why."""
    data = content.encode() if isinstance(content, str) else content
    columns = Columns("none", required, optional)
    with lines_of(io.BytesIO(data)) as lines:
        header = read_header(lines, columns)
        columns.check(header.match)
        return [
            (record.line, record.reason)
            if isinstance(record, Refusal)
            else (record[0], {name: record[1][place] for name, place in header.match.places.items()})
            for record in records(lines, header)
        ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("naam;van\nZoë;2026\n".encode(), id="UTF-8"),
        pytest.param("\ufeffnaam;van\nZoë;2026\n".encode(), id="byte order mark"),
        pytest.param("naam;van\nZoë;2026\n".encode("cp1252"), id="Windows-1252"),
        pytest.param("naam;van\r\nZoë;2026\r\n".encode(), id="CRLF"),
        pytest.param("naam;van\rZoë;2026\r".encode(), id="CR"),
        pytest.param("naam;van\nZoë;2026".encode(), id="no line end at the end"),
        pytest.param("naam,van\nZoë,2026\n".encode(), id="commas"),
        pytest.param("naam\tvan\nZoë\t2026\n".encode(), id="tabs"),
        pytest.param('"naam";"van"\n"Zoë";"2026"\n'.encode(), id="quotes"),
        pytest.param(' "NAAM" ; Van\nZoë;2026\n'.encode(), id="padded header in capitals"),
        pytest.param("naam;van;\nZoë;2026;\n".encode(), id="separator at the end of each line"),
        pytest.param("naam;van\nZoë;2026;;;\n".encode(), id="empty cells after the last column"),
        pytest.param("naam;van\nZoë;2026\n;\n \n\n;;;\n".encode(), id="empty rows"),
    ],
)
def test_row_is_read(content: bytes) -> None:
    assert read(content) == [(2, {"naam": "Zoë", "van": "2026"})]


def test_columns_may_stand_in_any_order_with_unknown_ones_between() -> None:
    assert read("leeftijd;van;naam\n12;2026;Sam\n") == [(2, {"van": "2026", "naam": "Sam"})]


def test_quoted_cell_keeps_separators_and_doubled_quotes() -> None:
    assert read('naam;van\n"Sam; ""de"" Berg" ;2026\n') == [(2, {"naam": 'Sam; "de" Berg', "van": "2026"})]


def test_quoted_cell_may_go_on_over_lines() -> None:
    content = HEADER + 'Sam;2026;"eerst\nen dan"\nNoor;2027;\n'
    assert read(content) == [(2, {"naam": "Sam", "van": "2026"}), (4, {"naam": "Noor", "van": "2027"})]


@pytest.mark.parametrize("quoted", ['"Sam', 'Sam;2026;"', '"Sam"my'])
def test_stray_quote_costs_its_own_line_and_no_other(quoted: str) -> None:
    content = f'{HEADER}{quoted};2026;\nNoor;2027;\nBo;2028;"goed"\n'
    found = read(content)
    assert isinstance(found, list)
    assert found[0] == (2, "de aanhalingstekens kloppen niet")
    assert found[1:] == [(3, {"naam": "Noor", "van": "2027"}), (4, {"naam": "Bo", "van": "2028"})]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("y" * (3 * MAX_LINE), id="a line that is too long"),
        pytest.param('nog meer";te;veel', id="a row of another width"),
        pytest.param("\n" * 30 + '"', id="far too many lines"),
    ],
)
def test_quote_that_is_closed_nowhere_sensible_is_refused(after: str) -> None:
    found = read(f'{HEADER}Sam;2026;"eerst\n{after}\nNoor;2027;\n')
    assert isinstance(found, list)
    assert found[0] == (2, "de aanhalingstekens kloppen niet")
    assert found[-1][1] == {"naam": "Noor", "van": "2027"}


def test_row_with_too_many_cells_or_without_a_required_one_is_refused() -> None:
    assert read("van;naam\n2025\n2026;Sam;extra\n2027;Noor\n") == [
        (2, "de rij heeft 1 cellen en de eerste regel 2"),
        (3, "de rij heeft 3 cellen en de eerste regel 2"),
        (4, {"naam": "Noor", "van": "2027"}),
    ]


def test_cells_left_out_after_the_last_required_one_are_empty() -> None:
    assert read("opmerking;naam;klas;van\nx;Sam\nx;Noor;2a\n;Bo;;2028\n") == [
        (2, {"naam": "Sam", "van": ""}),
        (3, {"naam": "Noor", "van": ""}),
        (4, {"naam": "Bo", "van": "2028"}),
    ]


def test_stray_quote_does_not_swallow_a_row_that_leaves_cells_out() -> None:
    assert read(f'{HEADER}Sam;2026;"\nNoor;2027\nBo;2028;"\n') == [
        (2, "de aanhalingstekens kloppen niet"),
        (3, {"naam": "Noor", "van": "2027"}),
        (4, "de aanhalingstekens kloppen niet"),
    ]


def test_damaged_byte_in_utf8_does_not_spoil_the_other_names() -> None:
    content = "naam;van\nZoë;1\nRené;2\n".encode() + b"Bj\xf6rn;3\n"
    assert read(content) == [
        (2, {"naam": "Zoë", "van": "1"}),
        (3, {"naam": "René", "van": "2"}),
        (4, {"naam": "Bj\ufffdrn", "van": "3"}),
    ]


def test_line_without_end_is_refused_without_reading_it_into_memory() -> None:
    content = "naam;van\n" + "x" * (3 * MAX_LINE) + "\nSam;2026\n"
    assert read(content) == [(2, "de regel is te lang"), (3, {"naam": "Sam", "van": "2026"})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "leeg"),
        (b"PK\x03\x04 en zo voort", "rekenblad"),
        ("naam;van\n".encode("utf-16"), "UTF-16"),
        (b"van;tot\n1;2\n", "ontbreekt naam"),
        (b"\n\n", "ontbreekt naam"),
        (b"naam;van;Naam\n1;2;3\n", "twee keer"),
        (b"\x00\xff\xfe\x80\n", "ontbreekt naam"),
    ],
)
def test_file_that_is_none_is_refused_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read(content)


def test_pipe_is_read_too() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with lines_of(Pipe(b"naam\nSam\n")) as lines:
        assert list(lines) == [(1, "naam"), (2, "Sam")]


def test_file_stays_open() -> None:
    file = io.BytesIO(b"naam\nSam\n")
    with lines_of(file) as lines:
        list(lines)
    assert not file.closed


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_refusal(noise: bytes) -> None:
    with suppress(RefusedFile):
        assert isinstance(read(b"naam;van\n" + noise), list)
    with suppress(RefusedFile):
        assert isinstance(read(noise), list)


CELLS = st.text(st.characters(exclude_characters="\r\n\x00", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_what_is_written_with_quotes_is_read_back(rows: list[tuple[str, str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [f"{quoted(first)};{quoted(second)}" for first, second in rows]
    content = "\n".join(["naam;van", *lines]).encode("utf-8")
    found = read(content)
    expected = [
        (line, {"naam": first, "van": second})
        for line, (first, second) in enumerate(rows, start=2)
        if trimmed(first) or trimmed(second)
    ]
    assert found == expected
