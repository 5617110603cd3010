"""Pupils and classes from EDEXML."""

from __future__ import annotations

import io
import logging

import pytest

from attendance.importing.refusals import RefusedFile
from attendance.importing.run import columns_of
from attendance.models import Enrolment, Group, Pupil
from tests.attendance.importing.edexml_files import GROUPS, NO_BSN, NOOR, edexml, pupil
from tests.attendance.importing.edexml_files import school as of_school
from tests.attendance.importing.files import counts, day, imported, one_refusal, places, school
from thuiszitters.accounts.models import Membership, User

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;roepnaam;tussenvoegsel;achternaam;geboortedatum;brin;klas;ingeschreven_van;ingeschreven_tot\n"


@pytest.fixture(autouse=True)
def _a_school() -> None:
    school("99ZZ00")


def stays() -> list[tuple[str, str, str, str]]:
    """Number, class, first and last day of each enrolment."""
    return [
        (stay.pupil.number, str(stay.group or ""), str(stay.first), str(stay.last or ""))
        for stay in Enrolment.objects.select_related("pupil", "group").order_by("pupil__number", "first")
    ]


@pytest.mark.parametrize("version", ["1.0.3", "1.03", "2.0", "2.1", ""])
def test_pupil_of_each_version_is_taken_in(version: str) -> None:
    result = imported("pupils", edexml(of_school=of_school(version)))
    assert counts(result) == (1, 0, 0, 0)
    noor = Pupil.objects.get()
    assert (noor.number, noor.first_name, noor.prefix, noor.surname) == ("0012", "Noor", "van 't", "Hof")
    assert noor.birth_date == day("2016-05-06")
    assert stays() == [("0012", "5 Vlinders", "2025-08-01", "")]


def test_same_file_again_changes_nothing() -> None:
    imported("pupils", edexml())
    assert counts(imported("pupils", edexml())) == (0, 0, 1, 0)


def test_enrolment_starts_when_the_file_says_so() -> None:
    imported("pupils", edexml(pupil(rest="<instroomdatum>2025-11-03</instroomdatum>")))
    assert stays() == [("1", "", "2025-11-03", "")]


def test_enrolment_of_a_known_pupil_keeps_its_first_day() -> None:
    imported("pupils", HEADER + "0012;Noor;van 't;Hof;06-05-2016;99ZZ;4a;01-09-2020;\n")
    assert counts(imported("pupils", edexml())) == (0, 1, 0, 0)
    assert stays() == [("0012", "5 Vlinders", "2020-09-01", "")]
    with_start = NOOR.replace("</leerling>", "<instroomdatum>2022-01-10</instroomdatum></leerling>")
    assert counts(imported("pupils", edexml(with_start))) == (0, 0, 1, 0)


def test_end_that_is_known_stays_when_the_file_is_silent_and_moves_when_it_speaks() -> None:
    imported("pupils", HEADER + "0012;Noor;van 't;Hof;06-05-2016;99ZZ;5 Vlinders;01-09-2020;30-06-2026\n")
    imported("pupils", edexml())
    assert stays() == [("0012", "5 Vlinders", "2020-09-01", "2026-06-30")]
    imported("pupils", edexml(NOOR.replace("</leerling>", "<uitstroomdatum>2026-01-31</uitstroomdatum></leerling>")))
    assert stays() == [("0012", "5 Vlinders", "2020-09-01", "2026-01-31")]


def test_pupil_who_comes_back_gets_an_enrolment_of_the_new_school_year() -> None:
    imported("pupils", HEADER + "0012;Noor;van 't;Hof;06-05-2016;99ZZ;4a;01-09-2020;30-06-2024\n")
    back = NOOR.replace("</leerling>", "<instroomdatum>2020-09-01</instroomdatum></leerling>")
    assert counts(imported("pupils", edexml(back))) == (1, 0, 0, 0)
    assert [stay[2:] for stay in stays()] == [("2020-09-01", "2024-06-30"), ("2025-08-01", "")]


def test_location_is_part_of_the_school() -> None:
    school("99ZZ02")
    imported("pupils", edexml(of_school=of_school(location="02")))
    assert Enrolment.objects.get().school.brin == "99ZZ02"


def test_file_without_school_needs_one_and_one_of_another_school_is_refused() -> None:
    here, other = Enrolment, school("99YY00")
    with pytest.raises(RefusedFile, match="geen BRIN"):
        imported("pupils", edexml(of_school=of_school(brin="")))
    with pytest.raises(RefusedFile, match="van school 99ZZ00 en niet van 99YY00"):
        imported("pupils", edexml(), school=other)
    assert not here.objects.exists()
    imported("pupils", edexml(of_school=of_school(brin="")), school=other)
    assert here.objects.get().school == other


def test_file_without_locations_is_of_the_location_that_was_named() -> None:
    location = school("99ZZ03")
    imported("pupils", edexml(), school=location)
    assert Enrolment.objects.get().school == location


def test_pupil_without_surname_or_date_of_birth_is_refused_with_the_line() -> None:
    result = imported(
        "pupils", edexml(pupil(name="<roepnaam>Sam</roepnaam>"), pupil("2", born=""), NOOR, groups=GROUPS)
    )
    assert counts(result) == (1, 0, 0, 2)
    assert places(result) == [(15, "achternaam"), (20, "geboortedatum")]


def test_pupil_without_first_name_is_called_by_the_next_best() -> None:
    names = "<achternaam>Assati</achternaam><voornamen>Ismaël Hassan</voornamen><voorletters-1>IH</voorletters-1>"
    initials = "<achternaam>Bos</achternaam><voorletters-1>B</voorletters-1>"
    imported("pupils", edexml(pupil("1", name=names), pupil("2", name=initials)))
    assert list(Pupil.objects.order_by("number").values_list("first_name", flat=True)) == ["Ismaël", "B"]


def test_first_name_that_is_known_is_not_replaced_by_initials() -> None:
    imported("pupils", HEADER + "2;Bo;;Bos;01-01-2016;99ZZ;;01-08-2025;\n")
    initials = "<achternaam>Bos</achternaam><voorletters-1>B</voorletters-1>"
    assert counts(imported("pupils", edexml(pupil("2", name=initials), groups=""))) == (0, 0, 1, 0)
    assert Pupil.objects.get().first_name == "Bo"


def test_file_without_groups_leaves_classes_as_they_are() -> None:
    imported("pupils", HEADER + "1;Sam;;Smit;01-01-2016;99ZZ;5a;01-08-2025;\n")
    assert counts(imported("pupils", edexml(pupil(), groups=""))) == (0, 0, 1, 0)
    assert counts(imported("pupils", edexml(pupil()))) == (0, 1, 0, 0)
    assert stays() == [("1", "", "2025-08-01", "")]


def test_groups_with_the_same_name_are_classes_of_their_own() -> None:
    imported("pupils", edexml(pupil("1", rest='<groep key="g6"/>'), pupil("2", rest='<groep key="g7"/>')))
    assert [stay[1] for stay in stays()] == ["Muizen (g6)", "Muizen (g7)"]


def test_pupil_who_left_before_we_knew_them_is_skipped() -> None:
    result = imported(
        "pupils",
        edexml(
            pupil("1", rest="<jaargroep>H</jaargroep>"),
            pupil("2", rest='<groep key="oud"/>'),
            pupil("3", rest="<uitstroomdatum>2025-09-30</uitstroomdatum>"),
            NOOR,
        ),
    )
    assert counts(result) == (1, 0, 0, 0)
    assert result.skipped == 3
    assert Pupil.objects.get().number == "0012"
    assert not Group.objects.filter(name="Vertrokken").exists()


def test_known_pupil_who_left_ends_with_the_date_and_is_asked_about_without() -> None:
    imported("pupils", HEADER + "1;Sam;;Smit;01-01-2016;99ZZ;5a;01-08-2020;\n")
    left = imported("pupils", edexml(pupil(rest="<jaargroep>H</jaargroep>")))
    assert "kolom ingeschreven_tot: is leeg, en de leerling heeft jaargroep H" in one_refusal(left)
    gone = "<jaargroep>H</jaargroep><uitstroomdatum>2025-12-19</uitstroomdatum>"
    assert counts(imported("pupils", edexml(pupil(rest=gone)))) == (0, 1, 0, 0)
    assert stays() == [("1", "5a", "2020-08-01", "2025-12-19")]
    assert counts(imported("pupils", edexml(pupil(rest="<jaargroep>H</jaargroep>")))) == (0, 0, 1, 0)


def test_role_of_a_teacher_gives_nobody_a_right() -> None:
    teachers = """<leerkrachten><leerkracht key="t1">
    <achternaam>Baas</achternaam><roepnaam>Bo</roepnaam><emailadres>bo@school.example</emailadres>
    <rol>DIR</rol><rolomschrijving>beheerder</rolomschrijving>
    <groepen><groep key="g5"><rol>LRK</rol></groep></groepen>
    </leerkracht></leerkrachten>"""
    assert counts(imported("pupils", edexml(teachers=teachers))) == (1, 0, 0, 0)
    assert not User.objects.exists()
    assert not Membership.objects.exists()


PRIVATE = f"""<fotourl>https://foto.example/geheim</fotourl><etniciteit>1</etniciteit><land>MA</land>
<land_vader>MA</land_vader><bsn>{NO_BSN}</bsn><gewicht_nieuw>1,2</gewicht_nieuw><postcodenl>1234AB</postcodenl>
<toevoegingen><blok xsi:type="GeheimType"><code>geheim</code><iets><dieper/></iets></blok></toevoegingen>"""


def test_what_has_no_purpose_here_is_kept_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    result = imported("pupils", edexml(pupil(rest=PRIVATE), pupil("2", born="", rest=PRIVATE)))
    assert counts(result) == (1, 0, 0, 1)
    kept = " ".join(
        str(value) for row in (*Pupil.objects.values(), *Enrolment.objects.values()) for value in row.values()
    )
    for secret in (NO_BSN, "geheim", "1234AB", "foto.example", "MA "):
        assert secret not in f"{kept} {result.refusals} {result.remarks} {caplog.text} "


def test_wrong_number_of_a_person_is_refused_without_showing_it() -> None:
    with pytest.raises(RefusedFile) as refused:
        imported("pupils", edexml(pupil(rest="<bsn>99999999X</bsn>")))
    assert str(refused.value).startswith("Regel 18: “bsn” heeft niet de vorm")
    assert "99999999X" not in str(refused.value)
    assert not Pupil.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            edexml().replace("<leerlingen>", "<leerlingen><blaadje/>"),
            "Regel 14: in “leerlingen” ontbreekt “leerling” voor “blaadje”",
        ),
        (edexml().replace("<roepnaam>Noor</roepnaam>", ""), ""),
        (edexml().replace("<geslacht>0<", "<geslacht>3<"), "Regel 20: “geslacht” heeft niet de vorm"),
        (edexml().replace("2016-05-06", "06-05-2016"), "“geboortedatum” heeft niet de vorm"),
        (edexml().replace("2016-05-06", "2016-02-30"), "“geboortedatum” heeft niet de vorm"),
        (edexml().replace("2025-2026", "2025-2027"), "“schooljaar” heeft niet de vorm"),
        (edexml().replace('<groep key="g5"/>', '<groep key="zoek"/>'), "verwijst naar een key die er niet is"),
        (edexml().replace('key="g6"', 'key="g5"'), "er is al een “groep” met deze key"),
        (edexml(NOOR, NOOR), "er is al een “leerling” met deze key"),
        (edexml().replace(' key="0012"', ""), "“key” van “leerling” ontbreekt"),
        (edexml().replace(' key="0012"', ' key="0012" kleur="rood"'), "kent geen kenmerk “kleur”"),
        (edexml().replace("<leerlingen>", "<leerlingen>los"), "hoort geen tekst"),
        (edexml().replace("<naam>Muizen</naam>", ""), "in “groep” ontbreekt “naam” voor “jaargroep”"),
        (edexml(pupil(name="<voorvoegsel>de</voorvoegsel><roepnaam>Sam</roepnaam>")), "ontbreekt “achternaam”"),
        (edexml(pupil(name="<roepnaam>Sam</roepnaam><achternaam>Smit</achternaam>")), "hoort niet op deze plaats"),
        (edexml(pupil(rest="<bsn>999999999</bsn><sofinummer>999999999</sofinummer>")), "hoort niet op deze plaats"),
        (edexml(of_school=of_school("1.0.2")), "versie 1.0.2 lezen we niet"),
        (edexml(pupil(rest="<vestiging key='x'/>"), of_school=of_school("1.0.3")), "bestaat niet in EDEXML 1.0.3"),
        (edexml(pupil(rest="<bsn>999999999</bsn>"), of_school=of_school("1.0.3")), "bestaat niet in EDEXML 1.0.3"),
        (
            edexml(NOOR.replace('key="0012"', 'key="0012" eckid="x"'), of_school=of_school("2.0")),
            "geen kenmerk “eckid”",
        ),
        (edexml(of_school=""), "in “EDEX” ontbreekt “school” voor “groepen”"),
        (edexml().replace("<leerlingen>", "<!-- ").replace("</leerlingen>", " -->"), "ontbreekt “leerlingen”"),
        (edexml()[:-20], "geen goed XML-bestand"),
        (edexml().replace("EDEX", "leerlinggegevens"), "begint met “leerlinggegevens”"),
        (edexml().replace("UTF-8", "hex"), "tekencodering"),
        (edexml().replace("UTF-8", "x-onbekend"), "tekencodering"),
    ],
)
def test_file_that_is_not_as_prescribed_is_refused_with_the_line(content: str, reason: str) -> None:
    if not reason:
        assert counts(imported("pupils", content)) == (0, 0, 0, 1)
        return
    with pytest.raises(RefusedFile, match=reason):
        imported("pupils", content)
    assert not Pupil.objects.exists()


def test_mistake_at_the_end_leaves_nothing_of_the_beginning() -> None:
    with pytest.raises(RefusedFile):
        imported("pupils", edexml(*(pupil(str(number)) for number in range(3000)), pupil("x", rest="<fout/>")))
    assert not Pupil.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "iso-8859-1"])
def test_encoding_that_the_file_states_is_followed(encoding: str) -> None:
    name = "<achternaam>Zoë</achternaam><roepnaam>Sam</roepnaam>"
    content = edexml(pupil(name=name)).replace("UTF-8", encoding).encode(encoding)
    assert counts(imported("pupils", content)) == (1, 0, 0, 0)
    assert Pupil.objects.get().surname == "Zoë"


def test_other_kinds_take_no_xml() -> None:
    with pytest.raises(RefusedFile, match="alleen met leerlingen"):
        imported("absences", edexml())


def test_columns_of_edexml_cannot_be_mapped_and_are_shown_without_what_is_only_ours() -> None:
    found = columns_of(io.BytesIO(edexml().encode()), "pupils")
    assert (found.format, found.fixed, found.complete) == ("edexml", True, True)
    assert found.names[-1] == "klas"
    assert found.sample == (("0012", "Noor", "van 't", "Hof", "2016-05-06", "99ZZ00", "", "", "5 Vlinders"),)
