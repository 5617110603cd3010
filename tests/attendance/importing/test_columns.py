"""Which column is which."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from attendance.importing.columns import Columns
from attendance.importing.refusals import RefusedFile
from attendance.importing.run import KINDS, columns_of
from attendance.importing.synonyms import MEANINGS, PRIVATE_NAMES, SYNONYMS, names_in, plain
from attendance.models import Absence, Pupil
from tests import factories
from tests.attendance.importing.files import counts, day, imported, school
from tests.attendance.importing.workbooks import workbook

ABSENCES = Columns("absences", KINDS["absences"].required, KINDS["absences"].optional)


def match(*names: str, **mapping: str) -> dict[str, int]:
    return Columns("absences", ABSENCES.required, ABSENCES.optional, mapping).match(names).places


@pytest.mark.parametrize(
    ("kind", "name", "column"),
    [
        ("pupils", "Stamnr.", "leerlingnummer"),
        ("pupils", "Leerlingnr", "leerlingnummer"),
        ("pupils", "Voorvoegsel", "tussenvoegsel"),
        ("pupils", "Geb.datum", "geboortedatum"),
        ("pupils", "Stamgroep", "klas"),
        ("pupils", "Ingeschreven van", "ingeschreven_van"),
        ("absences", "Begindatum", "van"),
        ("absences", "Einddatum", "tot"),
        ("absences", "Datum t/m", "tot"),
        ("absences", "Reden verzuim", "reden"),
        ("absences", "Verzuimcode", "reden"),
        ("absences", "LESUUR NR", "lesuur"),
        ("timetables", "Maandag", "ma"),
        ("schools", "Schoolnaam", "naam"),
        ("exemptions", "Grond", "soort"),
        ("calendar", "Begin-datum", "van"),
    ],
)
def test_name_of_another_system_is_recognised(kind: str, name: str, column: str) -> None:
    columns = Columns(kind, KINDS[kind].required, KINDS[kind].optional)
    assert columns.match([name]).places == {column: 0}


def test_no_synonym_means_two_things_or_something_private() -> None:
    for kind, of_kind in SYNONYMS.items():
        names = Counter(name for column, text in of_kind.items() for name in {*names_in(text), plain(column)})
        assert [name for name, times in names.items() if times > 1] == [], kind
        assert not PRIVATE_NAMES.intersection(names), kind


def test_synonyms_are_of_columns_that_exist() -> None:
    for kind, importer in KINDS.items():
        known = {*importer.required, *importer.optional, "datum", "dagdeel"}
        assert set(MEANINGS[kind].values()) <= known, kind


def test_our_own_name_goes_before_a_synonym() -> None:
    found = ABSENCES.match(["Begindatum", "van", "leerlingnummer", "reden"])
    assert (found.places["van"], found.ignored) == (1, ("begindatum",))


def test_two_names_that_can_be_the_same_column_are_asked_about() -> None:
    found = ABSENCES.match(["leerlingnummer", "reden", "Begindatum", "Startdatum"])
    assert found.unclear == {"van": ("Begindatum", "Startdatum")}
    with pytest.raises(RefusedFile, match="Meer kolommen kunnen “van” zijn: Begindatum, Startdatum"):
        ABSENCES.check(found)


def test_choice_by_hand_goes_before_everything() -> None:
    assert match("van", "Wanneer", "leerlingnummer", "reden", Wanneer="van") == {
        "van": 1,
        "leerlingnummer": 2,
        "reden": 3,
    }
    assert match("leerlingnummer", "van", "tot", "reden", tot="") == {"leerlingnummer": 0, "van": 1, "reden": 3}
    assert match("leerlingnummer", "reden", "Begindatum", "Startdatum", Begindatum="") == {
        "leerlingnummer": 0,
        "reden": 1,
        "van": 3,
    }


def test_column_of_single_dates_is_the_first_and_the_last_day() -> None:
    assert match("leerlingnummer", "Datum", "reden") == {"leerlingnummer": 0, "van": 1, "tot": 1, "reden": 2}
    assert match("leerlingnummer", "Datum", "Einddatum", "reden")["tot"] == 2
    assert match("leerlingnummer", "Datum", "van", "reden") == {"leerlingnummer": 0, "van": 2, "reden": 3}


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"Wie": "leerling"}, "bestaat niet"),
        ({"Wie": "van", "Wat": "van"}, "meer dan één kolom"),
        ({"BSN": "leerlingnummer"}, "bewaren we niet"),
        ({"dubbel": "van"}, "twee keer"),
    ],
)
def test_mapping_that_makes_no_sense_is_refused(mapping: dict[str, str], reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        Columns("absences", ABSENCES.required, ABSENCES.optional, mapping).match(
            ["Wie", "Wat", "BSN", "dubbel", "Dubbel"]
        )


def test_columns_of_a_file_are_told_with_its_first_rows() -> None:
    content = "Stamnr;Datum;Wat;BSN\n" + "".join(f"{number};2-2-2026;ziek;geheim\n" for number in range(9))
    found = columns_of(io.BytesIO(content.encode()), "absences")
    assert found.names == ("Stamnr", "Datum", "Wat", "BSN")
    assert found.recognised == {"Stamnr": "leerlingnummer", "Datum": "datum"}
    assert found.missing == ("reden",)
    assert not found.complete
    assert len(found.sample) == 5
    assert found.sample[0] == ("0", "2-2-2026", "ziek", "•••")
    assert set(found.choices) >= {"leerlingnummer", "datum", "van", "tot", "reden"}
    assert columns_of(io.BytesIO(content.encode()), "absences", {"Wat": "reden"}).complete


def test_columns_of_a_workbook_are_told_too() -> None:
    found = columns_of(io.BytesIO(workbook(["Leerlingen"], ["Stamnr", "Achternaam"], [1, "Hof"])), "pupils")
    assert (found.format, found.header_line, found.names) == ("xlsx", 2, ("Stamnr", "Achternaam"))
    assert "roepnaam" in found.missing
    assert found.sample == (("1", "Hof"),)


@pytest.mark.django_db
def test_import_takes_a_mapping() -> None:
    factories.pupil(number="1")
    content = "Kind;Start;Eind;Waarom\n1;02-02-2026;03-02-2026;ziek\n"
    with pytest.raises(RefusedFile, match="ontbreekt"):
        imported("absences", content)
    mapping = {"Kind": "leerlingnummer", "start": "van", " EIND ": "tot", "Waarom": "reden"}
    assert counts(imported("absences", content, mapping=mapping)) == (1, 0, 0, 0)
    absence = Absence.objects.get()
    assert (absence.first, absence.last) == (day("2026-02-02"), day("2026-02-03"))


@pytest.mark.django_db
def test_file_of_another_system_is_imported_by_its_names() -> None:
    school("99ZZ00")
    content = (
        "Stamnr;Roepnaam;Voorvoegsel;Achternaam;Geb.datum;BSN;BRIN-nummer;Groep;Instroomdatum\n"
        "0012;Noor;van 't;Hof;6-5-2014;geheim;99ZZ;5a;1-8-2025\n"
    )
    result = imported("pupils", content)
    assert counts(result) == (1, 0, 0, 0)
    assert result.ignored_columns == ("bsn",)
    pupil = Pupil.objects.get()
    assert (pupil.number, pupil.prefix, pupil.surname) == ("0012", "van 't", "Hof")
    assert str(pupil.enrolments.get().group) == "5a"
