"""Norms of an alliance: what holds when in words, and a next version that never writes over what held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendance.engine.facts import Rule
from attendance.facts import norms_of
from attendance.listings.norm_versions import AHEAD, BEFORE, NOW, norms_of_alliance
from attendance.models import CrossingChange, NormRow
from attendance.services.norms import NormError, NormValues, own_versions, set_next_norm, withdraw_next_norm
from tests import factories
from tests.attendance.setup.conftest import TODAY, Submit, away
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
FIVE = NormValues(amount=5, source="afspraak", calendar_days=7)
EIGHT = NormValues(amount=8, source="afspraak", calendar_days=10)


def page_of(alliance: Alliance, name: str = "norm_next", rule: str = "thuis-2w") -> str:
    return reverse(f"attendance:{name}", kwargs={"code": alliance.code, "rule": rule})


def two_weeks(alliance: Alliance | None) -> Any:
    return next(row for row in norms_of_alliance(alliance, TODAY) if row.rule is Rule.HOME_2W)


def data(**other: Any) -> dict[str, Any]:
    return {
        "valid_from": "2026-01-01",
        "reading": "school",
        "amount": "5",
        "calendar_days": "7",
        "source": "afspraak",
    } | other


def spans(alliance: Alliance) -> list[tuple[date | None, date | None, int]]:
    return [(row.valid_from, row.valid_until, row.amount) for row in own_versions(alliance, Rule.HOME_2W)]


def test_what_holds_is_said_in_a_sentence(alliance: Alliance) -> None:
    assert two_weeks(alliance).now.sentence == "2 weken thuis = 10 schooldagen niet op school, telling: schooldagen"
    assert not two_weeks(alliance).now.is_own

    factories.norm("thuis-2w", 10, alliance, reading="calendar", calendar_days=14)
    assert two_weeks(alliance).now.sentence == "2 weken thuis = 14 kalenderdagen niet op school, telling: kalenderdagen"
    sentences = {row.rule.value: row.now.sentence or "" for row in norms_of_alliance(None, TODAY)}
    assert sentences["uren-16"].endswith("16 uur ongeoorloofd afwezig in 4 lesweken, hoogstens één signaal per 7 dagen")
    assert list(sentences) == [rule.value for rule in Rule]


def test_periods_and_gaps_stand_in_order_of_time(alliance: Alliance) -> None:
    NormRow.objects.filter(alliance=None, rule="thuis-2w").update(
        valid_from=date(2025, 8, 1), valid_until=date(2026, 12, 31)
    )
    factories.norm("thuis-2w", 8, alliance, valid_from=date(2026, 1, 14), valid_until=date(2026, 7, 31))

    found = [(row.state, row.first, row.last, row.is_own) for row in two_weeks(alliance).periods]

    assert found == [
        (BEFORE, None, date(2025, 7, 31), False),
        (BEFORE, date(2025, 8, 1), date(2026, 1, 13), False),
        (NOW, date(2026, 1, 14), date(2026, 7, 31), True),
        (AHEAD, date(2026, 8, 1), date(2026, 12, 31), False),
        (AHEAD, date(2027, 1, 1), None, False),
    ]
    assert [row.sentence is None for row in two_weeks(alliance).periods] == [True, False, False, False, True]


def test_a_next_version_ends_the_one_before_it(alliance: Alliance) -> None:
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 1, 1), values=FIVE)
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 2, 1), values=EIGHT)

    assert spans(alliance) == [(date(2026, 1, 1), date(2026, 1, 31), 5), (date(2026, 2, 1), None, 8)]
    norms = norms_of([alliance.pk])[alliance.pk]
    held = [norms.on(Rule.HOME_2W, day) for day in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1))]
    assert [norm.amount for norm in held if norm] == [10, 5, 8]


@pytest.mark.parametrize(("day", "refused"), [(1, True), (2, False)])
def test_a_version_cannot_begin_before_or_with_the_last_one(alliance: Alliance, day: int, *, refused: bool) -> None:
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 2, 1), values=FIVE)
    begin = date(2026, 2, day)

    if refused:
        with pytest.raises(NormError, match="Er is al een versie vanaf zo 1 feb 2026"):
            set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=begin, values=EIGHT)
        assert spans(alliance) == [(date(2026, 2, 1), None, 5)]
    else:
        set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=begin, values=EIGHT)
        assert len(spans(alliance)) == 2


def test_the_norm_of_everybody_holds_again(alliance: Alliance) -> None:
    with pytest.raises(NormError, match="geldt de algemene norm al"):
        set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 2, 1), values=None)
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 1, 1), values=FIVE)
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 2, 1), values=None)

    assert spans(alliance) == [(date(2026, 1, 1), date(2026, 1, 31), 5)]
    norm = norms_of([alliance.pk])[alliance.pk].on(Rule.HOME_2W, date(2026, 2, 1))
    assert norm
    assert norm.amount == 10


@pytest.mark.parametrize(("valid_from", "refused"), [(date(2026, 1, 14), True), (date(2026, 1, 15), False)])
def test_only_what_has_not_begun_is_withdrawn(alliance: Alliance, valid_from: date, *, refused: bool) -> None:
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2025, 9, 1), values=FIVE)
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=valid_from, values=EIGHT)
    assert two_weeks(alliance).can_withdraw is not refused

    if refused:
        with pytest.raises(NormError, match="Deze norm geldt al"):
            withdraw_next_norm(alliance=alliance, rule=Rule.HOME_2W, today=TODAY)
        assert len(spans(alliance)) == 2
    else:
        withdraw_next_norm(alliance=alliance, rule=Rule.HOME_2W, today=TODAY)
        assert spans(alliance) == [(date(2025, 9, 1), None, 5)]


def test_what_was_told_is_what_happens(alliance: Alliance, school: School, submit: Submit, client: Client) -> None:
    pupil, elsewhere = away(school), away(factories.school(alliance=factories.alliance()))

    told = client.post(page_of(alliance), data()).context["told"].effect
    assert (told.pupils, told.new) == (1, 1)
    assert not NormRow.objects.filter(alliance=alliance).exists()
    assert submit(page_of(alliance), **data()).status_code == 302

    assert [row.crossed_on for row in pupil.crossings.filter(rule="thuis-2w")] == [date(2026, 1, 9)]
    assert not elsewhere.crossings.filter(rule="thuis-2w").exists()
    # In calendar days from tomorrow on: what was found under the norm of its day stays.
    submit(page_of(alliance), **data(valid_from="2026-01-15", reading="calendar"))
    assert [row.crossed_on for row in pupil.crossings.standing().filter(rule="thuis-2w")] == [date(2026, 1, 9)]
    assert not CrossingChange.objects.exists()


def test_a_norm_in_the_past_says_so_and_moves_signals_as_told(
    alliance: Alliance, school: School, submit: Submit, client: Client
) -> None:
    pupil = away(school, date(2025, 12, 1))
    assert pupil.crossings.get(rule="thuis-2w").crossed_on == date(2025, 12, 12)
    answer: Any = client.post(page_of(alliance), data(valid_from="2025-12-01"))

    assert "Deze dag is al geweest" in answer.content.decode()
    assert (answer.context["told"].effect.moved, answer.context["told"].effect.new) == (1, 0)
    submit(page_of(alliance), **data(valid_from="2025-12-01"))
    assert pupil.crossings.get(rule="thuis-2w").crossed_on == date(2025, 12, 5)


def test_norms_that_changed_since_they_were_told_are_told_again(
    alliance: Alliance, beheerder: User, client: Client
) -> None:
    seen = client.post(page_of(alliance), data()).context["told"].seen
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2025, 9, 1), values=EIGHT)

    answer: Any = client.post(page_of(alliance), data() | {"seen": seen, "confirmed": "1"})

    assert answer.context["told"].again
    assert spans(alliance) == [(date(2025, 9, 1), None, 8)]


def test_withdrawing_is_told_first(alliance: Alliance, beheerder: User, client: Client) -> None:
    page = page_of(alliance, "norm_withdraw")
    assert client.get(page).status_code == 404
    set_next_norm(alliance=alliance, rule=Rule.HOME_2W, valid_from=date(2026, 2, 1), values=EIGHT)

    shown = client.get(page)
    assert client.post(page, {"seen": "something else"}).context["told"].again
    assert spans(alliance) != []
    assert client.post(page, {"seen": shown.context["told"].seen}).status_code == 302
    assert spans(alliance) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"amount": "0"}, "Vul ten minste 1 in"),
        ({"amount": "1"}, None),
        ({"amount": "200"}, None),
        ({"amount": "201"}, "Vul ten hoogste 200 in"),
        ({"amount": ""}, "Vul dit in"),
        ({"source": ""}, "Vul dit in"),
        ({"reading": ""}, "Vul dit in"),
        ({"valid_from": "2022-07-31"}, "Kies een dag vanaf 1 augustus 2022"),
        ({"valid_from": "2022-08-01"}, None),
        ({"valid_from": "2029-12-31"}, "hoogstens drie jaar vooruit"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    alliance: Alliance, beheerder: User, client: Client, other: dict[str, str], words: str | None
) -> None:
    answer: Any = client.post(page_of(alliance), data(**other))

    assert (answer.context["told"] is not None) == (words is None)
    if words is not None:
        assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("thuis-3m", {"valid_from", "amount", "source"}),
        ("uren-16", {"valid_from", "amount", "source", "weeks", "gap_days"}),
        ("structureel", {"valid_from", "amount", "source", "weeks", "min_weeks"}),
    ],
)
def test_a_rule_asks_for_its_own_numbers(
    alliance: Alliance, beheerder: User, client: Client, rule: str, names: set[str]
) -> None:
    assert set(client.get(page_of(alliance, rule=rule)).context["form"].fields) == names
    assert client.get(page_of(alliance, rule="bestaat-niet")).status_code == 404


def test_the_beheerder_of_one_school_reads_the_norms_of_its_alliance(
    alliance: Alliance, school: School, client: Client
) -> None:
    client.force_login(factories.member(Role.BEHEERDER, school))
    page = reverse("attendance:norms", kwargs={"code": alliance.code})

    assert "Het samenwerkingsverband bepaalt deze normen" in client.get(page).content.decode()
    assert client.get(reverse("attendance:norms", kwargs={"code": factories.alliance().code})).status_code == 404
    assert client.get(page_of(alliance)).status_code == 404
