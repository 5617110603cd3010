"""What of each table goes along in an inspection, and what somebody reads first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db.models import CharField, ForeignKey, JSONField, Model, TextField

from attendance.models import Pupil
from tests.access_world import TODAY, World
from tests.pages import is_own
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.pieces import ALWAYS_LEFT_OUT, LABELS, LEFT_OUT, SECTIONS, SOURCES
from thuiszitters.privacy.services.gathering import field_of, gather, label_of

pytestmark = pytest.mark.django_db
SECRET = "Fatima Verhoeven sloeg hem"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def models_about_a_pupil() -> set[str]:
    """Tables with a way to a pupil along foreign keys, and those that know one by code."""
    found: set[type[Model]] = {Pupil}
    everything = [model for model in apps.get_models() if is_own(model.__module__)]
    while True:
        more = {
            model
            for model in everything
            for field in model._meta.get_fields()
            if isinstance(field, ForeignKey) and field.related_model in found
        } - found
        if not more:
            break
        found |= more
    by_code = {model for model in everything for field in model._meta.get_fields() if field.name == "subject"}
    return {model._meta.label for model in found | by_code}


def test_every_table_about_a_pupil_is_given_or_left_out_with_a_reason() -> None:
    """A new table: add a Source to thuiszitters/privacy/pieces, or a line with a reason to LEFT_OUT."""
    given = {source.model for source in SOURCES}

    assert models_about_a_pupil() - given - set(LEFT_OUT) == set()
    assert given & set(LEFT_OUT) == set()


@pytest.mark.parametrize("source", [pytest.param(source, id=source.model) for source in SOURCES])
def test_every_column_is_given_or_left_out_with_a_reason(source: Any) -> None:
    """And what is given has a Dutch name."""
    columns = {field.name for field in apps.get_model(source.model)._meta.concrete_fields}
    named = {path.split(".")[0] for path in (*source.values, *source.texts)}

    assert columns - named - set(source.hidden) - ALWAYS_LEFT_OUT == set()
    assert source.section in SECTIONS
    own = {field.name: str(field.verbose_name) for field in apps.get_model(source.model)._meta.concrete_fields}
    made_up = {name for name, label in own.items() if label == name.replace("_", " ")}
    assert made_up & named - set(LABELS) - {"meeting"} == set()
    assert all(label_of(source, path) for path in (*source.values, *source.texts))


MADE_BY_A_PROGRAM_OR_A_LIST = {
    "attendance.Pupil": {"number", "first_name", "prefix", "surname"},
    "attendance.WaitingRow": {"refusal"},
    "attendance.Exemption": {"kind"},
    "attendance.Crossing": {"norm_text", "evidence", "cause", "withdrawn_cause"},
    "attendance.CrossingChange": {"cause"},
    "cases.Report": {"specification", "reporter_name", "reporter_role", "duo_number", "contact_name"},
    "audit.Entry": {"what"},
}
"""Texts that go along unread: who the pupil is, what the application wrote, who did their work."""


def test_what_somebody_typed_goes_along_only_after_it_was_judged() -> None:
    """A new text: put it among the `texts` of its Source. One that nobody can type freely: in the list above."""
    typed: dict[str, set[str]] = {}
    for source in SOURCES:
        if source.title == "Wie keek":
            continue  # `why` is there the ground that the application found
        for path in source.values:
            column = field_of(apps.get_model(source.model), path)
            if isinstance(column, CharField | TextField | JSONField) and not column.choices:
                typed.setdefault(source.model, set()).add(path)

    assert typed == MADE_BY_A_PROGRAM_OR_A_LIST


def test_the_reason_of_a_look_goes_along_and_what_somebody_typed_is_judged_first() -> None:
    world = World()
    record(Kind.READ, "dossier", subject=world.pupil.code, why="mentor van 2a")
    record(Kind.REVEAL, "persoonsgebonden nummer", subject=world.pupil.code, why=SECRET)
    meeting = world.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(place="Thuis bij Yusuf")
    rows = [row for section in gather(world.pupil, world.school) for row in section.rows]

    values = {value.value for row in rows for value in row.values if isinstance(value.value, str)}
    texts = {text.text for row in rows for text in row.texts}

    assert "mentor van 2a" in values
    assert {SECRET, "Thuis bij Yusuf"} <= texts
    assert not {SECRET, "Thuis bij Yusuf"} & values
