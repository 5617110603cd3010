"""Imports, and the undoing of imports, at the same moment. On PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections

from attendance.importing.refusals import RefusedFile
from attendance.importing.undo import undo_import
from attendance.importing.unknown_codes import map_code
from attendance.models import Absence, Enrolment, Pupil, Reason, RegisterImport, WaitingRow
from tests import factories
from tests.attendance.importing.files import TODAY, Counts, counts, day, imported, school
from thuiszitters.accounts.models import Alliance, Municipality, School

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HEADER = "leerlingnummer;van;tot;reden\n"
ROUNDS = 5


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of these answers, run at the same moment, each with its own connection."""
    start = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            found[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def counted(kind: str, text: str) -> Counts:
    return counts(imported(kind, text))


@pytest.fixture(autouse=True)
def defaults() -> None:
    factories.add_defaults()


def test_two_first_imports_of_one_new_school_make_it_once() -> None:
    for round_ in range(ROUNDS):
        text = "brin;naam;sector;regio;swv;gemeente;ma;di;wo;do;vr\n" + "".join(
            f"{round_}{n}RR;School;po;zuid;SWV {round_};Dam {round_};300;300;300;300;300\n" for n in range(5)
        )
        found = at_once(*[partial(counted, "schools", text)] * 3)
        assert sorted(map(str, found)) == ["(0, 0, 5, 0)", "(0, 0, 5, 0)", "(5, 0, 0, 0)"]
    assert School.objects.count() == 5 * ROUNDS
    assert (Alliance.objects.count(), Municipality.objects.count()) == (ROUNDS, ROUNDS)


def test_two_who_undo_one_import_undo_it_once() -> None:
    at = school()
    for number in range(30):
        factories.pupil(at, number=f"{number:04}")
    text = HEADER + "".join(f"{number:04};01-09-2025;;ziek\n" for number in range(30))
    for _ in range(ROUNDS):
        row = imported("absences", text, through=TODAY, school=at).register_import
        assert row is not None

        def undo(row: RegisterImport = row) -> tuple[int, int]:
            done = undo_import(register_import=row, by=None, today=TODAY)
            return done.undone, len(done.kept)

        assert at_once(undo, undo, undo) == [(30 + 1, 0)] * 3
        assert not Absence.objects.standing().exists()
        at.refresh_from_db()
        assert at.complete_through is None


def test_an_import_while_another_is_undone_leaves_what_the_file_says_or_nothing_of_it() -> None:
    at = school()
    child = factories.pupil(at, number="0001")
    for _ in range(ROUNDS):
        row = imported("absences", HEADER + "0001;01-09-2025;;ziek\n").register_import
        assert row is not None
        found = at_once(
            partial(undo_import, register_import=row, by=None, today=TODAY),
            partial(counted, "absences", HEADER + "0001;01-09-2025;05-09-2025;luxe\n"),
        )
        assert not [answer for answer in found if isinstance(answer, Exception)]
        record = child.absences.standing().get()
        assert (record.last, record.reason.code) == (day("2025-09-05"), "luxe")
        child.absences.all().delete()


def test_undoing_an_import_of_new_pupils_while_one_of_them_is_reported_absent() -> None:
    school()
    for round_ in range(ROUNDS):
        text = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van\n" + "".join(
            f"{round_}N{n};A;B;01-01-2014;99ZZ;01-08-2025\n" for n in range(20)
        )
        row = imported("pupils", text).register_import
        assert row is not None
        absent = HEADER + f"{round_}N7;01-09-2025;;ziek\n"
        found = at_once(
            partial(undo_import, register_import=row, by=None, today=TODAY),
            partial(counted, "absences", absent),
        )
        assert not [answer for answer in found if isinstance(answer, Exception)]
        stays = found[1] == (1, 0, 0, 0)
        left = Pupil.objects.filter(number__startswith=f"{round_}N")
        assert left.count() == Enrolment.objects.filter(pupil__in=left).count() == int(stays)


def test_a_running_import_and_its_undoing_stand_in_a_row() -> None:
    at = school()
    for number in range(40):
        factories.pupil(at, number=f"{number:04}")
    text = HEADER + "".join(f"{number:04};01-09-2025;;ziek\n" for number in range(40))
    for _ in range(ROUNDS):
        began = threading.Event()

        def take(began: threading.Event = began) -> object:
            def tell(_what: str, _done: int, _total: int) -> None:
                began.set()

            try:
                return imported("absences", text, school=at, through=TODAY, progress=tell).applied
            except RefusedFile:
                return False

        def undo(began: threading.Event = began) -> object:
            began.wait(20)
            row = RegisterImport.objects.latest("pk")
            return undo_import(register_import=row, by=None, today=TODAY).kept

        found = at_once(take, undo)
        assert not [answer for answer in found if isinstance(answer, Exception)]
        assert not Absence.objects.standing().exists()
        at.refresh_from_db()
        assert at.complete_through is None


def test_two_who_map_one_code_at_once() -> None:
    at = school()
    for number in range(20):
        factories.pupil(at, number=f"{number:04}")
    for round_ in range(ROUNDS):
        text = HEADER + "".join(f"{n:04};0{round_ + 1}-09-2025;0{round_ + 1}-09-2025;X{round_}\n" for n in range(20))
        imported("absences", text, queue_unknown=True)
        ziek = factories.reason()

        def link(round_: int = round_, to: Reason = ziek) -> int:
            return map_code(school=at, code=f"X{round_}", to=to, by=None, today=TODAY).created

        found = at_once(link, link)
        assert not [answer for answer in found if isinstance(answer, Exception)]
        assert (sum(map(int, map(str, found))), WaitingRow.objects.count()) == (20, 0)
        assert Absence.objects.standing().count() == 20 * (round_ + 1)
