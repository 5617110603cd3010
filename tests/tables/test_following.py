"""The table follows where the pupil lives and is enrolled, and what was passed since the phase was set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.engine.facts import Rule
from cases.models import Case, CaseHandOver, ParentsInformed, Phase, Signal
from cases.services.cases import open_case
from cases.services.hand_overs import accept_hand_over, offer_hand_overs
from cases.services.signals import follow_up as follow_up_cases
from tables.board import ahead_of, board_for
from tables.models import TableEntry
from tables.services.entries import change_phase, entry_for, place
from tables.services.proposals import follow_up
from tests import factories
from tests.cases.rows import a_crossing, a_pupil, a_run, a_school, a_user, moves_to
from thuiszitters.accounts.models import Alliance, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)) as traveller:
        yield traveller


@pytest.fixture
def entry() -> TableEntry:
    """A pupil on the table, at school "De Ronde Lucht" of alliance "Samen Verder"."""
    pupil = a_pupil(a_school(), municipality=factories.municipality("Oudstad"))
    case, _ = open_case(pupil=pupil, today=TODAY)
    coo = a_user(Role.COO, case.school, name="Noor")
    told = ParentsInformed.objects.create(pupil=pupil, about="tafel", informed_on=TODAY, recorded_by=coo)
    row = entry_for(case=case, phase=Phase.THUISZITTER, today=TODAY)
    return place(entry=row, phase=Phase.THUISZITTER, informed=told, by=coo, today=TODAY)


def sees(*people: User) -> list[int]:
    return [TableEntry.objects.visible_to(User.objects.get(pk=who.pk)).count() for who in people]


def test_the_alliance_follows_once_the_case_was_accepted(entry: TableEntry) -> None:
    old, new = Alliance.objects.get(), factories.alliance("Samen Elders")
    swv_old, swv_new = factories.member(Role.SWV, old), factories.member(Role.SWV, new)
    old_coo = User.objects.get(name="Noor")
    school = a_school("Nieuw", alliance=new)
    new_coo = a_user(Role.COO, school)
    moves_to(entry.case.pupil, school, TODAY)
    offer_hand_overs(today=TODAY)
    follow_up(TODAY)
    assert sees(swv_old, swv_new, old_coo, new_coo) == [1, 0, 1, 1]

    accept_hand_over(hand_over=CaseHandOver.objects.get(), by=new_coo, today=TODAY)
    again = follow_up(TODAY)

    entry.refresh_from_db()
    assert (entry.alliance, again) == (new, 0)
    assert sees(swv_old, swv_new, old_coo, new_coo) == [0, 1, 0, 1]
    texts = [row.text for row in entry.case.log.all()]
    assert texts.count("Op de Thuiszitterstafel hoort dit dossier nu bij Samen Elders.") == 1


def test_schools_without_an_alliance_change_nothing(entry: TableEntry) -> None:
    entry.case.school_of_enrolment.alliance = None
    entry.case.school_of_enrolment.save(update_fields=["alliance"])

    assert (follow_up(TODAY), follow_up(TODAY)) == (1, 0)
    entry.refresh_from_db()
    assert entry.alliance is None


def test_leerplicht_is_that_of_where_the_pupil_lives_now(entry: TableEntry) -> None:
    old, new = entry.case.pupil.municipality, factories.municipality("Nieuwstad")
    assert old is not None
    people = factories.member(Role.LEERPLICHT, old), factories.member(Role.LEERPLICHT, new)
    assert sees(*people) == [1, 0]

    entry.case.pupil.municipality = new
    entry.case.pupil.save(update_fields=["municipality"])

    assert sees(*people) == [0, 1]


def test_who_left_the_table_is_no_business_of_others(entry: TableEntry) -> None:
    assert entry.case.pupil.municipality is not None
    people = (
        factories.member(Role.SWV, Alliance.objects.get()),
        factories.member(Role.LEERPLICHT, entry.case.pupil.municipality),
        User.objects.get(name="Noor"),
    )
    assert sees(*people) == [1, 1, 1]

    change_phase(entry=entry, phase=Phase.GESLOTEN, reason="gaat goed", by=people[2], today=TODAY)

    assert sees(*people) == [0, 0, 1]


def crosses(case: Case, rule: Rule, start: date) -> None:
    a_run(case.pupil, start)
    a_crossing(case.pupil, rule, start, TODAY)
    follow_up_cases(today=TODAY)
    follow_up(TODAY)


@pytest.mark.parametrize(
    "case",
    [
        (Rule.HOME_2W, Phase.OPBOUW, Phase.DREIGEND),
        (Rule.HOME_3M, Phase.OPBOUW, Phase.LONG),
        (Rule.HOME_4W, Phase.NAZORG, Phase.THUISZITTER),
        (Rule.HOME_3M, Phase.THUISZITTER, Phase.LONG),
        (Rule.HOME_2W, Phase.THUISZITTER, None),
        (Rule.SICK_7D, Phase.OPBOUW, None),
    ],
)
def test_the_count_is_further_than_the_phase(
    client: Client, entry: TableEntry, clock: time_machine.Traveller, case: tuple[Rule, Phase, Phase | None]
) -> None:
    rule, phase, shown = case
    coo = User.objects.get(name="Noor")
    if phase != Phase.THUISZITTER:
        change_phase(entry=entry, phase=phase, reason="komt weer", by=coo, today=TODAY)
    assert board_for(coo, TODAY)[0].rows == ()
    assert ahead_of([TableEntry.objects.get()]) == {}
    clock.shift(timedelta(hours=1))

    crosses(entry.case, rule, TODAY - timedelta(days=20))

    entry = TableEntry.objects.get()
    assert entry.case.phase == phase  # a person decides
    assert ahead_of([entry]).get(entry.pk) == shown
    client.force_login(coo)
    pages = [reverse("tables:board"), reverse("tables:entry_detail", args=[entry.code])]
    assert ["De telling is verder" in client.get(url).content.decode() for url in pages] == [shown is not None] * 2


def test_setting_the_phase_answers_what_waits(entry: TableEntry, clock: time_machine.Traveller) -> None:
    crosses(entry.case, Rule.HOME_3M, TODAY - timedelta(days=95))
    assert Signal.objects.unanswered().count() == 1
    clock.shift(timedelta(hours=1))

    change_phase(entry=entry, phase=Phase.OPBOUW, reason="begint", by=User.objects.get(name="Noor"), today=TODAY)

    signal, entry = Signal.objects.get(), TableEntry.objects.get()
    assert (signal.answer, signal.answer_text) == ("tafel", "fase opbouw: begint")
    assert not entry.case.steps.filter(kind="tafel", done_at=None).exists()
    assert ahead_of([entry]) == {}


def test_not_now_to_what_was_passed_is_shown_no_more(entry: TableEntry, clock: time_machine.Traveller) -> None:
    coo = User.objects.get(name="Noor")
    change_phase(entry=entry, phase=Phase.OPBOUW, reason="begint", by=coo, today=TODAY)
    clock.shift(timedelta(hours=1))
    crosses(entry.case, Rule.HOME_2W, TODAY - timedelta(days=20))
    Signal.objects.update(answer="nu_niet", answered_at=datetime(2026, 11, 24, 11, tzinfo=UTC), answered_by=coo)

    assert ahead_of([TableEntry.objects.get()]) == {}
