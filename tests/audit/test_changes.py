"""What a change leaves in the log: old and new, who, of which pupil, and nothing of names and notes."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Field
from django.test import RequestFactory

from attendance.models import Absence, Pupil
from cases.models import Case, Signal, Step
from cases.services.cases import open_case
from tests import factories
from thuiszitters.accounts.listings.log_lines import lines_of
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.changes import SILENT, audited_models, fields_of
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.origin import Origin, RequestUser, acting
from thuiszitters.audit.services import bulk_changes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


def entries(what: str) -> list[Entry]:
    return list(Entry.objects.filter(what=what).order_by("pk"))


def test_what_is_saved_is_logged_with_old_and_new() -> None:
    absence = factories.absence(factories.pupil(factories.school()), TODAY)
    absence.last = date(2026, 1, 16)
    absence.save()

    made, changed = entries("verzuim")

    assert made.detail["daad"] == "nieuw"
    assert (made.subject, made.row) == (absence.pupil.code, str(absence.code))
    assert changed.detail == {
        "daad": "gewijzigd",
        "velden": {"last": [None, "2026-01-16"]},
    }


def test_a_name_is_only_said_to_have_changed() -> None:
    pupil = factories.pupil(factories.school(), first_name="Bijzondernaam")
    pupil.first_name, pupil.years_before = "Anderenaam", 2
    pupil.save()

    logged = entries("leerling")[-1]

    assert logged.detail["velden"] == {"first_name": "gewijzigd", "years_before": [pupil_default(), 2]}
    assert not any("naam" in str(entry.detail) for entry in Entry.objects.all())


def pupil_default() -> object:
    return Pupil._meta.get_field("years_before").get_default()


def test_removing_is_logged_also_by_the_queryset() -> None:
    absence = factories.absence(factories.pupil(factories.school()), TODAY)
    Absence.objects.filter(pk=absence.pk).delete()

    assert entries("verzuim")[-1].detail["daad"] == "verwijderd"


def test_nothing_changed_is_no_entry() -> None:
    absence = factories.absence(factories.pupil(factories.school()), TODAY)
    absence.save()

    assert len(entries("verzuim")) == 1


def test_who_and_which_click_is_logged() -> None:
    person = factories.member(Role.COO, factories.school())
    request = RequestFactory().get("/")
    request.user = person
    with acting(Origin("een-klik", RequestUser(request))):
        factories.absence(factories.pupil(factories.school()), TODAY)

    assert {(row.actor, row.request_id) for row in entries("verzuim")} == {(person.code, "een-klik")}


def test_rights_are_a_kind_of_their_own() -> None:
    person = factories.member(Role.COO, factories.school())
    Membership.objects.get(user=person).delete()

    kinds = Entry.objects.filter(what="aanstelling").values_list("kind", "detail__daad")
    assert sorted(kinds) == [(Kind.RIGHTS, "nieuw"), (Kind.RIGHTS, "verwijderd")]


def test_changing_many_at_once_is_an_entry_each() -> None:
    pupils = [factories.pupil(factories.school()) for _ in range(3)]
    cases = [open_case(pupil=pupil, today=TODAY)[0] for pupil in pupils]
    before = Entry.objects.count()

    hit = bulk_changes.update(Case.objects.filter(pk__in=[case.pk for case in cases[:2]]), phase="dreigend")

    found = list(Entry.objects.order_by("pk")[before:])
    assert hit == 2
    assert {row.subject for row in found} == {pupil.code for pupil in pupils[:2]}
    assert [row.detail["velden"]["phase"][1] for row in found] == ["dreigend"] * 2


def test_of_a_note_written_at_once_the_text_is_not_logged() -> None:
    case = open_case(pupil=factories.pupil(factories.school()), today=TODAY)[0]

    bulk_changes.update(Case.objects.filter(pk=case.pk), closed_reason="iets geheims")

    assert entries("dossier")[-1].detail["velden"] == {"closed_reason": "gewijzigd"}


def test_a_condition_that_nobody_meets_changes_and_logs_nothing() -> None:
    before = Entry.objects.count()

    assert bulk_changes.update(Step.objects.filter(done_at__isnull=True), dropped=True) == 0
    assert bulk_changes.update(Signal.objects.filter(pk=-1), answer="x") == 0
    assert Entry.objects.count() == before


def test_made_at_once_is_logged_too() -> None:
    pupil = factories.pupil(factories.school())
    row = factories.absence(pupil, TODAY)
    before = Entry.objects.count()

    bulk_changes.note_made([row])

    (made,) = Entry.objects.order_by("pk")[before:]
    assert made.detail["velden"]["first"] == [None, "2026-01-14"]
    assert made.subject == pupil.code


def test_what_is_gathered_is_written_together_or_not_at_all() -> None:
    pupil = factories.pupil(factories.school())
    before = Entry.objects.count()
    with bulk_changes.gathering():
        with bulk_changes.gathering():
            factories.absence(pupil, TODAY)
        assert Entry.objects.count() == before
    assert Entry.objects.count() == before + 1

    with pytest.raises(DatabaseError), transaction.atomic(), bulk_changes.gathering():
        factories.absence(pupil, date(2026, 1, 20), date(2026, 1, 19))
    assert Entry.objects.count() == before + 1


def test_a_line_names_people_and_says_what_is_new() -> None:
    person = factories.member(Role.COO, factories.school())
    line = lines_of(entries("aanstelling"))[-1]

    assert line.details[0] == "nieuw"
    assert f"gebruiker: {person.name}" in line.details


# ------------------------------------------------------------------------------------------- the lists


def is_free_text(field: Field) -> bool:
    """Whether somebody may have typed anything into it."""
    return field.get_internal_type() in {"TextField", "EmailField"} or type(field).__name__.startswith("Encrypted")


def test_every_column_of_a_logged_table_was_thought_of() -> None:
    wrong = {}
    for model, audited in audited_models().items():
        names = {field.name for field in fields_of(model)} - SILENT
        said = audited.shown | audited.hidden | audited.left
        if names ^ (said - SILENT):
            wrong[model.__name__] = names ^ (said - SILENT)
    assert wrong == {}


NOT_LOGGED = {
    "own history: each row says who did it and when, and stays": {
        "AbsenceVersion",
        "AccessRequest",
        "ArrangementChange",
        "CrossingChange",
        "Departure",
        "EmergencyAccess",
        "GroupAbsence",
        "ImportChange",
        "Judgement",
        "LessonMark",
        "LessonTaken",
        "LogEntry",
        "PhaseChange",
        "RegisterTaken",
        "ReportEvent",
        "RunItem",
        "Tombstone",
    },
    "computed from other tables": {
        "Alert",
        "Crossing",
        "KeptCount",
        "PastGroup",
        "PupilClock",
        "PushedAbsence",
        "SettledAbsence",
    },
    "part of a row that is logged": {"MeetingCase", "MeetingGuest"},
    "a file that waits for some days": {"ColumnMapping", "FilePart", "FileUpload", "RefusedLine", "WaitingRow"},
    "that mail was sent; the mail is logged": {"AccessNotice", "RegisterReminder"},
}
"""Tables of which changes are not logged, by why that is right."""


def test_every_table_is_logged_or_has_a_reason_not_to_be() -> None:
    """A new table: name its columns in audited.py of its app, or say here why its changes need no log."""
    apart = set().union(*NOT_LOGGED.values())
    silent = {
        model.__name__
        for label in ("accounts", "attendance", "cases", "tables", "privacy")
        for model in apps.get_app_config(label).get_models()
        if model not in audited_models()
    }
    assert silent - apart == set()


def test_no_value_of_a_note_or_of_an_encrypted_column_is_shown() -> None:
    shown = {
        f"{model.__name__}.{field.name}"
        for model, audited in audited_models().items()
        for field in fields_of(model)
        if field.name in audited.shown and is_free_text(field)
    }
    assert shown == set()


def test_nothing_by_which_somebody_is_known_is_shown() -> None:
    for name in ("name", "email", "phone", "password"):
        assert name in audited_models()[User].hidden
    for name in ("number", "first_name", "prefix", "surname", "birth_date"):
        assert name in audited_models()[Pupil].hidden
