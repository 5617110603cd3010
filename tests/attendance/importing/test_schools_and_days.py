"""Files of schools, their own days, own timetables and exemptions."""

from __future__ import annotations

import pytest

from attendance.models import CalendarException, Crossing, Exemption, OwnTimetable, Pupil
from tests import factories
from tests.attendance.importing.files import counts, day, imported, one_refusal, places, school
from thuiszitters.accounts.models import Alliance, Municipality, School

pytestmark = pytest.mark.django_db

# Schools

WEEK = "300;300;240;300;300"
SCHOOLS = "brin;naam;sector;regio;swv;gemeente;lesuur_minuten;ma;di;wo;do;vr\n"
FEW = "brin;naam;sector;regio;ma;di;wo;do;vr\n"


def test_school_goes_in() -> None:
    row = f"00ab1;De Brug;VO;Zuid;SWV Noord;Testdam;50;{WEEK}\n"
    assert counts(imported("schools", SCHOOLS + row)) == (1, 0, 0, 0)
    found = School.objects.get()
    assert (found.brin, found.name, found.sector, found.region) == ("00AB01", "De Brug", "vo", "zuid")
    assert (found.week, found.lesson_minutes) == ((300, 300, 240, 300, 300), 50)
    assert (found.alliance, found.municipality) == (Alliance.objects.get(), Municipality.objects.get(confirmed=False))
    assert counts(imported("schools", SCHOOLS + row)) == (0, 0, 1, 0)
    changed = row.replace("300", "320").replace("Zuid", "noord")
    assert counts(imported("schools", SCHOOLS + changed)) == (0, 1, 0, 0)
    found.refresh_from_db()
    assert (found.week, found.region) == ((320, 320, 240, 320, 320), "noord")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f";A;po;zuid;;;;{WEEK}", "brin"),
        (f"1234;A;po;zuid;;;;{WEEK}", "brin"),
        (f"00AB;;po;zuid;;;;{WEEK}", "naam"),
        (f"00AB;A;mbo;zuid;;;;{WEEK}", "sector"),
        (f"00AB;A;;zuid;;;;{WEEK}", "sector"),
        (f"00AB;A;po;oost;;;;{WEEK}", "regio"),
        (f"00AB;A;vo;zuid;;;;{WEEK}", "lesuur_minuten"),
        (f"00AB;A;vo;zuid;;;0;{WEEK}", "lesuur_minuten"),
        ("00AB;A;po;zuid;;;;300;300;;300;300", "wo"),
        ("00AB;A;po;zuid;;;;300;300;5,5;300;300", "wo"),
        ("00AB;A;po;zuid;;;;1441;300;0;300;300", "ma"),
    ],
)
def test_school_is_refused_and_leaves_nothing(row: str, column: str) -> None:
    result = imported("schools", f"{SCHOOLS}{row.replace(';zuid;;;', ';zuid;SWV;Dam;')}\n")
    assert places(result) == [(2, column)]
    assert not School.objects.exists()
    assert not Alliance.objects.exists()
    assert not Municipality.objects.exists()


@pytest.mark.parametrize(("alliances", "expected"), [([], None), (["SWV Een"], "SWV Een")])
def test_alliance_may_be_left_out_while_there_is_at_most_one(alliances: list[str], expected: str | None) -> None:
    for name in alliances:
        factories.alliance(name)
    assert counts(imported("schools", f"{FEW}00AB;A;po;zuid;{WEEK}\n")) == (1, 0, 0, 0)
    found = School.objects.get().alliance
    assert (found.name if found else None) == expected


def test_alliance_left_out_is_refused_with_two_but_not_for_a_school_that_has_one() -> None:
    factories.alliance("Een")
    known = school("00AA00", alliance=factories.alliance("Twee"))
    rows = f"00AA;Anders;po;zuid;{WEEK}\n00BB;B;po;zuid;{WEEK}\n"
    result = imported("schools", FEW + rows)
    assert counts(result) == (0, 1, 0, 1)
    assert one_refusal(result) == "regel 3, kolom swv: is leeg en er zijn er 2 (kies uit Een, Twee)"
    known.refresh_from_db()
    assert (known.name, known.alliance.name if known.alliance else None) == ("Anders", "Twee")


def test_school_twice_in_a_file_is_one_school() -> None:
    row = f"00AB;A;po;zuid;{WEEK}\n"
    assert counts(imported("schools", FEW + row + row)) == (1, 0, 1, 0)
    assert counts(imported("schools", FEW + row.replace("A;", "B;") + row)) == (0, 0, 2, 0)


def test_other_timetable_of_a_school_reaches_its_pupils() -> None:
    at = school("00AB00", complete_through=day("2026-03-01"))
    child = factories.pupil(at)
    for number in range(1, 5):
        factories.part_of_day(child, day(f"2026-02-0{number + 1}"), 240)
    imported("schools", f"{FEW}00AB;A;po;zuid;120;120;120;120;120\n")
    assert set(Crossing.objects.values_list("rule", flat=True)) == set()
    imported("schools", f"{FEW}00AB;A;po;zuid;{WEEK}\n")
    assert set(Crossing.objects.standing().values_list("rule", flat=True)) == {"uren-16"}


# Own days of schools

CALENDAR = "brin;van;tot;soort;omschrijving\n"


def test_day_of_a_school_goes_in_and_moves_its_pupils() -> None:
    at = school("00AA00", complete_through=day("2026-03-01"))
    child = factories.pupil(at)
    factories.absence(child, day("2026-01-05"), day("2026-01-16"))
    imported("absences", "leerlingnummer;van;tot;reden\n" + f"{child.number};2026-01-05;2026-01-16;geoorloofd\n")
    assert Crossing.objects.standing().filter(rule="thuis-2w").exists()

    result = imported("calendar", CALENDAR + "00aa;12-01-2026;12-01-2026;VRIJ;Studiedag\n")

    assert counts(result) == (1, 0, 0, 0)
    assert CalendarException.objects.values_list("school", "kind", "description").get() == (at.pk, "vrij", "Studiedag")
    assert not Crossing.objects.standing().filter(rule="thuis-2w").exists()
    assert counts(imported("calendar", CALENDAR + "00AA00;2026-01-12;2026-01-12;vrij;Studiedag\n")) == (0, 0, 1, 0)
    assert counts(imported("calendar", CALENDAR + "00AA;12-01-2026;13-01-2026;open;\n")) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("00XX;12-01-2026;12-01-2026;vrij;", "brin"),
        (";12-01-2026;12-01-2026;vrij;", "brin"),
        ("00AA;;12-01-2026;vrij;", "van"),
        ("00AA;12-01-2026;;vrij;", "tot"),
        ("00AA;12-01-2026;11-01-2026;vrij;", "tot"),
        ("00AA;12-01-2026;12-01-2026;dicht;", "soort"),
        ("00AA;12-01-2026;12-01-2026;;", "soort"),
        ("00AA;09-01-2026;10-01-2026;vrij;", "van"),
    ],
)
def test_day_of_a_school_is_refused(row: str, column: str) -> None:
    factories.closed(school("00AA00"), day("2026-01-10"), day("2026-01-11"))
    assert places(imported("calendar", f"{CALENDAR}{row}\n")) == [(2, column)]
    assert CalendarException.objects.count() == 1


def test_days_of_two_schools_do_not_overlap_and_may_be_a_weekend() -> None:
    school("00AA00")
    school("00BB00")
    rows = "00AA;10-01-2026;11-01-2026;open;\n00BB;10-01-2026;11-01-2026;open;\n"
    assert counts(imported("calendar", CALENDAR + rows)) == (2, 0, 0, 0)


# Own timetables

TIMETABLES = "leerlingnummer;van;tot;ma;di;wo;do;vr;soort\n"


@pytest.fixture
def child() -> Pupil:
    return factories.pupil(school(), number="0012")


def test_own_timetable_goes_in(child: Pupil) -> None:
    row = "0012;01-12-2025;;120;0;120;0;0;\n"
    assert counts(imported("timetables", TIMETABLES + row)) == (1, 0, 0, 0)
    found = OwnTimetable.objects.get()
    assert (found.pupil, found.week, found.kind, found.last) == (child, (120, 0, 120, 0, 0), "aangepast", None)
    assert child.clock.structural_share is not None or Crossing.objects.filter(rule="structureel").exists()
    assert counts(imported("timetables", TIMETABLES + row)) == (0, 0, 1, 0)
    changed = "0012;01-12-2025;31-12-2025;0;0;0;0;0;experiment\n"
    assert counts(imported("timetables", TIMETABLES + changed)) == (0, 1, 0, 0)
    found.refresh_from_db()
    assert (found.week, found.kind, found.last) == ((0, 0, 0, 0, 0), "experiment", day("2025-12-31"))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("9;01-12-2025;;1;1;1;1;1;", "leerlingnummer"),
        ("0012;;;1;1;1;1;1;", "van"),
        ("0012;01-12-2025;30-11-2025;1;1;1;1;1;", "tot"),
        ("0012;01-12-2025;;1;1;1;1;;", "vr"),
        ("0012;01-12-2025;;1;1;1;1;veel;", "vr"),
        ("0012;01-12-2025;;1;1;1;1;1;eigen", "soort"),
        ("0012;01-09-2025;01-10-2025;1;1;1;1;1;", "van"),
    ],
)
def test_own_timetable_is_refused(child: Pupil, row: str, column: str) -> None:
    factories.own_timetable(child, (0, 0, 0, 0, 0), day("2025-10-01"), day("2025-10-31"))
    result = imported("timetables", f"{TIMETABLES}{row}\n")
    assert places(result) == [(2, column)]
    assert OwnTimetable.objects.count() == 1


# Exemptions

EXEMPTIONS = "leerlingnummer;van;tot;soort\n"


def test_exemption_goes_in_and_ends_a_run(child: Pupil) -> None:
    imported("absences", "leerlingnummer;van;reden\n0012;01-12-2025;geoorloofd\n")
    assert Crossing.objects.standing().filter(rule="thuis-4w").exists()
    row = "0012;08-12-2025;;5 onder a\n"
    assert counts(imported("exemptions", EXEMPTIONS + row)) == (1, 0, 0, 0)
    assert not Crossing.objects.standing().filter(rule="thuis-4w").exists()
    assert counts(imported("exemptions", EXEMPTIONS + row)) == (0, 0, 1, 0)
    assert counts(imported("exemptions", EXEMPTIONS + row.replace(";;", ";31-07-2026;"))) == (0, 1, 0, 0)
    found = Exemption.objects.get()
    assert (found.pupil, found.last, found.kind) == (child, day("2026-07-31"), "5 onder a")


def test_exemptions_on_two_grounds_may_hold_at_once(child: Pupil) -> None:
    rows = "0012;08-12-2025;;5 onder a\n0012;10-12-2025;;15\n"
    assert counts(imported("exemptions", EXEMPTIONS + rows)) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("9;01-12-2025;;5 onder a", "leerlingnummer"),
        ("0012;01-13-2025;;5 onder a", "van"),
        ("0012;02-12-2025;01-12-2025;5 onder a", "tot"),
        ("0012;01-12-2025;;", "soort"),
        (f"0012;01-12-2025;;{'x' * 41}", "soort"),
    ],
)
def test_exemption_is_refused(child: Pupil, row: str, column: str) -> None:
    assert places(imported("exemptions", f"{EXEMPTIONS}{row}\n")) == [(2, column)]
