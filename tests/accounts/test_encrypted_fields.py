"""Fields of which the database holds tokens: what may be asked of them, and the way there and back."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection

from attendance.models import OwnTimetable
from cases.models import LogEntry, Report
from tests import factories
from tests.access_world import World
from thuiszitters.accounts.encryption import decrypt
from thuiszitters.accounts.stored_tokens import is_token, replace_stored, stored_rows

pytestmark = pytest.mark.django_db
FACTS = {"kind": "16_uur", "other_address": "Elders 1", "specification": [["2026-01-05", 300, None, "ziek"]]}


def held(table: str, column: str) -> str:
    """What the database itself holds, of the only row."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - names of this test
        (row,) = cursor.fetchall()
    return str(row[0])


def test_the_database_holds_no_readable_text() -> None:
    world = World()
    Report.objects.filter(pk=world.draft.pk).update(other_address="Elders 1", sent_facts=FACTS)

    for column in ("other_address", "sent_facts"):
        assert "Elders" not in held("cases_report", column)
        assert is_token(held("cases_report", column))
    found = Report.objects.get()
    assert (found.other_address, found.sent_facts, found.supposed_reason) == ("Elders 1", FACTS, "")
    assert held("cases_report", "supposed_reason") == ""


def test_only_whether_it_is_empty_can_be_asked() -> None:
    world = World()
    Report.objects.filter(pk=world.draft.pk).update(other_address="Elders 1")

    assert Report.objects.filter(supposed_reason="").count() == 1
    assert Report.objects.exclude(other_address="").count() == 1
    for asked in ({"other_address": "Elders 1"}, {"other_address__icontains": "elders"}, {"other_address__in": [""]}):
        with pytest.raises(FieldError, match="versleuteld"):
            Report.objects.filter(**asked).count()


@pytest.mark.parametrize(
    ("module", "model", "column"),
    [
        ("cases.migrations.0005_encrypt_texts", LogEntry, "text"),
        ("attendance.migrations.0013_encrypt_texts", OwnTimetable, "reason"),
    ],
)
def test_the_migration_encrypts_once_and_has_a_way_back(module: str, model: type, column: str) -> None:
    world = World()
    table = model._meta.db_table  # type: ignore[attr-defined]
    if model is LogEntry:
        world.case.log.all().delete()
        LogEntry.objects.create(case=world.case, kind="notitie", text="", day=date(2026, 1, 14))
    else:
        factories.own_timetable(world.pupil, factories.FULL_WEEK, date(2026, 1, 5))
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', ["Opgenomen."])  # noqa: S608 - names of this test
    migration = import_module(module)

    migration.encrypt_texts(apps, None)
    token = held(table, column)
    migration.encrypt_texts(apps, None)

    assert decrypt(token) == "Opgenomen."
    assert held(table, column) == token
    migration.decrypt_texts(apps, None)
    migration.decrypt_texts(apps, None)
    assert held(table, column) == "Opgenomen."


def test_what_somebody_wrote_meanwhile_is_not_overwritten() -> None:
    world = World()
    Report.objects.filter(pk=world.draft.pk).update(other_address="Elders 1")
    (row,) = stored_rows(Report.objects.all(), ["other_address", "question"])
    Report.objects.filter(pk=world.draft.pk).update(other_address="Elders 2")

    assert not replace_stored(Report.objects.all(), row["pk"], "other_address", row["other_address"], "anders")
    assert Report.objects.get().other_address == "Elders 2"
