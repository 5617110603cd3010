"""From which share of missed time on a pupil is named: whose bands hold for a school."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from attendance.models import AbsenceBands
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_school_has_its_own_bands_else_those_of_its_alliance_else_the_default() -> None:
    school = factories.school(alliance=factories.alliance())
    AbsenceBands.objects.create(alliance=factories.alliance(), low=1, middle=2, high=3)
    AbsenceBands.objects.create(school=factories.school(), low=1, middle=2, high=3)
    assert AbsenceBands.objects.of_school(school) == (5, 10, 20)

    AbsenceBands.objects.create(alliance=school.alliance, low=6, middle=12, high=25)
    assert AbsenceBands.objects.of_school(school) == (6, 12, 25)

    AbsenceBands.objects.create(school=school, low=4, middle=8, high=16)
    assert AbsenceBands.objects.of_school(school) == (4, 8, 16)


def test_a_school_without_an_alliance_takes_nobody_elses_bands() -> None:
    AbsenceBands.objects.create(school=factories.school(), low=1, middle=2, high=3)

    assert AbsenceBands.objects.of_school(factories.school()) == (5, 10, 20)


@pytest.mark.parametrize(
    ("bands", "holds"),
    [
        ((1, 2, 3), True),
        ((0, 2, 3), False),
        ((2, 2, 3), False),
        ((2, 3, 3), False),
        ((98, 99, 100), True),
        ((98, 99, 101), False),
    ],
)
def test_bands_go_up_and_lie_between_1_and_100(bands: tuple[int, int, int], *, holds: bool) -> None:
    low, middle, high = bands
    row = AbsenceBands(school=factories.school(), low=low, middle=middle, high=high)

    if holds:
        row.save()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_bands_are_of_one_organisation() -> None:
    for places in ({}, {"school": factories.school(), "alliance": factories.alliance()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AbsenceBands.objects.create(**places)
