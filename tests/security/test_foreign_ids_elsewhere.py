"""Rows of another school in the set-up site (Django's admin) and in the API: not shown, not chosen, not changed."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from attendance.models import PushedAbsence
from attendance.models.api import Scope
from attendance.services.api_tokens import make_token
from attendance.services.pushed import Pushed, push_absences
from tests import factories
from tests.access_table import TODAY, World
from tests.security.forms import forms_shown, sent
from tests.security.rows import difference, only, stored
from tests.security.test_foreign_ids import tried
from tests.security.worlds import MARK, Other, filled, logged_in
from thuiszitters.accounts.models import Municipality, School, User, YouthHealth
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import set_up_site

pytestmark = pytest.mark.django_db
PAGES_OF_A_ROW = ("change", "delete", "history")
A_FEW = 3
PART_OF_MARK = MARK.lower()[:4]
"""To look for: a page may repeat the word, and not what it finds."""
SEEN_BY_ALL = frozenset({YouthHealth, Municipality})
"""Organisations that are nobody's own: to read, and for a municipality to choose."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(TODAY, tick=False):
        yield


def admin_address(model: type[Model], page: str, *args: Any) -> str:
    """Where a page of the set-up site stands; empty if this model has no such page."""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
    except NoReverseMatch:
        return ""


def of_the_alliance(world: World) -> User:
    """Who sets up most: all schools of an alliance, with its norms and its way to log in."""
    return factories.member(Role.BEHEERDER, world.alliance)


def foreign(other: Other) -> Iterator[tuple[type[Model], ModelAdmin[Any], Any]]:
    """Some rows of the other school of each kind that the set-up site has."""
    for model, model_admin in set_up_site._registry.items():
        for pk in sorted(other.rows.get(model, set()), key=str)[-A_FEW:]:
            yield model, model_admin, pk


def test_the_set_up_site_shows_and_changes_no_row_of_another_school() -> None:
    own, other = filled(World()), Other.made()
    person = of_the_alliance(own)
    client = logged_in(person)
    before, found = stored(), []
    kinds = set()
    with transaction.atomic():
        for model, _model_admin, pk in foreign(other):
            kinds.add(model)
            for page in PAGES_OF_A_ROW if model not in SEEN_BY_ALL else ("delete",):
                address = admin_address(model, page, pk)
                for method in ("get", "post"):
                    answer = getattr(client, method)(address, {"post": "yes", "name": MARK})
                    text = client.get(address, follow=True).content.decode()
                    if answer.status_code not in {302, 403, 404} or MARK in text:
                        found.append((model.__name__, page, method, answer.status_code))
    assert found == []
    assert difference(before, stored()) == {}
    assert len(kinds) > 5


def test_no_list_of_the_set_up_site_finds_another_school() -> None:
    """Not by a word, not by a filter, and not by an action on rows that are not in the list."""
    own, other = filled(World()), Other.made()
    person = of_the_alliance(own)
    client = logged_in(person)
    School.objects.filter(pk__in=other.rows[School]).update(name=MARK)
    school = max(other.rows[School])
    request = RequestFactory().get("/")
    request.user = person
    before, found = stored(), []
    with transaction.atomic():
        for model, model_admin in set_up_site._registry.items():
            address = admin_address(model, "changelist")
            for asked in ({}, {"q": PART_OF_MARK}, {"school__id__exact": school}, {"group__school__id__exact": school}):
                text = client.get(address, asked, follow=True).content.decode()
                if MARK in text:
                    found.append((model.__name__, asked))
            chosen = [pk for kind, _, pk in foreign(other) if kind is model]
            for action in model_admin.get_actions(request):
                client.post(address, {"action": action, ACTION_CHECKBOX_NAME: chosen, "post": "yes"})
    assert found == []
    assert difference(before, stored()) == {}


def test_no_form_of_the_set_up_site_takes_a_row_of_another_school() -> None:
    own, other = filled(World()), Other.made()
    client = logged_in(of_the_alliance(own))
    addresses = []
    for model in set_up_site._registry:
        listed = client.get(admin_address(model, "changelist"))
        if listed.status_code == HTTPStatus.FORBIDDEN:
            continue
        rows = listed.context["cl"].result_list
        addresses += [admin_address(model, "change", row.pk) for row in rows[:1]]
        addresses.append(admin_address(model, "add"))
    before, taken, forms = stored(), [], 0
    for form in forms_shown(client, [address for address in addresses if address]):
        forms += 1
        for name, value, more in tried(form, other):
            answer, after = sent(client, form, {name: value} | more, before)
            theirs = difference(only(before, other.rows), only(after, other.rows))
            pointed = [way for way in other.pointed_at(after) if way != "School.municipality"]
            if theirs or pointed or answer.status_code >= 500 or MARK in answer.content.decode():
                taken.append((form.page, name, value, theirs, pointed))
    assert taken == []
    assert forms > 5


def key_of(world: World, by: User) -> tuple[Any, str]:
    return make_token(school=world.school, name="LVS", scopes=Scope.values, last=TODAY, by=by, today=TODAY)


def test_the_api_reaches_no_row_of_another_school() -> None:
    """By the number of their pupil, by the id of what their system sent, and by theirs under our own id."""
    own, other_world = World(), World()
    _, secret = key_of(own, own.somebody(Role.BEHEERDER))
    theirs, _ = key_of(other_world, other_world.somebody(Role.BEHEERDER))
    type(other_world.pupil).objects.filter(pk=other_world.pupil.pk).update(number=MARK, surname=MARK)
    absence = Pushed("hun-1", MARK, TODAY, None, "ziek", None, 0)
    (received,) = push_absences(token=theirs, records=[absence], today=TODAY)
    assert (received.verdict, PushedAbsence.objects.count()) == ("nieuw", 1)
    ours = {"leerlingnummer": MARK, "van": "2026-01-12", "tot": None, "reden": "ziek"}
    before, answers = stored(), []

    client = Client(headers={"Authorization": f"Bearer {secret}"})
    for method, address, body in (
        ("get", "verzuim/hun-1", None),
        ("delete", "verzuim/hun-1", None),
        ("put", "verzuim/hun-1", ours),
        ("put", "verzuim/ons-1", ours),
        ("post", "verzuim", {"verzuim": [ours | {"bron_id": "hun-1"}, ours | {"bron_id": "ons-1"}]}),
    ):
        answer = getattr(client, method)(f"/api/v1/{address}", body, content_type="application/json")
        answers.append((method, address, answer.status_code))
        if method == "post":
            assert answer.json()["geweigerd"] == 2
        else:
            assert MARK not in answer.content.decode().replace(f"“{MARK}”", "")

    assert answers == [
        ("get", "verzuim/hun-1", 404),
        ("delete", "verzuim/hun-1", 404),
        ("put", "verzuim/hun-1", 422),
        ("put", "verzuim/ons-1", 422),
        ("post", "verzuim", 200),
    ]
    changed = difference(before, stored())
    assert {model for model in changed if "Entry" not in str(model) and "Token" not in str(model)} == set()
