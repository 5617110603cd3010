"""An entry of the log as a line on the page of the privacy officer, and in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from thuiszitters.accounts.listings.log_words import COLUMNS, EMPTY, called, codes_in, plain
from thuiszitters.accounts.listings.reads import SHORT, names_of
from thuiszitters.accounts.models import User
from thuiszitters.audit.changes import CHANGED, audited_models, fields_of, name_of
from thuiszitters.audit.models import Entry

NOBODY = "de applicatie"
UNKNOWN = "iemand die hier niet meer bekend is"
HEADER = ("wanneer", "wie", "soort", "wat", "leerling", "waarom", "bijzonderheden", "verzoek")


@dataclass(frozen=True)
class Line:
    """`pupil`: the short code, empty if it is about none. `details` in words, a part for each thing that is known."""

    at: datetime
    who: str
    kind: str
    is_alert: bool
    what: str
    pupil: str
    why: str
    details: list[str]
    request_id: str

    def cells(self) -> tuple[str, ...]:
        """As a row of a file, under HEADER."""
        local = timezone.localtime(self.at)
        details = "; ".join(self.details)
        return (
            local.strftime("%Y-%m-%d %H:%M:%S"),
            self.who,
            self.kind,
            self.what,
            self.pupil,
            self.why,
            details,
            self.request_id,
        )


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """These entries with the names of who did it and of whom it tells, in two queries."""
    rows = list(entries)
    names = names_of({*(row.actor for row in rows), *codes_in([row.detail for row in rows])})
    people = people_named_in(rows)
    return [
        Line(
            at=row.at,
            who=names.get(row.actor, UNKNOWN) if row.actor else NOBODY,
            kind=row.get_kind_display(),
            is_alert=row.kind == "opvallend",
            what=called(row.what),
            pupil=row.subject.hex[:SHORT] if row.subject else "",
            why=row.why,
            details=in_words(row, people, names),
            request_id=row.request_id,
        )
        for row in rows
    ]


def people_named_in(rows: Iterable[Entry]) -> dict[int, str]:
    """The names of the users that old and new values of these entries point at."""
    keys = {
        value
        for row in rows
        for name, values in row.detail.get("velden", {}).items()
        if name in columns_of(row.what).people and values != CHANGED
        for value in values
        if isinstance(value, int)
    }
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))


def in_words(entry: Entry, people: Mapping[int, str], names: Mapping[UUID | None, str]) -> list[str]:
    """What `detail` says: "van: 14 → 15", "achternaam: gewijzigd", "rijen: 12"."""
    said = dict(entry.detail)
    deed = str(said.pop("daad", ""))
    words = [deed] if deed else []
    columns = columns_of(entry.what)
    for name, values in dict(said.pop("velden", {})).items():
        label = columns.labels.get(name, name)
        if name == "pupil":  # that is the code on the line
            continue
        if values == CHANGED:
            words += [f"{label}: {CHANGED}"] if deed == Entry.Action.UPDATE.label else []
            continue
        said_by: Mapping[Any, str] = people if name in columns.people else columns.choices.get(name, {})
        old, new = (
            plain(said_by.get(value, value) if isinstance(value, (int, str)) else value, names) for value in values
        )
        if deed == Entry.Action.CREATE.label and new == EMPTY:
            continue
        once = {Entry.Action.CREATE.label: new, Entry.Action.DELETE.label: old}.get(deed, f"{old} → {new}")
        words.append(f"{label}: {once}")
    return words + [f"{name}: {plain(value, names)}" for name, value in said.items()]


@dataclass(frozen=True)
class Columns:
    """What people call the columns of a table and their choices, and which of them point at a user."""

    labels: dict[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    choices: dict[str, dict[Any, str]] = field(default_factory=dict)


@cache
def columns_of(what: str) -> Columns:
    """Those of the table that the log calls `what`; none if it is no table."""
    for model in audited_models():
        if name_of(model) == what:
            fields = fields_of(model)
            people = frozenset(column.name for column in fields if column.related_model is User)
            labels = {column.name: label_of(column) for column in fields}
            choices = {column.name: dict(column.flatchoices) for column in fields if column.choices}
            return Columns(labels, people, choices)
    return Columns()


def label_of(column: models.Field[Any, Any]) -> str:
    """Its own name; one without a name of its own has that of the code, which is no Dutch."""
    own = str(column.verbose_name)
    return COLUMNS.get(column.name, own) if own == column.name.replace("_", " ") else own
