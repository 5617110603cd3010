"""From a cell to a value."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.refusals import RefusedRow
from attendance.services.surnames import surname_key


def row(cell: str) -> Row:
    return Row(2, {"k": cell})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("01-09-2026", date(2026, 9, 1)),
        ("1-9-2026", date(2026, 9, 1)),
        ("2026-09-01", date(2026, 9, 1)),
        ("2026-9-1", date(2026, 9, 1)),
        (" 01-09-2026\xa0", date(2026, 9, 1)),
        ("29-02-2028", date(2028, 2, 29)),
        ("01-01-1900", date(1900, 1, 1)),
        ("31-12-2099", date(2099, 12, 31)),
        ("", None),
        ("  ", None),
    ],
)
def test_date_is_read(cell: str, expected: date | None) -> None:
    assert cells.day(row(cell), "k") == expected


@pytest.mark.parametrize(
    "cell",
    [
        "30-02-2026",
        "29-02-2026",
        "31-04-2026",
        "00-01-2026",
        "01-13-2026",
        "01-09-26",
        "26-09-01",
        "01/09/2026",
        "01.09.2026",
        "1 september 2026",
        "46266",
        "2026-09-01T00:00:00",
        "01-09-2026 00:00",
        "٠١-٠٩-٢٠٢٦",
        "-01-09-2026",
        "31-12-1899",
        "01-01-2100",
        "31-12-9999",
        "x",
    ],
)
def test_what_is_no_date_is_refused(cell: str) -> None:
    with pytest.raises(RefusedRow) as refused:
        cells.day(row(cell), "k")
    assert refused.value.column == "k"


def test_period_may_be_one_day_but_not_end_before_it_starts() -> None:
    assert cells.period(Row(2, {"van": "2026-09-01", "tot": "2026-09-01"})) == (date(2026, 9, 1), date(2026, 9, 1))
    with pytest.raises(RefusedRow) as refused:
        cells.period(Row(2, {"van": "2026-09-01", "tot": "2026-08-31"}))
    assert str(refused.value.on(12)) == "regel 12, kolom tot: 31-08-2026 ligt voor van 01-09-2026 (zet de datums goed)"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("00AB", "00AB00"),
        ("00ab", "00AB00"),
        ("00AB1", "00AB01"),
        ("00AB01", "00AB01"),
        (" 00ab12 ", "00AB12"),
        ("", ""),
    ],
)
def test_brin_is_made_whole(cell: str, expected: str) -> None:
    assert cells.brin(row(cell), "k") == expected


@pytest.mark.parametrize("cell", ["0AB01", "00ABC1", "00AB001", "AB00", "00A101", "00AB-01", "school"])
def test_what_is_no_brin_is_refused(cell: str) -> None:
    with pytest.raises(RefusedRow):
        cells.brin(row(cell), "k")


@pytest.mark.parametrize(("cell", "expected"), [("1", 1), ("007", 7), ("1440", 1440), (" 50 ", 50), ("", None)])
def test_number_is_read(cell: str, expected: int | None) -> None:
    assert cells.whole_number(row(cell), "k", least=1, most=1440) == expected


@pytest.mark.parametrize("cell", ["0", "-1", "1441", "1,5", "1.5", "1e3", "vijftig", "²", "٥", "99999999999"])
def test_what_is_no_such_number_is_refused(cell: str) -> None:
    with pytest.raises(RefusedRow):
        cells.whole_number(row(cell), "k", least=1, most=1440)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  Sam  ", "Sam"),
        ("van  den   Berg", "van den Berg"),
        ("van\xa0Berg", "van Berg"),
        ("Zoe\u0308", "Zoë"),
        ("0012", "0012"),
        ("'s-Gravenhage", "'s-Gravenhage"),
    ],
)
def test_text_is_tidied(cell: str, expected: str) -> None:
    assert cells.text(row(cell), "k", longest=20) == expected


@pytest.mark.parametrize("cell", ["Sa\x00m", "Sa\tm", "Sa\nm", "Sa\x1bm", "Sa\u202em", "Sa\ufffdm", "\x00"])
def test_unreadable_character_is_refused(cell: str) -> None:
    with pytest.raises(RefusedRow, match="onleesbaar"):
        cells.text(row(cell), "k", longest=20)


def test_text_may_be_as_long_as_its_field() -> None:
    assert cells.text(row("x" * 20), "k", longest=20) == "x" * 20
    with pytest.raises(RefusedRow, match="langer dan 20"):
        cells.text(row("x" * 21), "k", longest=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müller", "MULLER"), ("Çelik", "celik"), ("Strauß", "strauss"), ("Zoe\u0308", "Zoë"), ("Łukasz", "lukasz")],
)
def test_surnames_are_the_same_but_for_case_and_accents(one: str, other: str) -> None:
    assert surname_key(one) == surname_key(other)


@pytest.mark.parametrize(("one", "other"), [("Jansen", "Janssen"), ("Berg", "van den Berg"), ("De Vries", "Devries")])
def test_other_surnames_differ(one: str, other: str) -> None:
    assert surname_key(one) != surname_key(other)


@given(st.text(max_size=40))
def test_any_cell_is_a_value_or_a_clear_refusal(cell: str) -> None:
    readers = (
        lambda: cells.text(row(cell), "k", longest=20),
        lambda: cells.day(row(cell), "k"),
        lambda: cells.brin(row(cell), "k"),
        lambda: cells.whole_number(row(cell), "k", least=0, most=1440),
        lambda: cells.choice(row(cell), "k", ("po", "vo")),
    )
    refusals = []
    for read in readers:
        try:
            read()
        except RefusedRow as refused:
            refusals.append(refused)
    assert all(refused.column == "k" and refused.reason and refused.remedy for refused in refusals)
    assert len(surname_key(cell)) <= 80


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("90", 90),
        ("90,0", 90),
        ("90.00", 90),
        ("1:30", 90),
        ("01:30:00", 90),
        ("1u30", 90),
        ("1u30m", 90),
        ("1 uur 30 min", 90),
        ("1,5 uur", 90),
        ("1.25u", 75),
        ("2 uur", 120),
        ("45 min.", 45),
        ("107u24m", 6444),
        ("", None),
    ],
)
def test_minutes_are_read_as_people_write_them(cell: str, expected: int | None) -> None:
    assert cells.minutes(row(cell), "k", least=1, most=10_000) == expected


@pytest.mark.parametrize("cell", ["1,5", "1.000", "1:60", "1u75", "uur", ":30", "-1:00", "1:30 uur", "0", "10001"])
def test_what_is_no_number_of_minutes_is_refused(cell: str) -> None:
    with pytest.raises(RefusedRow, match="geen aantal minuten"):
        cells.minutes(row(cell), "k", least=1, most=10_000)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("31/08/2026", date(2026, 8, 31)),
        ("8/8/2026", date(2026, 8, 8)),
        ("08/8/2026", date(2026, 8, 8)),
        ("12/08/2026", None),
        ("08/31/2026", None),
        ("31/02/2026", None),
    ],
)
def test_date_with_slashes_is_read_when_it_can_mean_one_day_only(cell: str, expected: date | None) -> None:
    assert cells.parsed_day(cell) == expected
