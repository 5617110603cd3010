"""Mass assignment: what a form does not ask for is not taken, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db.models import BooleanField, DateField, DateTimeField, Field, ForeignKey, IntegerField

from tests.access_table import TODAY, World
from tests.security.forms import Form, forms_shown, pages_of, read, sent
from tests.security.rows import alike, stored, tables
from tests.security.worlds import MARK, Other, filled, logged_in
from tests.test_safety import WHOLE
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


ROUNDS = 2
"""Where tables have a column of one name but of another kind, the most harmful values are tried."""
MOST_OFTEN = 25
"""So many forms of a COO write something as they are sent here, at least: otherwise nothing is compared."""


def value_for(field: Field[Any, Any], other: Other) -> tuple[int, str] | None:
    """Something that the column would hold, and how much harm it would do: a low number is worse."""
    if isinstance(field, ForeignKey):
        rows = other.rows.get(field.related_model)
        return (0, str(max(rows, key=str))) if rows else None
    if isinstance(field, BooleanField):
        return 1, "on"
    if field.choices:
        return 2, str(list(field.flatchoices)[-1][0])
    if isinstance(field, DateTimeField):
        return 3, "2030-01-01 10:00"
    if isinstance(field, DateField):
        return 3, "2030-01-01"
    return (4, "99") if isinstance(field, IntegerField) else (5, MARK)


def extra_fields(other: Other) -> list[dict[str, str]]:
    """Every column there is, by its two names, with a value."""
    values: dict[str, set[tuple[int, str]]] = {}
    for model in tables():
        for field in model._meta.concrete_fields:
            found = value_for(field, other)
            for name in {field.name, field.attname} if found else ():
                values.setdefault(name, set()).add(found or (0, ""))
    worst = {name: [value for _, value in sorted(found)] for name, found in values.items()}
    return [{name: found[min(nr, len(found) - 1)] for name, found in worst.items()} for nr in range(ROUNDS)]


@pytest.mark.parametrize("role", sorted(Role))
def test_a_form_takes_only_what_it_asks(role: Role) -> None:
    """The same form with every column of every table in it does the same as without."""
    world, other = filled(World()), Other.made()
    client = logged_in(world.somebody(role))
    forms = list(forms_shown(client, pages_of(role, world, "get").values()))
    found_at = {form.page for form in forms}
    # What is shown only after something else happened is sent with something for every field that there is.
    forms += [
        Form(address, "post", set(WHOLE), {name: [value] for name, value in WHOLE.items()})
        for name, address in pages_of(role, world, "post").items()
        if name not in found_at
    ]
    before, extra = stored(), extra_fields(other)
    asked = {
        page: set().union(*(form.names for form in forms if form.page == page))
        for page in {form.page for form in forms}
    }
    taken, written = [], 0
    for form in forms:
        answer, plain = sent(client, form, {}, before)
        # A page that tells the effect first shows its form once more, with a yes in it.
        again = [
            found for found in read(answer, form.action).forms if found.page == form.page and found.names - form.names
        ]
        for last in again or [form]:
            expected = alike(before, plain if last is form else sent(client, last, {}, before)[1])
            written += bool(expected)
            kept = asked[form.page] | last.names
            for more in extra:
                unasked = {name: value for name, value in more.items() if name not in kept}
                found = alike(before, sent(client, last, unasked, before)[1])
                if found != expected:
                    taken.append(
                        (form.page, {name: rows for name, rows in found.items() if rows != expected.get(name)})
                    )
    assert taken == []
    assert written >= MOST_OFTEN or role is not Role.COO
