"""Who was involved for the table sees the pupil no longer than the pupil is on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from attendance.models import Assignment
from attendance.services.assignments import assign_pupil, end_those_for_table
from cases.models import Case, Phase
from cases.services.closing import close_case
from tables.models import TableEntry
from tables.services.entries import change_phase, entry_for, place
from tables.services.proposals import follow_up, no_longer_on_the_table
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 14, 11, tzinfo=UTC)
LAST = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world() -> World:
    made = World()
    assert made.entry.placed_at is not None
    return made


@pytest.fixture
def coo(world: World) -> User:
    return factories.member(Role.COO, world.school)


@pytest.fixture
def involve(world: World, coo: User) -> Callable[..., Assignment]:
    """A jeugdarts is involved with the pupil, on a day, for the table or not."""

    def make(today: date = TODAY, *, for_table: bool = True) -> Assignment:
        doctor = factories.member(Role.JEUGDARTS, factories.youth_health())
        return assign_pupil(
            pupil=world.pupil, user=doctor, role=Role.JEUGDARTS, last=LAST, by=coo, today=today, for_table=for_table
        )

    return make


def leave_table(world: World, coo: User, how: str) -> None:
    if how == "phase":
        change_phase(entry=world.entry, phase=Phase.GESLOTEN, reason="gaat goed", by=coo, today=TODAY)
    else:
        close_case(case=Case.objects.get(pk=world.case.pk), reason="gaat goed", by=coo, leave_table=True)
        follow_up(TODAY)
    assert TableEntry.objects.get().left_at is not None


def still_sees(row: Assignment) -> bool:
    row.refresh_from_db()
    return row.last >= TODAY


@pytest.mark.parametrize("how", ["phase", "case"])
@pytest.mark.parametrize("for_table", [True, False])
def test_leaving_the_table_ends_what_was_for_the_table(
    world: World, coo: User, involve: Callable[..., Assignment], how: str, for_table: bool
) -> None:
    row = involve(for_table=for_table)
    assert still_sees(row)

    leave_table(world, coo, how)

    assert still_sees(row) is not for_table
    ended = Entry.objects.filter(what="toegang beëindigd", subject=world.pupil.code)
    assert [entry.why for entry in ended] == (["de leerling is van de Thuiszitterstafel"] if for_table else [])


def test_ending_those_for_the_table_counts_once_and_leaves_others_alone(
    world: World, involve: Callable[..., Assignment]
) -> None:
    rows = [involve(), involve()]
    stays, over = involve(for_table=False), involve(TODAY - timedelta(days=5))
    Assignment.objects.filter(pk=over.pk).update(last=TODAY - timedelta(days=1))
    other = factories.assignment(factories.pupil(world.school), factories.user(), for_table=True)

    ended = [end_those_for_table(pupil_ids=[world.pupil.pk], today=TODAY) for _ in range(2)]

    assert ended == [2, 0]
    assert [still_sees(row) for row in (*rows, stays, over, other)] == [False, False, True, False, True]
    over.refresh_from_db()
    assert over.ended_at is None


@pytest.mark.parametrize(("involved_on", "found"), [(-1, True), (0, False), (1, False)])
def test_what_was_left_standing_ends_later_and_what_was_given_since_stays(
    world: World, coo: User, involve: Callable[..., Assignment], involved_on: int, found: bool
) -> None:
    """Days from the one on which the pupil left the table. A COO who involves somebody again that day meant it."""
    leave_table(world, coo, "phase")
    row = involve(TODAY + timedelta(days=involved_on))

    tomorrow = TODAY + timedelta(days=1)
    assert list(no_longer_on_the_table(tomorrow)) == ([world.pupil.pk] if found else [])
    follow_up(tomorrow)
    row.refresh_from_db()
    assert (row.last < tomorrow) is found


def test_who_is_on_the_table_again_or_never_was_keeps_their_people(
    world: World, coo: User, involve: Callable[..., Assignment]
) -> None:
    leave_table(world, coo, "phase")
    again = involve(TODAY - timedelta(days=1))
    never = factories.assignment(factories.pupil(world.school), factories.user(), for_table=True)
    assert list(no_longer_on_the_table(TODAY)) == [world.pupil.pk]

    Case.objects.filter(pk=world.case.pk).update(phase="")
    entry = entry_for(case=world.case, phase=Phase.DREIGEND, today=TODAY)
    place(entry=entry, phase=Phase.DREIGEND, informed=world.entry.informed, by=coo, today=TODAY)

    assert list(no_longer_on_the_table(TODAY)) == []
    assert [still_sees(again), still_sees(never)] == [True, True]


def test_a_proposal_that_lapsed_ends_nothing(involve: Callable[..., Assignment]) -> None:
    """Who was never put on the table did not leave it."""
    row = involve(TODAY - timedelta(days=3))
    TableEntry.objects.update(placed_at=None, placed_by=None, informed=None, left_at=NOON, left_reason="nee")

    assert list(no_longer_on_the_table(TODAY)) == []
    assert still_sees(row)
