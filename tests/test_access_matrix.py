"""The matrix of the code is the one that was written by hand; the docs are made of it, and the pages honour it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence, LessonMark, Reason
from cases.models import LogEntry, ParentsInformed, Signal, Step
from cases.services.log import write_note
from cases.services.reports import ask_school
from tables.models import PhaseChange
from tests import factories
from tests.access_matrix import COLUMNS, cells
from tests.access_table import lesson
from tests.access_world import TODAY, World
from thuiszitters.accounts.access_docs import access_page
from thuiszitters.accounts.data_classes import MEANS, NOT_YET, ROADS, DataClass, Scope, scopes_of
from thuiszitters.accounts.roles import Role


def test_every_cell_was_thought_about() -> None:
    by_hand = cells()

    assert set(by_hand) == {(one, role) for one in DataClass for role in Role}
    assert set(COLUMNS) == set(Role)
    assert {cell: (None if cell[0] in NOT_YET else scopes_of(cell[1], cell[0])) for cell in by_hand} == by_hand


def test_the_docs_are_the_matrix() -> None:
    """Run `manage.py write_access_table` after a change."""
    path = Path(settings.BASE_DIR) / "docs" / "toegang.md"

    assert path.read_text(encoding="utf-8") == access_page()
    assert (set(MEANS), set(ROADS)) == (set(DataClass), set(Scope))


def test_the_command_writes_the_docs(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()

    call_command("write_access_table", verbosity=0)

    assert (tmp_path / "docs" / "toegang.md").read_text(encoding="utf-8") == access_page()


def pupil(world: World) -> dict[str, Any]:
    return {"code": world.pupil.code}


def case(world: World) -> dict[str, Any]:
    return {"code": world.case.code}


def report(world: World) -> dict[str, Any]:
    return {"code": world.report_sent.code}


def entry(world: World) -> dict[str, Any]:
    return {"code": world.entry.code}


def alert(world: World) -> dict[str, Any]:
    return {"code": world.alert.code}


def nothing(_: World) -> dict[str, Any]:
    return {}


PUPIL_PAGES = (
    ("attendance:pupil_detail", pupil),
    ("attendance:absence_history", pupil),
    ("attendance:pupil_attendance", pupil),
)
CASE_PAGES = (("cases:case_detail", case), ("cases:case_log", case), ("cases:case_reports", case))
TABLE_PAGES = (("tables:board", nothing), ("tables:entry_detail", entry))
REPORT_PAGES = (("cases:report_detail", report), ("cases:report_received", report), ("cases:inbox", nothing))
EVERYWHERE = (
    *PUPIL_PAGES,
    *CASE_PAGES,
    *TABLE_PAGES,
    *REPORT_PAGES,
    ("attendance:lesson_take", lesson),
    ("attendance:arrangements", pupil),
    ("privacy:who_can_see", pupil),
    ("privacy:for_parents", pupil),
    ("cases:step_list", nothing),
    ("cases:signal_list", nothing),
    ("cases:meeting_list", nothing),
    ("accounts:read_log", nothing),
    ("privacy:alert_list", nothing),
    ("privacy:alert_detail", alert),
)

TOLD = (str, int, float, date)

TRACES = {
    DataClass.IDENTITY: ("Zeldzaamnaam",),
    # As it stands with a record: the bare words are also among those that everybody chooses from.
    DataClass.REASONS: ("zeldzame griep", "Zeldzame griep,", ">Zeldzame griep</td>"),
    DataClass.SCHOOL_REASONS: ("Zeldzame ruzie", "Tandarts in Verweg", "zeldzame ruzie"),
    DataClass.PLAN: ("Bel de zeldzame oom", "Zeldzame reden van de fase"),
    DataClass.CARE_NOTES: ("Zeldzame notitie", "Zeldzame uitkomst", "Zeldzaam antwoord", "Zeldzaam waarom niet"),
    DataClass.REPORTS: ("Zeldzame toelichting", "Zeldzame vraag"),
    DataClass.CONTACT: ("06-99999999", "Zeldzame weg 1"),
}


def leave_traces(world: World) -> None:
    """Something of each class that is recognised wherever it turns up. The first open step stands on the table as well:
    it belongs to the row there."""
    type(world.pupil).objects.filter(pk=world.pupil.pk).update(surname="Zeldzaamnaam")
    Reason.objects.filter(school=None, code="ziek").update(label="Zeldzame griep")
    factories.absence(world.pupil, date(2026, 1, 7), date(2026, 1, 7))
    suspended = factories.reason("schorsing")
    own = Reason.objects.create(school=world.school, code="ZR", label="Zeldzame ruzie", maps_to=suspended)
    record = factories.absence(world.pupil, date(2026, 1, 12))
    Absence.objects.filter(pk=record.pk).update(reason=own)
    record.versions.create(first=record.first, reason=suspended, why="Tandarts in Verweg")
    coo = factories.member(Role.COO, world.school)
    LessonMark.objects.create(
        pupil=world.pupil,
        group=world.group,
        day=TODAY,
        lesson=1,
        seen="afwezig",
        reason=own,
        marked_by=factories.user(),
    )
    write_note(case=world.case, text="Zeldzame notitie", day=TODAY, by=coo)
    for number, title in enumerate(("De volgende stap", "Bel de zeldzame oom")):
        due = TODAY + timedelta(days=number)
        Step.objects.create(case=world.case, kind=f"z{number}", title=title, role=Role.COO, due_on=due)
    Step.objects.create(
        case=world.case,
        kind="klaar",
        title="Klaar",
        role=Role.COO,
        due_on=TODAY,
        done_at=timezone.now(),
        done_by=coo,
        outcome="Zeldzame uitkomst",
    )
    Signal.objects.filter(pk=world.signal.pk).update(
        case=world.case,
        answer=Signal.Answer.SEEN,
        answer_text="Zeldzaam antwoord",
        answered_at=timezone.now(),
        answered_by=coo,
    )
    draft = world.draft
    draft.school_actions, draft.contact_phone, draft.other_address = (
        "Zeldzame toelichting",
        "06-99999999",
        "Zeldzame weg 1",
    )
    draft.save()
    assert world.report_sent.pk
    ask_school(report=world.report_sent, text="Zeldzame vraag", by=world.somebody(Role.LEERPLICHT))
    PhaseChange.objects.create(
        entry=world.entry, phase=world.entry.case.phase, reason="Zeldzame reden van de fase", day=TODAY, by=coo
    )
    informed = world.entry.informed
    assert informed is not None
    ParentsInformed.objects.filter(pk=informed.pk).update(
        informed_on=None, informed_by="", how="", why_not="Zeldzaam waarom niet"
    )


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(TODAY, tick=False):
        made = World()
        leave_traces(made)
        yield made


def told(client: Client, world: World, role: Role) -> str:
    """All that somebody with this role is told on all pages that let them in: what is sent, and what the templates were
    given, written out."""
    client.force_login(world.somebody(role))
    found = []
    for name, address in EVERYWHERE:
        answer = client.get(reverse(name, kwargs=address(world)))
        if answer.status_code == 200:
            found.append(answer.content.decode())
            found += [written_out(value) for layer in answer.context or () for value in values_of(layer)]
    return "\n".join(found)


def values_of(layer: Any) -> list[Any]:
    """What a view or a part of the page put into the context of a template."""
    return [value for part in layer.dicts for value in part.values()]


def written_out(value: Any, depth: int = 5) -> str:
    """A value with what hangs on it and is in memory already: rows with their fields, forms, lists, dataclasses."""
    return (
        str(value)
        if isinstance(value, TOLD)
        else "\n".join(written_out(part, depth - 1) for part in parts(value, depth))
    )


def parts(value: Any, depth: int) -> Iterable[Any]:
    """What hangs on a value; nothing on what is not shown, or too far away."""
    if depth == 0:
        return ()
    if isinstance(value, QuerySet | list | tuple | set | frozenset):
        return value
    if isinstance(value, Model):
        return [*value.__dict__.values(), *value._state.fields_cache.values()]
    if is_dataclass(value):
        return [getattr(value, part.name) for part in fields(value)]
    found = value if isinstance(value, Mapping) else value.__dict__ if isinstance(value, BaseForm | Page) else {}
    return found.values()


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_pages_tell_a_role_what_its_cells_say_and_no_more(world: World, client: Client, role: Role) -> None:
    text = told(client, world, role)

    leaks = [
        (one, trace) for one, traces in TRACES.items() for trace in traces if not scopes_of(role, one) and trace in text
    ]
    assert leaks == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BEHEERDER])
def test_what_a_cell_opens_is_to_be_read_somewhere(world: World, client: Client, role: Role) -> None:
    """So that the test of leaks looks at pages that hold something."""
    text = told(client, world, role)

    missing = [one for one, traces in TRACES.items() if scopes_of(role, one) and traces[0] not in text]
    assert missing == []


@pytest.mark.django_db
def test_a_log_line_is_for_who_reads_the_log(world: World, client: Client) -> None:
    assert "Zeldzame notitie" in [row.text for row in LogEntry.objects.all()]
    for role in (Role.JEUGDARTS, Role.ADMINISTRATIE, Role.SWV, Role.LEERPLICHT):
        client.force_login(world.somebody(role))
        assert client.get(reverse("cases:case_log", kwargs=case(world))).status_code == 403
