"""What somebody meets who can log in but has nothing to do here yet."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_somebody_without_a_role_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(factories.user())

    page = client.get("/")

    assert page.status_code == 403
    assert "Je account heeft nu geen rol" in page.text
    assert "Naar Vandaag" not in page.text


@pytest.mark.parametrize("first", [True, False])
def test_only_who_sets_everything_up_is_pointed_to_the_set_up(client: Client, first: bool) -> None:
    person = factories.user()
    person.is_superuser = first
    person.save(update_fields=["is_superuser"])
    client.force_login(person)

    assert (f'href="{reverse("admin:index")}"' in client.get("/").text) is first
