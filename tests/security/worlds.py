"""Two schools that have nothing to do with each other, with something of every kind at each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey, Model, Q
from django.test import Client

from attendance.models import Pupil
from tests.access_world import World
from tests.security.rows import Stored, keys, stored
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

MARK = "Zzyqwaard"
"""A name that nobody has but the pupils and people of the other school."""
MOVES_THE_FILE = frozenset({"hand_over"})
"""With this the case of a world lies at another school."""


def filled(world: World, without: frozenset[str] = MOVES_THE_FILE) -> World:
    """The same world, with every kind of row that it can have."""
    for name, found in vars(World).items():
        if isinstance(found, cached_property) and name not in without:
            getattr(world, name)
    for role in Role:
        world.somebody(role)
    return world


@dataclass
class Other:
    """The rows of another school, and everything that an address or a form could call them by."""

    rows: dict[type[Model], set[Any]]
    codes: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    @classmethod
    def made(cls) -> Other:
        before = keys(stored())
        filled(World(), frozenset())
        new = {model: found - before[model] for model, found in keys(stored()).items()}
        Pupil.objects.filter(pk__in=new[Pupil]).update(
            first_name=MARK, surname=MARK, surname_key=MARK.lower(), number=MARK
        )
        # Whoever works for many schools, as a jeugdarts does, may be known to all of them.
        here = Q(memberships__school__isnull=False) | Q(memberships__alliance__isnull=False)
        people = User.objects.filter(here, pk__in=new[User]).values_list("pk", flat=True)
        User.objects.filter(pk__in=list(people)).update(name=MARK)
        rows = stored()
        # One of each kind: the first row of a model, by each column that holds a code.
        codes = {
            name: str(value)
            for model, found in new.items()
            for pk in sorted(found, key=str, reverse=True)
            for column, value in rows[model][pk].items()
            if isinstance(value, UUID) and (name := f"{model.__name__}.{column}")
        }
        numbers = {model.__name__: str(max(found, key=str)) for model, found in new.items() if found}
        return cls(new, list(dict.fromkeys(codes.values())), list(dict.fromkeys(numbers.values())))

    def pointed_at(self, rows: Stored) -> list[str]:
        """Rows that are not of this school and yet refer to one of its rows."""
        return [
            f"{model.__name__}.{field.name}"
            for model, found in rows.items()
            for field in model._meta.concrete_fields
            if isinstance(field, ForeignKey) and field.related_model in self.rows
            for pk, row in found.items()
            if pk not in self.rows[model] and row[field.attname] in self.rows[field.related_model]
        ]


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client
