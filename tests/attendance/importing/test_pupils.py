"""Pupil files: who is the same child, enrolments, classes."""

from __future__ import annotations

from typing import Any

import pytest

from attendance.models import Enrolment, Group, PastGroup, Pupil
from tests import factories
from tests.attendance.importing.files import TODAY, counts, day, imported, one_refusal, places, school
from thuiszitters.accounts.models import Municipality

pytestmark = pytest.mark.django_db
COLUMNS = [
    "leerlingnummer",
    "roepnaam",
    "tussenvoegsel",
    "achternaam",
    "geboortedatum",
    "brin",
    "klas",
    "ingeschreven_van",
    "ingeschreven_tot",
    "uitstroomreden",
    "les_brin",
    "gemeente",
    "startkwalificatie_op",
    "leerjaren",
    "eindonderwijs",
]
SAM = {
    "leerlingnummer": "0012",
    "roepnaam": "Sam",
    "tussenvoegsel": "van den",
    "achternaam": "Berg",
    "geboortedatum": "14-05-2013",
    "brin": "00AA",
    "ingeschreven_van": "01-08-2025",
}


@pytest.fixture(autouse=True)
def _schools() -> None:
    school("00AA00")
    school("00BB00")


def file_of(*rows: dict[str, str], columns: list[str] = COLUMNS) -> str:
    lines = [";".join(row.get(column, "") for column in columns) for row in rows]
    return "\n".join([";".join(columns), *lines]) + "\n"


def enrolments() -> list[tuple[Any, ...]]:
    rows = Enrolment.objects.order_by("pupil", "first").values_list(
        "school__brin", "place__brin", "first", "last", "group__name", "leaving_reason"
    )
    return [(brin, at, str(first), last and str(last), group, reason) for brin, at, first, last, group, reason in rows]


def test_row_makes_pupil_enrolment_class_and_municipality() -> None:
    row = SAM | {
        "klas": "2b",
        "les_brin": "00bb",
        "gemeente": "Testdam",
        "startkwalificatie_op": "01-07-2025",
        "leerjaren": "7",
        "eindonderwijs": "pro",
    }
    assert counts(imported("pupils", file_of(row))) == (1, 0, 0, 0)
    child = Pupil.objects.get()
    assert (child.number, child.full_name, child.surname_key) == ("0012", "Sam van den Berg", "berg")
    assert (child.birth_date, child.startkwalificatie_on) == (day("2013-05-14"), day("2025-07-01"))
    assert (child.years_before, child.end_education) == (7, "pro")
    assert child.municipality == Municipality.objects.get(name="Testdam", confirmed=False)
    assert enrolments() == [("00AA00", "00BB00", "2025-08-01", None, "2b", "")]
    assert Group.objects.get().school.brin == "00BB00"
    assert counts(imported("pupils", file_of(row))) == (0, 0, 1, 0)


def test_only_required_columns_will_do() -> None:
    required = [column for column in SAM if column != "tussenvoegsel"]
    assert counts(imported("pupils", file_of(SAM, columns=required))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"leerlingnummer": ""}, "leerlingnummer"),
        ({"leerlingnummer": "1" * 21}, "leerlingnummer"),
        ({"roepnaam": ""}, "roepnaam"),
        ({"achternaam": " "}, "achternaam"),
        ({"achternaam": "Be\x00rg"}, "achternaam"),
        ({"geboortedatum": ""}, "geboortedatum"),
        ({"geboortedatum": "29-02-2013"}, "geboortedatum"),
        ({"geboortedatum": "14-05-13"}, "geboortedatum"),
        ({"geboortedatum": "03-03-2026", "ingeschreven_van": "01-08-2026"}, "geboortedatum"),
        ({"geboortedatum": "01-08-2025"}, "ingeschreven_van"),
        ({"brin": ""}, "brin"),
        ({"brin": "00XX"}, "brin"),
        ({"brin": "onzin"}, "brin"),
        ({"les_brin": "00XX00"}, "les_brin"),
        ({"ingeschreven_van": ""}, "ingeschreven_van"),
        ({"ingeschreven_tot": "31-07-2025"}, "ingeschreven_tot"),
        ({"uitstroomreden": "verhuisd", "ingeschreven_tot": "01-12-2025"}, "uitstroomreden"),
        ({"uitstroomreden": "diploma"}, "uitstroomreden"),
        ({"leerjaren": "-1"}, "leerjaren"),
        ({"leerjaren": "acht"}, "leerjaren"),
        ({"eindonderwijs": "havo"}, "eindonderwijs"),
        ({"startkwalificatie_op": "ja"}, "startkwalificatie_op"),
    ],
)
def test_row_is_refused_and_leaves_nothing(change: dict[str, str], column: str) -> None:
    result = imported("pupils", file_of(SAM | {"klas": "2b", "gemeente": "Testdam"} | change))
    assert (counts(result), places(result)) == ((0, 0, 0, 1), [(2, column)])
    assert not Pupil.objects.exists()
    assert not Group.objects.exists()
    assert not Municipality.objects.exists()


# Who is who


@pytest.mark.parametrize("surname", ["BERG", "Bérg", " berg "])
def test_same_number_birth_date_and_surname_is_the_same_child(surname: str) -> None:
    imported("pupils", file_of(SAM))
    assert counts(imported("pupils", file_of(SAM | {"achternaam": surname, "roepnaam": "Sammie"}))) == (0, 1, 0, 0)
    child = Pupil.objects.get()
    assert (child.first_name, child.surname) == ("Sammie", surname.strip())


@pytest.mark.parametrize(
    "change", [{"geboortedatum": "15-05-2013"}, {"achternaam": "Bergen"}, {"leerlingnummer": "12"}]
)
def test_other_birth_date_surname_or_number_is_another_child(change: dict[str, str]) -> None:
    assert counts(imported("pupils", file_of(SAM, SAM | change))) == (2, 0, 0, 0)
    assert Pupil.objects.count() == 2


# The same enrolment again


def test_enrolment_gets_its_end_and_loses_it_again() -> None:
    imported("pupils", file_of(SAM))
    ended = SAM | {"ingeschreven_tot": "31-12-2025", "uitstroomreden": "buitenland"}
    assert counts(imported("pupils", file_of(ended))) == (0, 1, 0, 0)
    assert enrolments() == [("00AA00", "00AA00", "2025-08-01", "2025-12-31", None, "buitenland")]
    assert counts(imported("pupils", file_of(SAM))) == (0, 1, 0, 0)
    assert enrolments() == [("00AA00", "00AA00", "2025-08-01", None, None, "")]


def test_column_that_the_file_lacks_changes_nothing() -> None:
    full = SAM | {"klas": "2b", "gemeente": "Testdam", "leerjaren": "7", "ingeschreven_tot": "31-12-2025"}
    full |= {"les_brin": "00BB00", "uitstroomreden": "overig", "eindonderwijs": "pro"}
    imported("pupils", file_of(full))
    before = Pupil.objects.values().get(), enrolments()
    few = [column for column in SAM if column != "tussenvoegsel"]
    assert counts(imported("pupils", file_of(SAM, columns=few))) == (0, 0, 1, 0)
    assert (Pupil.objects.values().get(), enrolments()) == before


def test_empty_cell_empties() -> None:
    imported("pupils", file_of(SAM | {"gemeente": "Testdam", "leerjaren": "7", "tussenvoegsel": "van"}))
    assert counts(imported("pupils", file_of(SAM | {"tussenvoegsel": ""}))) == (0, 1, 0, 0)
    child = Pupil.objects.get()
    assert (child.municipality, child.years_before, child.prefix) == (None, None, "")


def test_other_class_keeps_the_earlier_one_until_yesterday() -> None:
    imported("pupils", file_of(SAM | {"klas": "2b"}))
    assert counts(imported("pupils", file_of(SAM | {"klas": "2c"}))) == (0, 1, 0, 0)
    past = PastGroup.objects.get()
    assert past.group is not None
    assert (past.group.name, past.last) == ("2b", day("2026-03-01"))
    assert [row[4] for row in enrolments()] == ["2c"]
    imported("pupils", file_of(SAM | {"klas": "2d"}))
    assert PastGroup.objects.get() == past
    imported("pupils", file_of(SAM | {"klas": ""}), today=day("2026-03-05"))
    assert list(PastGroup.objects.order_by("last").values_list("group__name", "last")) == [
        ("2b", day("2026-03-01")),
        ("2d", day("2026-03-04")),
    ]


def test_class_of_an_enrolment_that_begins_today_was_none_before() -> None:
    starts = SAM | {"ingeschreven_van": TODAY.isoformat()}
    imported("pupils", file_of(starts | {"klas": "2b"}))
    imported("pupils", file_of(starts | {"klas": "2c"}))
    assert not PastGroup.objects.exists()


def test_class_of_the_same_name_at_another_place_is_another_class() -> None:
    imported(
        "pupils", file_of(SAM | {"klas": "2b"}, SAM | {"leerlingnummer": "13", "klas": "2b", "les_brin": "00BB00"})
    )
    assert sorted(Group.objects.values_list("school__brin", "name")) == [("00AA00", "2b"), ("00BB00", "2b")]


def test_class_is_left_with_the_place_of_teaching_when_the_file_has_no_classes() -> None:
    imported("pupils", file_of(SAM | {"klas": "2b"}))
    columns = [*SAM, "les_brin"]
    assert counts(imported("pupils", file_of(SAM | {"les_brin": "00BB"}, columns=columns))) == (0, 1, 0, 0)
    assert [(row[1], row[4]) for row in enrolments()] == [("00BB00", None)]


# Moving


MOVED = SAM | {"brin": "00BB", "ingeschreven_van": "01-01-2026"}
LEFT = SAM | {"ingeschreven_tot": "31-12-2025", "uitstroomreden": "andere_school"}


def test_new_enrolment_beside_one_that_did_not_end_is_refused_and_names_both() -> None:
    imported("pupils", file_of(SAM))
    assert one_refusal(imported("pupils", file_of(MOVED))) == (
        "regel 2, kolom ingeschreven_van: inschrijving op 00BB00 vanaf 01-01-2026 overlapt met inschrijving op 00AA00 "
        "vanaf 01-08-2025 (staat er al) (pas de datums aan, of geef het andere eerst een einde)"
    )
    assert len(enrolments()) == 1


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_pupil_who_moves_has_two_rows_in_any_order(turned: bool, known: bool) -> None:
    if known:
        imported("pupils", file_of(SAM))
    rows = [MOVED, LEFT] if turned else [LEFT, MOVED]
    assert counts(imported("pupils", file_of(*rows))) == ((1, 1, 0, 0) if known else (2, 0, 0, 0))
    assert Pupil.objects.count() == 1
    assert [row[:4] for row in enrolments()] == [
        ("00AA00", "00AA00", "2025-08-01", "2025-12-31"),
        ("00BB00", "00BB00", "2026-01-01", None),
    ]
    assert counts(imported("pupils", file_of(*rows))) == (0, 0, 2, 0)


@pytest.mark.parametrize("turned", [False, True])
def test_last_enrolment_says_where_the_child_lives_and_the_first_how_many_years_went_before(turned: bool) -> None:
    rows = [LEFT | {"gemeente": "Oudstad", "leerjaren": "7"}, MOVED | {"gemeente": "Nieuwdam", "leerjaren": "8"}]
    rows = rows[::-1] if turned else rows
    imported("pupils", file_of(*rows))
    child = Pupil.objects.get()
    assert child.municipality is not None
    assert (child.municipality.name, child.years_before) == ("Nieuwdam", 7)
    assert counts(imported("pupils", file_of(*rows))) == (0, 0, 2, 0)
    assert counts(imported("pupils", file_of(rows[1 if turned else 0] | {"gemeente": "Elders"}))) == (0, 0, 1, 0)


def test_known_municipality_is_recognised_in_any_case() -> None:
    known = factories.municipality("Testdam")
    imported("pupils", file_of(SAM | {"gemeente": "TESTDAM"}))
    assert Pupil.objects.get().municipality == known


def test_changed_enrolment_is_evaluated() -> None:
    imported("pupils", file_of(SAM))
    factories.absence(Pupil.objects.get(), day("2025-12-01"), None)
    imported("pupils", file_of(LEFT))
    assert Pupil.objects.get().clock.run_since == day("2025-12-01")
