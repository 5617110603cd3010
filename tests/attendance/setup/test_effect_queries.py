"""The effect of a change of the set-up: a fixed number of queries, whatever the number of pupils."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.engine.facts import Rule
from attendance.listings import set_up_effect
from attendance.listings.reason_table import reason_lines, waiting_codes
from attendance.listings.set_up_effect import (
    SetUpEffect,
    effect_of_meaning,
    effect_of_norms,
    effect_of_own_days,
    effect_of_school,
)
from attendance.listings.year_calendar import year_calendar
from attendance.models import Absence, Enrolment, Pupil, Reason
from attendance.services.norms import NormValues, own_versions, with_next
from attendance.services.reasons import Meaning
from attendance.services.schools import Counted
from tests import factories
from tests.attendance.setup.conftest import TODAY
from thuiszitters.accounts.models import Alliance, School

pytestmark = pytest.mark.django_db
STUDY_DAY = date(2026, 1, 8)
PLACED = {"today": TODAY, "finished": TODAY}


def of_own_days(school: School) -> SetUpEffect:
    after = [(STUDY_DAY, STUDY_DAY, "vrij", "studiedag")]
    return effect_of_own_days(school, after, (STUDY_DAY, STUDY_DAY), **PLACED)


def of_school(school: School) -> SetUpEffect:
    return effect_of_school(school, replace(Counted.of(school), region="noord"), **PLACED)


def of_norms(school: School) -> SetUpEffect:
    assert school.alliance
    rule, values = Rule.HOME_2W, NormValues(amount=5, source="test")
    rows = own_versions(school.alliance, rule)
    after = with_next(rows, alliance=school.alliance, rule=rule, valid_from=date(2026, 1, 1), values=values)
    return effect_of_norms(school.alliance, rule, after, **PLACED)


def of_meaning(school: School) -> SetUpEffect:
    return effect_of_meaning(factories.reason(), Meaning(counts=False, authorised=True, sick=False), **PLACED)


def at_home(school: School, number: int) -> None:
    """So many pupils more who are ill since 5 January."""
    known = Pupil.objects.count()
    pupils = Pupil.objects.bulk_create(
        Pupil(
            number=f"Q{known + n}",
            first_name="Sam",
            surname=f"Bos{known + n}",
            surname_key=f"bos{known + n}",
            birth_date=date(2013, 5, 14),
        )
        for n in range(number)
    )
    Enrolment.objects.bulk_create(
        Enrolment(pupil=pupil, school=school, place=school, first=factories.SCHOOL_YEAR) for pupil in pupils
    )
    ill = factories.reason()
    Absence.objects.bulk_create(Absence(pupil=pupil, first=date(2026, 1, 5), reason=ill) for pupil in pupils)


@pytest.mark.parametrize("effect_of", [of_own_days, of_school, of_norms, of_meaning])
def test_queries_do_not_follow_the_number_of_pupils(
    alliance: Alliance, school: School, effect_of: Callable[[School], SetUpEffect]
) -> None:
    """Thirty and three hundred; of three thousand each batch of two thousand costs the same again."""
    counts = []
    for number in (30, 300):
        at_home(school, number - Pupil.objects.count())
        with CaptureQueriesContext(connection) as queries:
            effect = effect_of(school)
        assert effect.looked_at == effect.touched == number
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 30


def test_of_too_many_pupils_evenly_spread_ones_are_counted(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(school, 31)
    monkeypatch.setattr(set_up_effect, "MOST", 31)
    assert not of_school(school).is_sample
    monkeypatch.setattr(set_up_effect, "MOST", 30)

    effect = of_school(school)

    assert (effect.touched, effect.looked_at, effect.is_sample) == (31, 16, True)


def test_pages_do_not_ask_more_for_more_rows(school: School) -> None:
    counts = []
    for number in (1, 10):
        for n in range(number):
            factories.closed(school, date(2026, 2, 1 + n + number))
            Reason.objects.create(school=school, code=f"{number}.{n}", label="x", maps_to=factories.reason())
        with CaptureQueriesContext(connection) as queries:
            year_calendar(school, 2025, TODAY)
            reason_lines(Reason.objects.filter(school=school).select_related("maps_to"))
            waiting_codes(school)
        counts.append(len(queries))

    assert counts[0] == counts[1]
