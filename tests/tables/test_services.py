"""Proposals, what people decide, and the escalation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.engine.facts import Rule
from attendance.models import Crossing
from cases.models import Case, ParentsInformed, Phase, Signal
from cases.services.answers import answer_signal
from cases.services.refusals import CaseRefusedError
from tables.models import TableEntry
from tables.services.entries import change_phase, decline, place
from tables.services.proposals import follow_up
from tests import factories
from tests.cases.rows import a_crossing, a_pupil, a_school, a_user
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 20)


@pytest.fixture
def case() -> Case:
    school = a_school()
    pupil = a_pupil(school)
    return Case.objects.create(
        pupil=pupil, school=school, school_of_enrolment=school, opened_on=TODAY, first_day_home=date(2025, 11, 7)
    )


@pytest.fixture
def coo(case: Case) -> User:
    return a_user(Role.COO, case.school)


def signal(case: Case, rule: Rule, **fields: object) -> Signal:
    crossing = a_crossing(case.pupil, rule, date(2025, 11, 7), TODAY)
    return Signal.objects.create(
        crossing=crossing, pupil=case.pupil, school=case.school, case=case, audience=Role.COO, revision=1, **fields
    )


def told(case: Case, by: User) -> ParentsInformed:
    return ParentsInformed.objects.create(pupil=case.pupil, about="tafel", informed_on=TODAY, recorded_by=by)


def test_two_weeks_proposes_once(case: Case) -> None:
    signal(case, Rule.HOME_2W)
    assert follow_up(TODAY) == 1
    assert follow_up(TODAY) == 0
    entry = TableEntry.objects.get()
    assert (entry.proposed_phase, entry.proposed_on, entry.placed_at) == (Phase.DREIGEND, TODAY, None)
    assert case.log.filter(kind="fase").count() == 1


@pytest.mark.parametrize("rule", [Rule.HOURS_16, Rule.SICK_4X, Rule.SICK_7D])
def test_other_rules_propose_nothing(case: Case, rule: Rule) -> None:
    signal(case, rule)
    assert follow_up(TODAY) == 0


def test_withdrawn_signal_proposes_nothing(case: Case) -> None:
    row = signal(case, Rule.HOME_2W)
    Crossing.objects.filter(pk=row.crossing_id).update(withdrawn_at="2025-11-20T12:00:00Z")
    assert follow_up(TODAY) == 0


def test_heavier_signal_raises_the_proposal_and_asks_again(case: Case, coo: User) -> None:
    signal(case, Rule.HOME_2W)
    follow_up(TODAY)
    decline(entry=TableEntry.objects.get(), reason="Komt maandag.", by=coo, today=TODAY)
    signal(case, Rule.HOME_4W)
    later = TODAY + timedelta(days=14)
    assert follow_up(later) == 1
    entry = TableEntry.objects.get()
    assert (entry.proposed_phase, entry.proposed_on, entry.declined_at) == (Phase.THUISZITTER, later, None)
    assert follow_up(later) == 0


def test_not_now_to_the_signal_is_not_now_to_the_proposal(case: Case, coo: User) -> None:
    row = signal(case, Rule.HOME_2W)
    follow_up(TODAY)
    answer_signal(signal=row, answer=Signal.Answer.NOT_NOW, by=coo, today=TODAY, text="Komt maandag.")
    assert follow_up(TODAY) == 1
    entry = TableEntry.objects.get()
    assert (entry.declined_reason, entry.declined_by) == ("Komt maandag.", coo)
    assert follow_up(TODAY) == 0


def test_place_asks_first_whether_parents_know(case: Case, coo: User) -> None:
    signal(case, Rule.HOME_2W)
    follow_up(TODAY)
    entry = TableEntry.objects.get()
    with pytest.raises(CaseRefusedError, match="ouders"):
        place(entry=entry, phase=Phase.DREIGEND, informed=None, by=coo, today=TODAY)
    place(entry=entry, phase=Phase.DREIGEND, informed=told(case, coo), by=coo, today=TODAY)
    case.refresh_from_db()
    assert case.phase == Phase.DREIGEND
    with pytest.raises(CaseRefusedError, match="staat al"):
        place(entry=entry, phase=Phase.DREIGEND, informed=told(case, coo), by=coo, today=TODAY)
    assert entry.phases.count() == 1


def placed(case: Case, coo: User, phase: Phase = Phase.DREIGEND) -> TableEntry:
    signal(case, Rule.HOME_2W)
    follow_up(TODAY)
    return place(entry=TableEntry.objects.get(left_at=None), phase=phase, informed=told(case, coo), by=coo, today=TODAY)


def test_phase_follows_the_steps(case: Case, coo: User) -> None:
    entry = placed(case, coo, Phase.LONG)
    with pytest.raises(CaseRefusedError, match="niet in één stap"):
        change_phase(entry=entry, phase=Phase.DREIGEND, reason="beter", by=coo, today=TODAY)
    with pytest.raises(CaseRefusedError, match="waarom"):
        change_phase(entry=entry, phase=Phase.OPBOUW, reason=" ", by=coo, today=TODAY)
    change_phase(entry=entry, phase=Phase.OPBOUW, reason="komt twee uur", by=coo, today=TODAY)
    case.refresh_from_db()
    assert case.phase == Phase.OPBOUW


def test_gesloten_takes_the_pupil_off_until_a_new_signal(case: Case, coo: User) -> None:
    entry = placed(case, coo)
    change_phase(entry=entry, phase=Phase.GESLOTEN, reason="zes maanden goed", by=coo, today=TODAY)
    assert TableEntry.objects.on_the_table().count() == 0
    assert follow_up(TODAY) == 0
    new = a_crossing(case.pupil, Rule.HOME_2W, date(2026, 3, 2), date(2026, 3, 13))
    Signal.objects.create(crossing=new, pupil=case.pupil, school=case.school, case=case, audience=Role.COO, revision=1)
    assert follow_up(date(2026, 3, 13)) == 1
    assert TableEntry.objects.filter(left_at=None).count() == 1


@pytest.mark.parametrize(("day", "phase"), [(date(2026, 2, 6), Phase.DREIGEND), (date(2026, 2, 7), Phase.LONG)])
def test_escalation_counts_from_the_first_day_of_the_case(case: Case, coo: User, day: date, phase: Phase) -> None:
    placed(case, coo)
    follow_up(day)
    follow_up(day)
    case.refresh_from_db()
    assert case.phase == phase
    assert TableEntry.objects.get().phases.count() == (2 if phase == Phase.LONG else 1)


def test_escalation_rests_when_the_timetable_was_kept_four_weeks(case: Case, coo: User) -> None:
    placed(case, coo)
    case.school.complete_through = date(2026, 2, 9)
    case.school.save(update_fields=["complete_through"])
    follow_up(date(2026, 2, 9))
    case.refresh_from_db()
    assert case.phase == Phase.DREIGEND


def test_one_hour_at_school_does_not_stop_the_escalation(case: Case, coo: User) -> None:
    placed(case, coo)
    case.school.complete_through = date(2026, 2, 9)
    case.school.save(update_fields=["complete_through"])
    factories.absence(case.pupil, date(2026, 1, 20), date(2026, 2, 6))
    follow_up(date(2026, 2, 9))
    case.refresh_from_db()
    assert case.phase == Phase.LONG


@pytest.mark.parametrize("phase", [Phase.OPBOUW, Phase.NAZORG])
def test_building_up_does_not_escalate(case: Case, coo: User, phase: Phase) -> None:
    entry = placed(case, coo)
    change_phase(entry=entry, phase=phase, reason="komt weer", by=coo, today=TODAY)
    follow_up(date(2026, 5, 1))
    case.refresh_from_db()
    assert case.phase == phase


def test_visible_to_each_once_placed(case: Case, coo: User) -> None:
    town = factories.municipality()
    case.pupil.municipality = town
    case.pupil.save(update_fields=["municipality"])
    alliance = case.school.alliance
    assert alliance is not None
    inside = [factories.member(Role.SWV, alliance), factories.member(Role.LEERPLICHT, town)]
    outside = [
        factories.member(Role.SWV, factories.alliance()),
        factories.member(Role.LEERPLICHT, factories.municipality()),
        a_user(Role.COO, a_school("Elders")),
        a_user(Role.MENTOR, case.school),
    ]

    def sees(people: list[User]) -> list[int]:
        return [TableEntry.objects.visible_to(User.objects.get(pk=who.pk)).count() for who in people]

    signal(case, Rule.HOME_2W)
    follow_up(TODAY)
    assert sees([coo, *inside]) == [1, 0, 0]
    place(entry=TableEntry.objects.get(), phase=Phase.DREIGEND, informed=told(case, coo), by=coo, today=TODAY)
    assert sees([coo, *inside]) == [1, 1, 1]
    assert sees(outside) == [0, 0, 0, 0]
