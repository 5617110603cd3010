"""The page of the bands of missed time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendance.models import AbsenceBands
from tests import factories
from thuiszitters.accounts.models import Alliance, School, User

pytestmark = pytest.mark.django_db


def page_of(place: School | Alliance) -> str:
    return reverse("attendance:absence_bands", kwargs={"code": place.code})


def test_a_school_and_its_alliance_choose_and_let_go(
    school: School, alliance: Alliance, beheerder: User, client: Client
) -> None:
    assert client.get(page_of(school)).context["form"].initial == {"low": 5, "middle": 10, "high": 20}

    client.post(page_of(alliance), {"low": 6, "middle": 12, "high": 24})
    assert client.get(page_of(school)).context["form"].initial == {"low": 6, "middle": 12, "high": 24}
    client.post(page_of(school), {"low": 4, "middle": 8, "high": 16})
    assert AbsenceBands.objects.of_school(school) == (4, 8, 16)
    client.post(page_of(school), {"clear": "1"})

    assert AbsenceBands.objects.of_school(school) == (6, 12, 24)


@pytest.mark.parametrize(
    ("bands", "good"),
    [((1, 2, 3), True), ((0, 2, 3), False), ((2, 2, 3), False), ((98, 99, 100), True), ((98, 99, 101), False)],
)
def test_bands_that_do_not_go_up_are_refused(
    school: School, beheerder: User, client: Client, bands: tuple[int, int, int], *, good: bool
) -> None:
    data: dict[str, Any] = dict(zip(("low", "middle", "high"), bands, strict=True))

    assert client.post(page_of(school), data).status_code == (302 if good else 200)
    assert AbsenceBands.objects.count() == int(good)


def test_the_bands_of_others_are_not_there(school: School, beheerder: User, client: Client) -> None:
    for place in (factories.school(), factories.alliance()):
        assert client.get(page_of(place)).status_code == 404
