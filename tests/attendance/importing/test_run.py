"""What holds for every import: proof, all or nothing, cut off, complete through, in how many queries."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.importing import chunks, evaluating
from attendance.importing.refusals import RefusedFile
from attendance.importing.run import KINDS
from attendance.models import Absence, Crossing, Enrolment, Group, Pupil, PupilClock, RegisterImport
from attendance.services.due import evaluate_due
from attendance.services.marks import mark_dirty
from tests import factories
from tests.attendance.importing.files import TODAY, Counts, counts, day, imported, places, school
from thuiszitters.accounts.models import Alliance, Municipality, School

pytestmark = pytest.mark.django_db
HEADER = "leerlingnummer;van;tot;reden\n"
PUPILS = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van;klas;gemeente\n"
SCHOOLS = "brin;naam;sector;regio;swv;gemeente;ma;di;wo;do;vr\n"


def children(number: int) -> list[Pupil]:
    at = school()
    return [factories.pupil(at, number=f"{place:04}") for place in range(number)]


# Proof


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "schools",
            f"{SCHOOLS}00XX;X;po;zuid;Nieuw;Dam;1;1;1;1;1\n99ZZ;Z;po;zuid;Nieuw;Dam;1;1;1;1;1\n00XX;;po;;;;;;;;\n",
        ),
        ("pupils", f"{PUPILS}1;A;B;01-01-2014;99ZZ;01-08-2025;2b;Dam\n0000;;;;;;;\n"),
        ("absences", f"{HEADER}0000;01-12-2025;;luxe\n0001;01-12-2025;;ziek\n0001;02-12-2025;;ziek\n0002;x;;ziek\n"),
        ("timetables", "leerlingnummer;van;ma;di;wo;do;vr\n0000;01-12-2025;0;0;0;0;0\n0001;x;0;0;0;0;0\n"),
        ("exemptions", "leerlingnummer;van;soort\n0000;01-12-2025;15\n0001;x;15\n"),
        ("calendar", "brin;van;tot;soort\n99ZZ;01-12-2025;01-12-2025;vrij\n99ZZ;x;;\n"),
    ],
)
def test_dry_run_counts_the_same_and_writes_nothing(kind: str, text: str) -> None:
    children(3)
    factories.absence(Pupil.objects.get(number="0000"), day("2025-12-01"))
    models = (Absence, Alliance, Crossing, Enrolment, Group, Municipality, Pupil, PupilClock, RegisterImport, School)
    before = [list(model.objects.order_by("pk").values()) for model in models]

    with CaptureQueriesContext(connection) as queries:
        proof = imported(kind, text, dry_run=True)

    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert (proof.applied, proof.register_import) == (False, None)
    done = imported(kind, text)
    assert (done.summary, done.refusals) == (proof.summary, proof.refusals)
    assert done.created + done.updated >= 1
    assert done.refused >= 1


# All or nothing


def test_all_or_nothing_changes_nothing_when_a_row_is_refused() -> None:
    children(2)
    text = HEADER + "0000;01-12-2025;;ziek\n0001;31-11-2025;;ziek\n"
    result = imported("absences", text, all_or_nothing=True, through=TODAY)
    assert counts(result) == (0, 0, 0, 1)
    assert (result.applied, places(result)) == (False, [(3, "van")])
    assert not Absence.objects.exists()
    assert not RegisterImport.objects.exists()
    assert School.objects.get().complete_through is None


def test_all_or_nothing_goes_in_when_all_is_well() -> None:
    children(2)
    text = HEADER + "0000;01-12-2025;;geoorloofd\n0001;01-12-2025;;ziek\n"
    result = imported("absences", text, all_or_nothing=True, through=TODAY)
    assert (counts(result), result.applied) == ((2, 0, 0, 0), True)
    assert Crossing.objects.filter(rule="thuis-4w").count() == 2
    assert counts(imported("absences", text, all_or_nothing=True)) == (0, 0, 2, 0)


def test_all_or_nothing_takes_back_what_no_longer_fits_at_the_second_look() -> None:
    child, _other = children(2)
    rehearse = chunks.Importing.rehearse

    def somebody_is_quicker(self: chunks.Importing) -> None:
        rehearse(self)
        factories.absence(child, day("2025-11-01"))

    text = HEADER + "0000;01-12-2025;;ziek\n0001;01-12-2025;;ziek\n"
    with (
        mock.patch.object(chunks.Importing, "rehearse", somebody_is_quicker),
        mock.patch.object(chunks, "CHUNK", 1),
    ):
        result = imported("absences", text, all_or_nothing=True)

    assert (result.created, result.refused, result.applied) == (0, 1, False)
    assert Absence.objects.count() == 1
    assert not RegisterImport.objects.exists()


# Cut off


@pytest.mark.parametrize("at", ["second chunk", "evaluation"])
def test_import_that_is_cut_off_leaves_a_sound_register_and_is_completed_by_the_next(at: str) -> None:
    children(4)
    text = HEADER + "".join(f"{number:04};01-12-2025;;geoorloofd\n" for number in range(4))
    marked = mock.Mock(side_effect=[mock.DEFAULT, RuntimeError("cut off")])

    def mark_or_die(ids: Any, *, cause: str) -> int:
        marked()
        return mark_dirty(ids, cause=cause)

    where, target, how = (
        (chunks, "mark_dirty", mark_or_die)
        if at == "second chunk"
        else (evaluating, "evaluate_pupils", mock.Mock(side_effect=RuntimeError))
    )
    with (
        mock.patch.object(chunks, "CHUNK", 2),
        mock.patch.object(where, target, how),
        pytest.raises(RuntimeError),
    ):
        imported("absences", text, through=day("2026-03-01"))

    stored = 2 if at == "second chunk" else 4
    assert Absence.objects.count() == stored
    assert PupilClock.objects.filter(dirty=True).count() == stored
    assert RegisterImport.objects.get().finished_at is None

    evaluate_due(today=TODAY, finished=TODAY)
    again = imported("absences", text, through=day("2026-03-01"))
    assert counts(again) == (4 - stored, 0, stored, 0)
    assert Crossing.objects.standing().filter(rule="thuis-4w").count() == 4
    assert not PupilClock.objects.filter(dirty=True).exists()


# Complete through


@pytest.mark.parametrize(
    ("before", "through", "after"),
    [
        (None, "2026-02-27", "2026-02-27"),
        ("2026-02-26", "2026-02-27", "2026-02-27"),
        ("2026-02-28", "2026-02-27", "2026-02-28"),
        (None, "2026-03-02", "2026-03-02"),
    ],
)
def test_through_moves_forward_and_never_back(before: str | None, through: str, after: str) -> None:
    at = school(complete_through=before)
    factories.pupil(at, number="1")
    result = imported("absences", HEADER + "1;01-12-2025;05-12-2025;ziek\n", through=day(through))
    assert [one.complete_through for one in result.completed_schools] == [day(after)]
    at.refresh_from_db()
    assert at.complete_through == day(after)


def test_through_is_of_the_places_where_the_files_pupils_are_taught_on_that_date() -> None:
    home, elsewhere, earlier, other = (school(f"00{letter}00") for letter in ("AA", "BB", "CC", "DD"))
    child = factories.pupil(number="1")
    factories.enrolment(child, earlier, first=day("2025-08-01"), last=day("2025-12-31"))
    factories.enrolment(child, home, first=day("2026-01-01"), place=elsewhere)
    factories.pupil(other, number="2")

    result = imported("absences", HEADER + "1;01-12-2025;05-12-2025;ziek\n2;x;;ziek\n", through=day("2026-02-27"))

    assert [one.brin for one in result.completed_schools] == [elsewhere.brin]
    assert set(School.objects.exclude(complete_through=None)) == {elsewhere}
    assert RegisterImport.objects.get().through == day("2026-02-27")


def test_through_of_a_named_school_holds_for_that_school_only_and_without_rows_too() -> None:
    named, other = school("00AA00"), school("00BB00")
    factories.pupil(other, number="2")
    imported("absences", HEADER, through=day("2026-02-27"), school=named)
    imported("absences", HEADER + "2;01-12-2025;05-12-2025;ziek\n", through=day("2026-02-27"), school=named)
    assert set(School.objects.exclude(complete_through=None)) == {named}


def test_through_ends_the_runs_of_pupils_who_are_not_in_the_file() -> None:
    at = school()
    child = factories.pupil(at, number="1")
    imported("absences", HEADER + "1;01-12-2025;19-12-2025;geoorloofd\n")
    assert PupilClock.objects.get(pupil=child).run_since == day("2025-12-01")
    imported("absences", HEADER, through=day("2026-02-27"), school=at)
    assert not PupilClock.objects.filter(pupil=child, run_since__isnull=False).exists()
    assert not Crossing.objects.standing().filter(rule="thuis-3m").exists()


def test_short_absence_of_long_ago_makes_no_crossing_on_its_way_in() -> None:
    factories.pupil(school(), number="1")
    imported("absences", HEADER + "1;01-09-2025;01-09-2025;ziek\n", through=day("2026-03-01"))
    assert not Crossing.objects.exists()


@pytest.mark.parametrize(
    ("kind", "through", "reason"),
    [
        ("absences", "2026-03-03", "toekomst"),
        ("pupils", "2026-03-01", "verzuimbestand"),
        ("cijfers", "2026-03-01", "soort"),
    ],
)
def test_impossible_question_is_refused(kind: str, through: str, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason):
        imported(kind, HEADER, through=day(through))
    assert not RegisterImport.objects.exists()


def test_import_keeps_its_counts() -> None:
    children(2)
    person = factories.user()
    imported("absences", HEADER + "0000;01-12-2025;;ziek\n0000;01-12-2025;;ziek\n9;01-12-2025;;ziek\n", by=person)
    row = RegisterImport.objects.get()
    assert (row.created, row.updated, row.unchanged, row.refused) == (1, 0, 1, 1)
    assert (row.kind, row.by, row.finished_at is not None) == ("absences", person, True)
    assert Absence.objects.get().entered_by == person


# Work


def absence_rows(number: int) -> tuple[str, str]:
    return "absences", HEADER + "".join(f"{place:04};01-09-2025;02-09-2025;ziek\n" for place in range(number))


def pupil_rows(number: int) -> tuple[str, str]:
    rows = (f"N{place};A;B;01-01-2014;99ZZ;01-08-2025;2b;Dam\n" for place in range(number))
    return "pupils", PUPILS + "".join(rows)


@pytest.mark.parametrize("rows", [absence_rows, pupil_rows])
@pytest.mark.parametrize("again", ["new", "changed", "unchanged"])
def test_queries_of_a_chunk_do_not_follow_its_rows(rows: Callable[[int], tuple[str, str]], again: str) -> None:
    children(300)
    numbers = []
    for number in (1, 300):
        kind, text = rows(number)
        with (
            mock.patch.object(evaluating, "evaluate_pupils"),
            # Django gives SQLite a thousand values a statement, so that a large insert there is more than one.
            mock.patch.object(type(connection.features), "max_query_params", 30_000),
        ):
            if again != "new":
                imported(kind, text)
            if again == "changed":
                text = text.replace(";ziek\n", ";luxe\n").replace(";A;B;", ";C;B;")
            with CaptureQueriesContext(connection) as queries:
                imported(kind, text)
        numbers.append(len(queries))
        Absence.objects.all().delete()
        Pupil.objects.filter(number__startswith="N").delete()
        Group.objects.all().delete()
        Municipality.objects.all().delete()
    # What an import keeps, to be undone by, is written in lots: 300 rows may take one or two more than one row does.
    assert numbers[0] <= numbers[1] <= numbers[0] + 2


def test_rows_of_one_child_stay_together_over_chunks() -> None:
    factories.absence(children(3)[1], day("2025-12-01"))
    rows = [
        "0001;10-12-2025;;luxe\n",
        "0000;01-12-2025;;ziek\n",
        "0002;01-12-2025;;ziek\n",
        "0001;01-12-2025;05-12-2025;ziek\n",
    ]
    with mock.patch.object(chunks, "CHUNK", 1):
        assert counts(imported("absences", HEADER + "".join(rows))) == (3, 1, 0, 0)


def test_progress_is_told() -> None:
    children(3)
    told: list[tuple[str, int, int]] = []
    with mock.patch.object(chunks, "CHUNK", 2):
        imported(*absence_rows(3), progress=lambda *what: told.append(what))
    assert told == [("rijen gelezen", 2, 3), ("rijen gelezen", 3, 3), ("leerlingen doorgerekend", 3, 3)]


WORDS = st.sampled_from(
    (
        *("", "0000", "0001", "99ZZ", "00XX", "01-12-2025", "2025-12-02", "31-12-9999", "14-05-2013", "1", "50", "-1"),
        *("ziek", "telaat", "luxe", "po", "vo", "zuid", "vrij", "open", "Sam", "Berg", '"', "\x00", "é", "  "),
    )
)
CELLS = st.one_of(WORDS, st.text(max_size=6))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_any_cells_go_in_or_are_refused_clearly_and_again_change_nothing(kind: str, data: st.DataObject) -> None:
    if not School.objects.exists():
        children(2)
    columns = [*KINDS[kind].required, *KINDS[kind].optional]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=5))
    text = "\n".join([";".join(columns), *(";".join(row) for row in rows)])

    once = imported(kind, text.encode("utf-8", "replace"))
    twice = imported(kind, text.encode("utf-8", "replace"))

    assert (twice.created, twice.updated) == (0, 0)
    assert len(once.refusals) == once.refused
    assert all(refusal.line > 1 and refusal.reason and refusal.remedy for refusal in once.refusals)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_never_overlap() -> None:
    factories.add_defaults()
    for round_ in range(5):
        child = factories.pupil(school(f"{round_:02}RR00"), number=f"R{round_}")
        barrier = threading.Barrier(4)
        results: list[Counts] = []

        def take(
            place: int, number: str = child.number, start: threading.Barrier = barrier, found: list[Counts] = results
        ) -> None:
            start.wait()
            try:
                found.append(counts(imported("absences", f"{HEADER}{number};0{place + 1}-12-2025;;ziek\n")))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=take, args=(place,)) for place in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [(0, 0, 0, 1)] * 3 + [(1, 0, 0, 0)]
        assert child.absences.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_new_pupils_make_them_once() -> None:
    factories.add_defaults()
    school()
    barrier = threading.Barrier(3)
    results: list[Counts] = []

    def take() -> None:
        barrier.wait()
        try:
            results.append(counts(imported(*pupil_rows(50))))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [(0, 0, 50, 0), (0, 0, 50, 0), (50, 0, 0, 0)]
    assert (Pupil.objects.count(), Enrolment.objects.count()) == (50, 50)
