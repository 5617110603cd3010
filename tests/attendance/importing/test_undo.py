"""A whole import taken back: every row as it was, but for what was changed since."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from pytest_django import Settings

from attendance.importing import chunks, undo
from attendance.importing.complete_again import day_before
from attendance.importing.refusals import RefusedFile
from attendance.importing.result import ImportResult
from attendance.importing.undo import UndoResult, later_imports, undo_import
from attendance.importing.undo_rows import undo_rows
from attendance.importing.unknown_codes import map_code
from attendance.models import (
    Absence,
    AbsenceVersion,
    Crossing,
    Enrolment,
    Group,
    ImportChange,
    OwnTimetable,
    Pupil,
    PupilClock,
    RegisterImport,
    WaitingRow,
)
from attendance.services.absences import Content, change_absence
from tests import factories
from tests.attendance.importing.files import TODAY, counts, day, imported, school
from thuiszitters.accounts.models import Municipality, School, User

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;van;tot;reden\n"
PUPILS = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van;klas;gemeente;ingeschreven_tot\n"


@pytest.fixture
def place() -> School:
    at = school()
    for number in range(1, 5):
        factories.pupil(at, number=f"000{number}")
    return at


@pytest.fixture
def person() -> User:
    return factories.user()


def undone(result: ImportResult, by: User | None = None) -> UndoResult:
    assert result.register_import is not None
    return undo_import(register_import=result.register_import, by=by, today=TODAY)


def standing() -> list[tuple[str, date, date | None, str]]:
    rows = Absence.objects.standing().order_by("pupil__number", "first", "lesson")
    return [(row.pupil.number, row.first, row.last, row.reason.code) for row in rows.select_related("pupil", "reason")]


def facts() -> dict[str, Any]:
    """Everything that counts, but for what is kept of imports and of changes, and what the rules make of it."""
    left_out = {"RegisterImport", "ImportChange", "AbsenceVersion", "ArrangementChange", "PupilClock", "Crossing"}
    left_out |= {"CrossingChange", "CrossingEvidence", "UnknownCode"}
    models = [m for label in ("accounts", "attendance", "cases") for m in apps.get_app_config(label).get_models()]
    found = {
        m.__name__: list(m._default_manager.order_by("pk").values_list()) for m in models if m.__name__ not in left_out
    }
    found["Absence"] = standing()
    found["Crossing"] = list(Crossing.objects.standing().values_list("pupil", "rule", "start", "crossed_on"))
    return found


def why(result: UndoResult) -> list[tuple[str, str]]:
    return [(change.kind, change.why) for change in result.kept]


# Each kind of file


FILES = {
    "schools": "brin;naam;sector;regio;swv;gemeente;ma;di;wo;do;vr\n"
    "99ZZ;De Nieuwe Naam;po;noord;SWV Twee;Ommen;200;200;200;200;200\n"
    "11ZZ;Verse school;po;noord;SWV Drie;Dalfsen;1;1;1;1;1\n",
    "calendar": "brin;van;tot;soort\n99ZZ;08-09-2025;09-09-2025;vrij\n99ZZ;01-10-2025;01-10-2025;vrij\n",
    "pupils": PUPILS + "0001;Sam;Berg;14-05-2013;99ZZ;01-08-2025;2b;Ommen;31-12-2025\n"
    "N1;Noor;Vis;01-01-2014;99ZZ;01-09-2025;2c;Dalfsen;\n",
    "timetables": "leerlingnummer;van;tot;ma;di;wo;do;vr\n"
    "0001;01-09-2025;;0;0;0;0;0\n0002;01-09-2025;;60;60;60;60;60\n",
    "exemptions": "leerlingnummer;van;tot;soort\n0001;01-09-2025;;5 onder b\n0002;01-09-2025;;5 onder a\n",
    "absences": HEADER + "0001;01-09-2025;;ziek\n0002;01-09-2025;;ongeoorloofd\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_undoing_leaves_everything_as_it_was(kind: str, person: User, settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = ()  # a case that was opened meanwhile has a log, which tells of the signal that fell
    at = school(alliance=factories.alliance("SWV Een"), complete_through=day("2026-02-27"))
    factories.alliance("SWV Twee")
    child = factories.pupil(
        at,
        number="0001",
        surname="Berg",
        in_group=factories.group(at, "2a"),
        municipality=factories.municipality("Raalte"),
    )
    factories.pupil(at, number="0002")
    factories.closed(at, day("2025-09-08"))
    if kind != "timetables":
        factories.absence(child, day("2025-09-01"), day("2025-09-02"))
    else:
        factories.own_timetable(child, (60, 60, 60, 60, 60), day("2025-09-01"), day("2025-10-01"))
    factories.exemption(child, day("2025-09-01"), day("2025-09-02"))
    imported("absences", HEADER, through=TODAY, school=at)
    before = facts()

    result = imported(kind, FILES[kind], by=person)
    assert (result.created > 0, result.updated > 0, result.refused) == (True, True, 0)
    assert facts() != before
    outcome = undone(result, person)

    assert facts() == before
    assert why(outcome) == []
    assert outcome.undone > 0
    assert not PupilClock.objects.filter(dirty=True).exists()
    row = RegisterImport.objects.get(pk=outcome.register_import.pk)
    assert (row.undone_by, row.undone_at is not None, row.kept) == (person, True, 0)
    again = undone(result)
    assert (again.undone, facts()) == (outcome.undone, before)


def test_signals_that_a_wrong_file_made_are_withdrawn(place: School) -> None:
    result = imported("absences", HEADER + "0001;01-09-2025;;ziek\n", through=TODAY)
    assert Crossing.objects.standing().exists()
    undone(result)
    assert not Crossing.objects.standing().exists()
    assert Crossing.objects.exists()


def test_what_was_withdrawn_comes_back_and_what_it_was_stays_known(place: School, person: User) -> None:
    right = imported("absences", HEADER + "0001;01-09-2025;05-09-2025;ziek\n0002;01-09-2025;;ziek\n", school=place)
    before = standing()
    wrong = imported(
        "absences",
        HEADER + "0001;02-09-2025;05-09-2025;luxe\n",
        school=place,
        complete=(day("2025-08-01"), TODAY),
        confirmed=True,
    )
    assert (wrong.withdrawn, right.created) == (2, 2)
    undone(wrong, person)
    assert standing() == before
    assert AbsenceVersion.objects.filter(changed_by=person, why="import ongedaan gemaakt").count() == 3


# Changed since


def test_what_somebody_changed_since_is_left_and_listed(place: School, person: User) -> None:
    result = imported("absences", HEADER + "0001;01-09-2025;;ziek\n0002;01-09-2025;;ziek\n")
    row = Absence.objects.get(pupil__number="0001")
    content = Content(row.first, day("2025-09-03"), row.reason)
    change_absence(absence=row, content=content, by=person, today=TODAY)
    outcome = undone(result)
    assert why(outcome) == [("absence", "is sindsdien gewijzigd")]
    assert outcome.kept[0].pupil == row.pupil
    assert standing() == [("0001", day("2025-09-01"), day("2025-09-03"), "ziek")]


def test_what_a_later_import_changed_is_left_and_goes_once_that_is_undone(place: School) -> None:
    first = imported("absences", HEADER + "0001;01-09-2025;;ziek\n")
    second = imported("absences", HEADER + "0001;01-09-2025;03-09-2025;ziek\n")
    assert first.register_import is not None
    assert list(later_imports(first.register_import)) == [second.register_import]
    undone(second)
    assert standing() == [("0001", day("2025-09-01"), None, "ziek")]
    assert why(undone(first)) == []
    assert standing() == []


def test_a_record_that_finds_its_place_taken_stays_away(place: School) -> None:
    imported("absences", HEADER + "0001;01-09-2025;05-09-2025;ziek\n")
    wrong = imported("absences", HEADER + "0001;01-09-2025;01-09-2025;ziek\n")
    factories.absence(Pupil.objects.get(number="0001"), day("2025-09-04"), day("2025-09-04"))
    outcome = undone(wrong)
    assert why(outcome) == [("absence", "wat er eerst stond overlapt met wat er sindsdien bij kwam")]
    assert [row[1:3] for row in standing()] == [
        (day("2025-09-01"), day("2025-09-01")),
        (day("2025-09-04"), day("2025-09-04")),
    ]


@pytest.mark.parametrize("what", ["absence", "group", "nothing"])
def test_a_new_child_with_something_of_its_own_stays_with_its_school(place: School, what: str) -> None:
    result = imported("pupils", PUPILS + "N1;Noor;Vis;01-01-2014;99ZZ;01-09-2025;2c;Dalfsen;\n")
    child = Pupil.objects.get(number="N1")
    if what == "absence":
        factories.absence(child, day("2025-09-08"))
    if what == "group":
        Enrolment.objects.filter(pupil=child).update(group=factories.group(place))
    outcome = undone(result)
    stays = what != "nothing"
    assert (Pupil.objects.filter(number="N1").exists(), Enrolment.objects.filter(pupil=child).exists()) == (
        stays,
        stays,
    )
    expected = {
        "absence": {
            ("enrolment", "er hoort inmiddels iets bij: verzuim"),
            ("pupil", "er hoort inmiddels iets bij: verzuim"),
        },
        "group": {("enrolment", "is sindsdien gewijzigd"), ("pupil", "er hoort inmiddels iets bij: inschrijvingen")},
        "nothing": set[tuple[str, str]](),
    }[what]
    assert {row for row in why(outcome) if row[0] in {"enrolment", "pupil"}} == expected
    assert Municipality.objects.filter(name="Dalfsen").exists() == stays
    assert Group.objects.filter(name="2c").exists() == (what == "absence")


def test_a_school_with_pupils_stays(place: School) -> None:
    result = imported("schools", FILES["schools"])
    imported("pupils", PUPILS + "N1;Noor;Vis;01-01-2014;11ZZ;01-09-2025;;;\n")
    assert ("school", "er hoort inmiddels iets bij: inschrijvingen") in why(undone(result))
    assert School.objects.filter(brin="11ZZ00").exists()


def test_a_timetable_that_somebody_agreed_to_since_stays(place: School) -> None:
    result = imported("timetables", FILES["timetables"])
    OwnTimetable.objects.filter(pupil__number="0001").update(agreed_by="ouders")
    assert why(undone(result)) == [("timetable", "is sindsdien gewijzigd")]
    assert OwnTimetable.objects.count() == 1


# Complete through


@pytest.mark.parametrize(
    ("moves", "stated", "moved", "expected"),
    [
        ((), (), None, None),
        ((), (), 3, 3),
        ((), (5,), 3, 5),
        ((), (2,), 3, 3),
        (((1, 3),), (), 3, 1),
        (((1, 3),), (3,), 3, 3),
        (((None, 1), (1, 3)), (), 3, None),
        (((1, 2),), (), 3, 3),
    ],
)
def test_the_date_before_a_move(
    moves: tuple[tuple[int | None, int], ...], stated: tuple[int, ...], moved: int | None, expected: int | None
) -> None:
    def march(number: int | None) -> date | None:
        return None if number is None else date(2026, 3, number)

    pairs = [(march(begin), date(2026, 3, end)) for begin, end in moves]
    assert day_before(pairs, [date(2026, 3, number) for number in stated], march(moved)) == march(expected)


def test_complete_through_goes_back_only_if_the_import_moved_it_and_nobody_since(place: School) -> None:
    imported("absences", HEADER, school=place, through=day("2026-02-02"))
    wrong = imported("absences", HEADER, school=place, through=day("2026-02-20"))
    assert why(undone(wrong)) == []
    place.refresh_from_db()
    assert place.complete_through == day("2026-02-02")

    first = imported("absences", HEADER, school=place, through=day("2026-02-20"))
    same = imported("absences", HEADER, school=place, through=day("2026-02-20"))
    assert why(undone(first)) == [("complete", "een ander bestand zegt hetzelfde")]
    place.refresh_from_db()
    assert place.complete_through == day("2026-02-20")
    later = imported("absences", HEADER, school=place, through=day("2026-02-27"))
    assert why(undone(same)) == []
    undone(later)
    place.refresh_from_db()
    assert place.complete_through == day("2026-02-02")


def test_after_going_back_silence_is_not_presence_any_more(place: School) -> None:
    imported("absences", HEADER + "0001;01-09-2025;05-09-2025;ziek\n")
    pupil = Pupil.objects.get(number="0001")
    wrong = imported("absences", HEADER, school=place, through=TODAY)
    assert PupilClock.objects.get(pupil=pupil).run_since is None
    undone(wrong)
    assert PupilClock.objects.get(pupil=pupil).run_since == day("2025-09-01")


# The queue


def test_waiting_rows_go_and_those_they_replaced_come_back(place: School) -> None:
    imported("absences", HEADER + "0001;01-09-2025;;ZK\n", queue_unknown=True)
    before = list(WaitingRow.objects.values_list("pupil", "first", "last", "register_import", "unknown_code__code"))
    wrong = imported("absences", HEADER + "0001;01-09-2025;02-09-2025;XX\n0002;01-09-2025;;ZK\n", queue_unknown=True)
    accepted = imported("absences", HEADER + "0001;01-09-2025;02-09-2025;ziek\n")
    assert WaitingRow.objects.count() == 1
    undone(accepted)
    undone(wrong)
    rows = list(WaitingRow.objects.values_list("pupil", "first", "last", "register_import", "unknown_code__code"))
    assert rows == before


def test_a_row_that_was_mapped_since_goes_with_its_import(place: School) -> None:
    result = imported("absences", HEADER + "0001;01-09-2025;;ZK\n", queue_unknown=True)
    map_code(school=place, code="ZK", to=factories.reason(), by=None, today=TODAY)
    assert len(standing()) == 1
    assert why(undone(result)) == []
    assert (standing(), WaitingRow.objects.count()) == ([], 0)


# Cut off, twice, while it runs


@pytest.mark.parametrize("at", ["rows", "evaluation"])
def test_undoing_that_is_cut_off_is_completed_by_the_next(place: School, at: str) -> None:
    result = imported("absences", HEADER + "".join(f"000{n};01-09-2025;;ziek\n" for n in range(1, 5)), through=TODAY)
    target, how = (
        ("undo_rows", mock.Mock(side_effect=[mock.DEFAULT, RuntimeError], wraps=undo_rows))
        if at == "rows"
        else ("evaluate_marked", mock.Mock(side_effect=RuntimeError))
    )
    with mock.patch.object(undo, "AT_ONCE", 2), mock.patch.object(undo, target, how), pytest.raises(RuntimeError):
        undone(result)
    assert len(standing()) == (2 if at == "rows" else 0)
    assert RegisterImport.objects.get(pk=result.register_import.pk).undone_at is None  # type: ignore[union-attr]

    outcome = undone(result)

    assert (standing(), outcome.undone, outcome.kept) == ([], 5, [])
    assert not Crossing.objects.standing().exists()
    assert not PupilClock.objects.filter(dirty=True).exists()


def test_an_import_that_still_runs_stops_when_it_is_undone(place: School) -> None:
    told: list[UndoResult] = []

    def undo_after_the_first_chunk(_what: str, _done: int, _total: int) -> None:
        if not told:
            row = RegisterImport.objects.get()
            told.append(undo_import(register_import=row, by=None, today=TODAY))

    text = HEADER + "".join(f"000{n};01-09-2025;;ziek\n" for n in range(1, 5))
    with mock.patch.object(chunks, "CHUNK", 2), pytest.raises(RefusedFile, match="ongedaan"):
        imported("absences", text, through=TODAY, progress=undo_after_the_first_chunk)

    assert standing() == []
    place.refresh_from_db()
    assert place.complete_through is None
    assert counts(imported("absences", text)) == (4, 0, 0, 0)


def test_an_import_that_died_can_be_undone(place: School) -> None:
    text = HEADER + "".join(f"000{n};01-09-2025;;ziek\n" for n in range(1, 5))
    with (
        mock.patch.object(chunks, "CHUNK", 2),
        mock.patch.object(chunks, "mark_dirty", side_effect=[2, RuntimeError]),
        pytest.raises(RuntimeError),
    ):
        imported("absences", text)
    row = RegisterImport.objects.get()
    assert (len(standing()), row.finished_at) == (2, None)
    undo_import(register_import=row, by=None, today=TODAY)
    assert standing() == []


def test_the_same_file_again_keeps_no_changes(place: School) -> None:
    text = HEADER + "0001;01-09-2025;;ziek\n0002;01-09-2025;;ZK\n"
    imported("absences", text, queue_unknown=True)
    number = ImportChange.objects.count()
    again = imported("absences", text, queue_unknown=True)
    assert ImportChange.objects.count() == number
    assert undone(again).undone == 0
