"""Everything about one pupil at one school, from every table in privacy.pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from attendance.models import Pupil
from thuiszitters.accounts.digests import digest_of
from thuiszitters.accounts.dutch_dates import LONG_MONTHS
from thuiszitters.accounts.models import School, User
from thuiszitters.privacy.pieces import LABELS, SECTIONS, SOURCES, Scope, Source
from thuiszitters.privacy.pieces.kept_words import CHOICES, NAMES


@dataclass(frozen=True)
class Value:
    """`value` as JSON gives it, `shown` as people read it."""

    name: str
    label: str
    value: Any
    shown: str


@dataclass(frozen=True)
class FreeText:
    """A text that somebody wrote, and that may name others. `digest` recognises it."""

    name: str
    label: str
    text: str
    digest: str


@dataclass(frozen=True)
class Row:
    """One row of a table. `when`: its date, for telling rows apart."""

    source: Source
    values: tuple[Value, ...]
    texts: tuple[FreeText, ...]


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: tuple[Row, ...]


def gather(pupil: Pupil, school: School) -> list[Section]:
    """What the school has of this pupil, by section. A fixed number of queries: some per table."""
    scope = Scope.of(pupil, school)
    rows: dict[str, list[Row]] = {key: [] for key in SECTIONS}
    people = dict(User.objects.values_list("code", "name"))
    for source in SOURCES:
        rows[source.section] += rows_of(source, scope, people)
    return [Section(key, title, tuple(rows[key])) for key, title in SECTIONS.items()]


def rows_of(source: Source, scope: Scope, people: dict[UUID, str]) -> Iterator[Row]:
    """The rows of one table. `people`: names by code, for who is known by that alone."""
    model = apps.get_model(source.model)
    mine = {"pk": scope.pupil.pk, "subject": scope.pupil.code}.get(source.pupil, scope.pupil)
    related = [path.replace(".", "__") for path in source.values if is_relation(model, path)]
    related += [path.split(".")[0] for path in (*source.values, *source.texts) if "." in path]
    found = model._default_manager.filter(source.rows(scope), **{source.pupil: mine})  # noqa: SLF001 - Django's name
    if related:
        found = found.select_related(*dict.fromkeys(related))
    for row in found.order_by(*source.order, "pk"):
        values = [value_of(source, row, path, people) for path in source.values]
        texts = [text_of(source, row, path) for path in source.texts]
        yield Row(source, tuple(one for one in values if one.shown), tuple(one for one in texts if one.text))


def field_of(model: type[models.Model], path: str) -> models.Field[Any, Any]:
    first, _, rest = path.partition(".")
    found: Any = model._meta.get_field(first)  # noqa: SLF001 - Django's name
    return field_of(found.related_model, rest) if rest else found


def is_relation(model: type[models.Model], path: str) -> bool:
    return bool(field_of(model, path).is_relation)


def label_of(source: Source, path: str) -> str:
    """What a reader calls this column."""
    if path in source.labels:
        return source.labels[path]
    found = field_of(apps.get_model(source.model), path)
    own = str(found.verbose_name)
    # Django makes up a name from that of the column; ours stand in LABELS.
    return LABELS.get(path, own) if own == found.name.replace("_", " ") else own


def value_of(source: Source, row: models.Model, path: str, people: dict[UUID, str]) -> Value:
    owner, _, last = path.rpartition(".")
    holder: Any = getattr(row, owner) if owner else row
    raw = getattr(holder, last)
    display = getattr(holder, f"get_{last}_display", None)
    label = label_of(source, path)
    if isinstance(raw, models.Model):
        return Value(path, label, str(raw), str(raw))
    if isinstance(raw, UUID):
        name = people.get(raw, "iemand die hier niet meer werkt")
        return Value(path, label, name, name)
    if display is not None and raw not in {None, ""}:
        return Value(path, label, raw, str(display()))
    return Value(path, label, plain(raw), in_words(raw))


def text_of(source: Source, row: models.Model, path: str) -> FreeText:
    owner, _, last = path.rpartition(".")
    raw = getattr(getattr(row, owner) if owner else row, last)
    text = "\n".join(lines(raw)) if isinstance(raw, dict | list) else str(raw or "")
    return FreeText(path, label_of(source, path), text, digest_of(text, "privacy.text"))


def plain(raw: Any) -> Any:
    """As JSON holds it; moments in Dutch time with their offset."""
    if isinstance(raw, datetime):
        return timezone.localtime(raw).isoformat(timespec="seconds")
    return raw.isoformat() if isinstance(raw, date) else raw


def in_words(raw: Any) -> str:
    """As a parent reads it; empty for what is not there."""
    if raw is None or raw == "":
        return ""
    if isinstance(raw, bool):
        return "ja" if raw else "nee"
    if isinstance(raw, datetime):
        local = timezone.localtime(raw)
        return f"{date_in_words(local.date())} om {local:%H:%M} uur"
    if isinstance(raw, date):
        return date_in_words(raw)
    if isinstance(raw, dict | list):
        return "\n".join(lines(raw))
    return str(raw)


def date_in_words(day: date) -> str:
    """3 november 2026."""
    return f"{day.day} {LONG_MONTHS[day.month - 1]} {day.year}"


def lines(raw: Any) -> list[str]:
    """Kept lists (dates that counted, what was reported) a line an item."""
    if isinstance(raw, dict):
        told = {key: _kept(key, value) for key, value in raw.items()}
        return [f"{NAMES.get(key, key)}: {text}" for key, text in told.items() if text]
    found = []
    for item in raw:
        cells = item if isinstance(item, list) else [item]
        words = [_cell(cell) for cell in cells]
        found.append(", ".join(word for word in words if word))
    return found


def _kept(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(line for line in lines(value) if line)
    if isinstance(value, str):
        return CHOICES.get(key, {}).get(value) or _cell(value)
    return in_words(value)


def _cell(cell: Any) -> str:
    if isinstance(cell, str):
        try:
            return date_in_words(date.fromisoformat(cell))
        except ValueError:
            return cell
    return "" if cell is None or cell is False else in_words(cell)
