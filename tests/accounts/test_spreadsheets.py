"""Cells that stay text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.importing.cells import Row, text
from tests.attendance.importing.naughty import NAUGHTY
from thuiszitters.accounts.spreadsheets import STARTS_FORMULA, plain_cell, safe_cell


@pytest.mark.parametrize("cell", NAUGHTY)
def test_no_naughty_text_becomes_a_formula(cell: str) -> None:
    safe = safe_cell(cell)
    assert not safe.lstrip().startswith(STARTS_FORMULA)
    assert "\x00" not in safe


@pytest.mark.parametrize("name", ["'s-Gravenhage", "van 't Hof", "Noor", "'", "", "d'Arc"])
def test_name_stays_as_it_is(name: str) -> None:
    assert safe_cell(name) == name == plain_cell(name)


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_what_was_downloaded_is_read_back(cell: str) -> None:
    if not cell.startswith("'"):
        assert plain_cell(safe_cell(cell)) == cell


def test_import_reads_a_downloaded_formula_as_what_it_was() -> None:
    row = Row(2, {"naam": safe_cell("=1+1")})
    assert row.cells["naam"] == "'=1+1"
    assert text(row, "naam", longest=20) == "=1+1"
