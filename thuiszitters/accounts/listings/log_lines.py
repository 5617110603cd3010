"""An entry of the log as a line on the page of the privacy officer, and in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils import timezone

from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.listings.reads import SHORT, names_of
from thuiszitters.accounts.models import User
from thuiszitters.audit.changes import CHANGED, audited_models, fields_of, name_of
from thuiszitters.audit.models import Entry

NOBODY = "de applicatie"
EMPTY = "leeg"
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
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
    names = names_of(row.actor for row in rows)
    people = people_named_in(rows)
    return [
        Line(
            at=row.at,
            who=names.get(row.actor, UNKNOWN) if row.actor else NOBODY,
            kind=row.get_kind_display(),
            is_alert=row.kind == "opvallend",
            what=row.what,
            pupil=row.subject.hex[:SHORT] if row.subject else "",
            why=row.why,
            details=in_words(row, people),
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


def in_words(entry: Entry, people: Mapping[int, str]) -> list[str]:
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
        old, new = (plain(people.get(value, value) if name in columns.people else value) for value in values)
        if deed == Entry.Action.CREATE.label and new == EMPTY:
            continue
        once = {Entry.Action.CREATE.label: new, Entry.Action.DELETE.label: old}.get(deed, f"{old} → {new}")
        words.append(f"{label}: {once}")
    return words + [f"{name}: {plain(value)}" for name, value in said.items()]


def plain(value: Any) -> str:
    """A value as people write it; a date came as text, since it was kept so."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        return full_date(date.fromisoformat(value))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class Columns:
    """What people call the columns of a table, and which of them point at a user."""

    labels: dict[str, str]
    people: frozenset[str]


@cache
def columns_of(what: str) -> Columns:
    """Those of the table that the log calls `what`; none if it is no table."""
    for model in audited_models():
        if name_of(model) == what:
            fields = fields_of(model)
            people = frozenset(field.name for field in fields if field.related_model is User)
            return Columns({field.name: str(field.verbose_name) for field in fields}, people)
    return Columns({}, frozenset())
