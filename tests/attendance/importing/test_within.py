"""A file that may be about some schools only: what it says of others is refused, and tells nothing about them."""

from __future__ import annotations

import pytest

from attendance.models import Absence, CalendarException, Enrolment, Exemption, OwnTimetable
from tests import factories
from tests.attendance.importing.files import counts, day, imported, one_refusal, school
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db

HEADER = "leerlingnummer;van;tot;reden\n"


@pytest.fixture
def own() -> School:
    return school("00AA00")


@pytest.fixture
def other() -> School:
    return school("00BB00")


def within(at: School) -> frozenset[int]:
    return frozenset({at.pk})


def test_a_pupil_of_another_school_is_as_unknown_as_one_who_is_nowhere(own: School, other: School) -> None:
    factories.pupil(other, number="1")
    text = HEADER + "{};01-12-2025;;ziek\n"

    there = imported("absences", text.format(1), school=own, within=within(own))
    nowhere = imported("absences", text.format(2), school=own, within=within(own))

    assert one_refusal(there) == one_refusal(nowhere).replace("leerling 2", "leerling 1")
    assert not Absence.objects.exists()
    assert counts(imported("absences", text.format(1))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "text", "model"),
    [
        ("absences", HEADER + "1;01-12-2025;;ziek\n", Absence),
        ("timetables", "leerlingnummer;van;ma;di;wo;do;vr\n1;01-12-2025;0;0;0;0;0\n", OwnTimetable),
        ("exemptions", "leerlingnummer;van;soort\n1;01-12-2025;15\n", Exemption),
    ],
)
@pytest.mark.parametrize(("left_on", "refused"), [("2025-11-30", 1), ("2025-12-01", 0)])
def test_what_begins_at_another_school_is_for_that_school(
    kind: str, text: str, model: type[Absence], left_on: str, refused: int
) -> None:
    child, own, other = factories.pupil(number="1"), school("00AA00"), school("00BB00")
    factories.enrolment(child, own, last=day(left_on))
    factories.enrolment(child, other, first=day("2025-12-02" if left_on == "2025-12-01" else "2025-12-01"))

    result = imported(kind, text, school=own, within=within(own))

    assert counts(result) == (1 - refused, 0, 0, refused)
    assert model.objects.count() == 1 - refused


def test_the_place_of_teaching_may_say_who_is_absent(own: School, other: School) -> None:
    child = factories.pupil(number="1")
    factories.enrolment(child, other, place=own)

    result = imported("absences", HEADER + "1;01-12-2025;;ziek\n", school=own, within=within(own))

    assert counts(result) == (1, 0, 0, 0)


def test_a_number_of_two_schools_means_the_own_pupil(own: School, other: School) -> None:
    mine, _theirs = factories.pupil(own, number="1"), factories.pupil(other, number="1")

    imported("absences", HEADER + "1;01-12-2025;;ziek\n", within=within(own))

    assert Absence.objects.get().pupil == mine


def test_pupils_are_enrolled_at_the_own_school_only(own: School, other: School) -> None:
    header = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van\n"
    row = "{0};Sam;Berg;01-01-2014;{1};01-08-2025\n"

    result = imported("pupils", header + row.format(1, "00AA") + row.format(2, "00BB"), within=within(own))

    assert counts(result) == (1, 0, 0, 1)
    assert "00BB00 is niet de school van deze import" in one_refusal(result)
    assert [row.school for row in Enrolment.objects.all()] == [own]
    assert not other.alliance_id


def test_days_are_of_the_own_school_only(own: School, other: School) -> None:
    row = "{};01-12-2025;01-12-2025;vrij\n"

    result = imported("calendar", "brin;van;tot;soort\n" + row.format("00AA") + row.format("00BB"), within=within(own))

    assert counts(result) == (1, 0, 0, 1)
    assert [row.school for row in CalendarException.objects.all()] == [own]
    assert other.brin in one_refusal(result)


@pytest.mark.parametrize(
    ("brin", "alliance", "refused"),
    [
        ("00AA", "", 0),
        ("00AA", "Samen", 0),
        ("00AA", "Ander", 1),
        ("00AA", "Nieuw", 1),
        ("00BB", "", 1),
        ("00CC", "", 1),
    ],
)
def test_a_school_stays_in_its_alliance_and_others_are_left_alone(
    brin: str, alliance: str, refused: int, own: School, other: School
) -> None:
    own.alliance = factories.alliance("Samen")
    own.save()
    other.alliance = factories.alliance("Ander")
    other.save()
    header = "brin;naam;sector;regio;swv;ma;di;wo;do;vr\n"

    result = imported("schools", f"{header}{brin};Nieuwe naam;po;zuid;{alliance};1;1;1;1;1\n", within=within(own))

    assert counts(result) == (0, 1 - refused, 0, refused)
    assert School.objects.filter(name="Nieuwe naam").count() == 1 - refused
    assert sorted(School.objects.values_list("brin", "alliance__name")) == [("00AA00", "Samen"), ("00BB00", "Ander")]
