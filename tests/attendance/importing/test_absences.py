"""Absence files: what goes in, what is refused, what the same row again does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attendance.models import Absence, AbsenceVersion, Crossing, Pupil, Reason, RegisterImport
from tests import factories
from tests.attendance.importing.files import counts, day, imported, one_refusal, places, school

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;van;tot;reden;minuten;lesuur\n"


@pytest.fixture
def child() -> Pupil:
    return factories.pupil(school(lesson_minutes=50), number="0012")


def stored() -> list[tuple[Any, ...]]:
    rows = Absence.objects.standing().order_by("pupil__number", "first", "lesson")
    return [
        (str(first), str(last) if last else None, minutes, lesson, code)
        for first, last, minutes, lesson, code in rows.values_list("first", "last", "minutes", "lesson", "reason__code")
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("0012;01-12-2025;05-12-2025;ziek;;", ("2025-12-01", "2025-12-05", None, 0, "ziek")),
        ("0012;01-12-2025;;geoorloofd;;", ("2025-12-01", None, None, 0, "geoorloofd")),
        ("0012;01-12-2025;01-12-2025;ONGEOORLOOFD;240;", ("2025-12-01", "2025-12-01", 240, 0, "ongeoorloofd")),
        ("0012;01-12-2025;01-12-2025;ongeoorloofd;;3", ("2025-12-01", "2025-12-01", 50, 3, "ongeoorloofd")),
        ("0012;01-12-2025;01-12-2025;telaat;10;1", ("2025-12-01", "2025-12-01", 10, 1, "telaat")),
        (" 0012 ; 2025-12-01 ; 2025-12-01 ; ziek ; ; ", ("2025-12-01", "2025-12-01", None, 0, "ziek")),
        ("0012;06-12-2025;07-12-2025;elders;;", ("2025-12-06", "2025-12-07", None, 0, "elders")),
        ("0012;01-12-2020;;ziek;;", ("2020-12-01", None, None, 0, "ziek")),
        ("0012;01-12-2027;02-12-2027;geoorloofd;;", ("2027-12-01", "2027-12-02", None, 0, "geoorloofd")),
    ],
)
def test_row_goes_in(child: Pupil, row: str, expected: tuple[Any, ...]) -> None:
    assert counts(imported("absences", HEADER + row)) == (1, 0, 0, 0)
    assert stored() == [expected]
    assert counts(imported("absences", HEADER + row)) == (0, 0, 1, 0)
    assert stored() == [expected]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (";01-12-2025;;ziek;;", "leerlingnummer"),
        ("12;01-12-2025;;ziek;;", "leerlingnummer"),
        ("0012;;01-12-2025;ziek;;", "van"),
        ("0012;31-11-2025;;ziek;;", "van"),
        ("0012;01-12-25;;ziek;;", "van"),
        ("0012;02-12-2025;01-12-2025;ziek;;", "tot"),
        ("0012;01-12-2025;morgen;ziek;;", "tot"),
        ("0012;01-12-2025;;;;", "reden"),
        ("0012;01-12-2025;;griep;;", "reden"),
        ("0012;01-12-2025;01-12-2025;telaat;;", "minuten"),
        ("0012;01-12-2025;01-12-2025;telaat;;1", "minuten"),
        ("0012;01-12-2025;01-12-2025;ziek;0;", "minuten"),
        ("0012;01-12-2025;01-12-2025;ziek;-5;", "minuten"),
        ("0012;01-12-2025;01-12-2025;ziek;1441;", "minuten"),
        ("0012;01-12-2025;02-12-2025;ziek;60;", "minuten"),
        ("0012;01-12-2025;;ziek;60;", "minuten"),
        ("0012;01-12-2025;;ziek;;2", "lesuur"),
        ("0012;01-12-2025;02-12-2025;ziek;;2", "lesuur"),
        ("0012;01-12-2025;01-12-2025;ziek;;0", "lesuur"),
        ("0012;01-12-2025;01-12-2025;ziek;;25", "lesuur"),
        ("0012;01-12-2024;01-12-2024;ziek;;2", "lesuur"),
        ("0012;01-12-2025;01-12-2025;zi\x00ek;;", "reden"),
        ("00\x0012;01-12-2025;01-12-2025;ziek;;", "leerlingnummer"),
        ("0012;01-12-2025;01-12-2025", ""),
    ],
)
def test_row_is_refused(child: Pupil, row: str, column: str) -> None:
    result = imported("absences", HEADER + row)
    assert counts(result) == (0, 0, 0, 1)
    assert places(result) == [(2, column)]
    assert stored() == []


def test_good_rows_go_in_beside_bad_ones_which_are_told_in_the_order_of_the_file(child: Pupil) -> None:
    other = factories.pupil(number="0001")
    rows = "0012;x;;ziek;;\n0001;01-12-2025;;ziek;;\n0001;y;;ziek;;\n0012;01-12-2025;;ziek;;\n0099;01-12-2025;;ziek;;\n"
    result = imported("absences", HEADER + rows)
    assert counts(result) == (2, 0, 0, 3)
    assert places(result) == [(2, "van"), (4, "van"), (6, "leerlingnummer")]
    assert set(Absence.objects.values_list("pupil", flat=True)) == {child.pk, other.pk}


def test_optional_columns_may_be_missing(child: Pupil) -> None:
    assert counts(imported("absences", "reden;van;leerlingnummer\nziek;01-12-2025;0012\n")) == (1, 0, 0, 0)


def test_lesson_without_known_length_asks_for_minutes() -> None:
    factories.pupil(school(lesson_minutes=None), number="0012")
    result = imported("absences", HEADER + "0012;01-12-2025;01-12-2025;ziek;;2\n")
    assert one_refusal(result) == (
        "regel 2, kolom lesuur: van school 99ZZ00 is de lengte van een les niet bekend (vul minuten in)"
    )


def test_lesson_is_one_of_the_place_of_teaching_on_that_date() -> None:
    home, elsewhere = school("00AA00", lesson_minutes=50), school("00BB00", lesson_minutes=40)
    child = factories.pupil(number="7")
    factories.enrolment(child, home, first=day("2025-08-01"), last=day("2025-12-31"))
    factories.enrolment(child, home, first=day("2026-01-01"), place=elsewhere)

    imported("absences", HEADER + "7;19-12-2025;19-12-2025;ziek;;2\n7;05-01-2026;05-01-2026;ziek;;2\n")

    assert [row[2] for row in stored()] == [50, 40]


def test_unknown_reason_names_the_known_ones_with_those_of_the_school(child: Pupil) -> None:
    at = child.enrolments.get().school
    Reason.objects.create(school=at, code="Tand", label="Tandarts", authorised=True)
    Reason.objects.create(school=school("00XX00"), code="geheim", label="Van een ander")
    result = imported("absences", HEADER + "0012;01-12-2025;;griep;;\n")
    text = one_refusal(result)
    assert text.startswith("regel 2, kolom reden: “griep” is geen bekende reden (kies uit ")
    assert {"ziek", "telaat", "Tand"} <= set(text.replace(";", ",").replace("(kies uit", ",").split(", "))
    assert "geheim" not in text


def test_own_code_of_the_school_goes_before_a_common_one(child: Pupil) -> None:
    at = child.enrolments.get().school
    own = Reason.objects.create(school=at, code="ZIEK", label="Ziek thuis", sick=True, maps_to=factories.reason("ziek"))
    other = factories.pupil(school("00XX00"), number="0013")
    imported("absences", HEADER + "0012;01-12-2025;;ziek;;\n0013;01-12-2025;;ziek;;\n")
    assert Absence.objects.get(pupil=child).reason == own
    assert Absence.objects.get(pupil=other).reason == factories.reason("ziek")


def test_minutes_are_required_for_an_own_code_that_maps_to_one_that_requires_them(child: Pupil) -> None:
    at = child.enrolments.get().school
    Reason.objects.create(school=at, code="TL", label="Te laat", maps_to=factories.reason("telaat"))
    assert places(imported("absences", HEADER + "0012;01-12-2025;01-12-2025;tl;;\n")) == [(2, "minuten")]


# The same key again


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("01-12-2025;;ziek;;", "01-12-2025;05-12-2025;ziek;;", ("2025-12-01", "2025-12-05", None, 0, "ziek")),
        ("01-12-2025;05-12-2025;ziek;;", "01-12-2025;;ziek;;", ("2025-12-01", None, None, 0, "ziek")),
        ("01-12-2025;;onbekend;;", "01-12-2025;;ziek;;", ("2025-12-01", None, None, 0, "ziek")),
        (
            "01-12-2025;01-12-2025;ziek;60;",
            "01-12-2025;01-12-2025;ziek;90;",
            ("2025-12-01", "2025-12-01", 90, 0, "ziek"),
        ),
        (
            "01-12-2025;01-12-2025;ziek;60;",
            "01-12-2025;01-12-2025;ziek;;",
            ("2025-12-01", "2025-12-01", None, 0, "ziek"),
        ),
        ("01-12-2025;01-12-2025;ziek;;2", "01-12-2025;01-12-2025;luxe;;2", ("2025-12-01", "2025-12-01", 50, 2, "luxe")),
    ],
)
def test_same_key_updates_and_keeps_what_was(child: Pupil, before: str, after: str, expected: tuple[Any, ...]) -> None:
    imported("absences", f"{HEADER}0012;{before}\n")
    was = Absence.objects.get()

    result = imported("absences", f"{HEADER}0012;{after}\n")

    assert counts(result) == (0, 1, 0, 0)
    assert stored() == [expected]
    now = Absence.objects.get()
    assert (now.pk, now.code, now.source_id, now.created_at) == (was.pk, was.code, was.source_id, was.created_at)
    assert now.changed_at > was.changed_at
    version = AbsenceVersion.objects.get()
    assert (version.first, version.last, version.minutes) == (was.first, was.last, was.minutes)
    assert (version.reason, version.absence, version.changed_by) == (was.reason, was, None)
    assert version.source == result.register_import
    assert counts(imported("absences", f"{HEADER}0012;{after}\n")) == (0, 0, 1, 0)
    assert AbsenceVersion.objects.count() == 1


def test_lessons_of_a_day_are_rows_of_their_own(child: Pupil) -> None:
    rows = (
        "0012;01-12-2025;01-12-2025;ziek;;1\n0012;01-12-2025;01-12-2025;ziek;;2\n0012;01-12-2025;01-12-2025;ziek;20;\n"
    )
    assert counts(imported("absences", HEADER + rows)) == (3, 0, 0, 0)
    assert counts(imported("absences", HEADER + rows)) == (0, 0, 3, 0)


def test_same_row_twice_is_unchanged(child: Pupil) -> None:
    row = "0012;01-12-2025;;ziek;;\n"
    assert counts(imported("absences", HEADER + row + row)) == (1, 0, 1, 0)


def test_withdrawn_record_does_not_stand_in_the_way(child: Pupil) -> None:
    gone = factories.absence(child, day("2025-12-01"), day("2025-12-05"), withdrawn_at="2026-01-01T00:00Z")
    assert counts(imported("absences", HEADER + "0012;01-12-2025;05-12-2025;ziek;;\n")) == (1, 0, 0, 0)
    assert Absence.objects.exclude(pk=gone.pk).count() == 1


# Overlap


def test_overlap_with_what_stands_names_both_and_leaves_it(child: Pupil) -> None:
    factories.absence(child, day("2025-12-01"), None, "geoorloofd")
    result = imported("absences", HEADER + "0012;05-12-2025;06-12-2025;ziek;;\n")
    assert one_refusal(result) == (
        "regel 2, kolom van: verzuim (ziek) van 05-12-2025 tot en met 06-12-2025 overlapt met verzuim (geoorloofd) "
        "vanaf 01-12-2025 (staat er al) (pas de datums aan, of geef het andere eerst een einde)"
    )
    assert stored() == [("2025-12-01", None, None, 0, "geoorloofd")]


def test_overlap_within_the_file_names_the_line(child: Pupil) -> None:
    rows = "0012;01-12-2025;01-12-2025;ziek;60;\n0012;30-11-2025;02-12-2025;ziek;;\n"
    result = imported("absences", HEADER + rows)
    assert counts(result) == (1, 0, 0, 1)
    assert "overlapt met verzuim (ziek, 60 minuten) op 01-12-2025 (regel 2)" in one_refusal(result)


def test_update_is_checked_for_overlap_like_a_new_row(child: Pupil) -> None:
    factories.absence(child, day("2025-12-01"), day("2025-12-05"))
    factories.absence(child, day("2025-12-08"), day("2025-12-09"))
    result = imported("absences", HEADER + "0012;01-12-2025;08-12-2025;ziek;;\n")
    assert places(result) == [(2, "van")]
    assert [row[1] for row in stored()] == ["2025-12-05", "2025-12-09"]


@pytest.mark.parametrize("turned", [False, True])
def test_row_that_closes_may_stand_after_the_one_that_needs_it(child: Pupil, turned: bool) -> None:
    factories.absence(child, day("2025-12-01"), None)
    rows = ["0012;10-12-2025;;luxe;;\n", "0012;01-12-2025;05-12-2025;ziek;;\n"]
    assert counts(imported("absences", HEADER + "".join(rows[::-1] if turned else rows))) == (1, 1, 0, 0)
    assert [row[:2] for row in stored()] == [("2025-12-01", "2025-12-05"), ("2025-12-10", None)]


# Who is who


@pytest.fixture
def namesakes() -> tuple[Pupil, Pupil]:
    """Two children with one number, at two schools."""
    return factories.pupil(school("00AA00"), number="5"), factories.pupil(school("00BB00"), number="5")


def test_number_of_one_child_is_enough_whatever_the_school(child: Pupil) -> None:
    rows = "leerlingnummer;brin;van;reden\n0012;00XX00;01-12-2025;ziek\n"
    assert counts(imported("absences", rows)) == (1, 0, 0, 0)


def test_number_of_two_children_needs_a_school(namesakes: tuple[Pupil, Pupil]) -> None:
    result = imported("absences", HEADER + "5;01-12-2025;;ziek;;\n")
    assert one_refusal(result) == (
        "regel 2, kolom leerlingnummer: nummer 5 hoort bij 2 leerlingen (noem de school in de kolom brin)"
    )


@pytest.mark.parametrize("how", ["column", "option", "column before option"])
def test_school_says_which_child(namesakes: tuple[Pupil, Pupil], how: str) -> None:
    first, second = (child.enrolments.get().school for child in namesakes)
    brin = {"column": "00bb", "option": "", "column before option": "00BB00"}[how]
    named = {"column": None, "option": second, "column before option": first}[how]
    imported("absences", f"leerlingnummer;brin;van;reden\n5;{brin};01-12-2025;ziek\n", school=named)
    assert Absence.objects.get().pupil == namesakes[1]


def test_place_of_teaching_says_which_child_too(namesakes: tuple[Pupil, Pupil]) -> None:
    elsewhere = school("00CC00")
    namesakes[0].enrolments.update(place=elsewhere)
    imported("absences", HEADER + "5;01-12-2025;;ziek;;\n", school=elsewhere)
    assert Absence.objects.get().pupil == namesakes[0]


@pytest.mark.parametrize("brin", ["00CC00", "00DD00", "onzin"])
def test_school_of_neither_child_or_no_school_is_refused(namesakes: tuple[Pupil, Pupil], brin: str) -> None:
    school("00CC00")
    result = imported("absences", f"leerlingnummer;brin;van;reden\n5;{brin};01-12-2025;ziek\n")
    assert counts(result) == (0, 0, 0, 1)
    assert Absence.objects.count() == 0


def test_school_of_both_children_is_refused(namesakes: tuple[Pupil, Pupil]) -> None:
    at = namesakes[0].enrolments.get().school
    namesakes[1].enrolments.update(place=at)
    assert "van wie 2 op 00AA00" in one_refusal(imported("absences", HEADER + "5;01-12-2025;;ziek;;\n", school=at))


# What follows


def test_touched_pupils_are_evaluated_with_the_import_as_cause(child: Pupil) -> None:
    result = imported("absences", HEADER + "0012;01-12-2025;;geoorloofd;;\n", through=day("2026-03-01"))
    found = (
        Crossing.objects.exclude(rule="structureel").order_by("crossed_on").values_list("rule", "crossed_on", "cause")
    )
    assert result.register_import == RegisterImport.objects.get()
    cause = "verzuim ingelezen op ma 2 mrt 2026"
    assert list(found) == [
        ("thuis-2w", date(2025, 12, 12), cause),
        ("thuis-4w", date(2026, 1, 9), cause),
        ("thuis-3m", date(2026, 3, 1), cause),
    ]
