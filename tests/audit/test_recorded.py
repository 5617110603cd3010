"""Each thing that leaves the house, is looked for or mailed stands in the log, at the one place where it happens."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.pages import OWN_PACKAGES
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

ROOT = Path(settings.BASE_DIR)


def functions() -> list[tuple[str, ast.FunctionDef]]:
    """Every function of the project, with where it stands."""
    found = []
    for package in OWN_PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                tree = ast.parse(path.read_text(), str(path))
                names = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
                found += [(f"{path.relative_to(ROOT)}:{node.name}", node) for node in names]
    return found


def gives_a_file(node: ast.FunctionDef) -> bool:
    text = ast.unparse(node)
    return "attachment; filename" in text or "as_attachment=True" in text


LOGGED_BELOW = {"thuiszitters/privacy/views/review.py:request_file": "make_file"}
"""Views whose file is logged by the service that makes it."""


def test_every_answer_that_is_a_file_is_logged() -> None:
    recorders = {node.name for _, node in functions() if "Kind.EXPORT" in ast.unparse(node)}
    silent = [
        place
        for place, node in functions()
        if gives_a_file(node) and node.name not in recorders and LOGGED_BELOW.get(place) not in recorders
    ]
    assert silent == []


WITHOUT_ENTRY = {
    "attendance/admin.py:confirm": "gemeenten bevestigen; staat in de geschiedenis van de inrichting",
    "attendance/services/api_tokens.py:token_of": "laatst gebruikt op; elk gebruik is een eigen regel",
    "attendance/services/access_notices.py:": "dat bericht gestuurd is; de mail is een eigen regel",
    "attendance/services/access_requests.py:lapse_requests": "een vraag vervalt vanzelf; AccessRequest bewaart wanneer",
    "attendance/services/destroying.py:": "vernietiging: een eigen regel en protocol",
    "attendance/services/emergencies.py:end_emergency": "EmergencyAccess bewaart wie wanneer beëindigde",
    "attendance/services/clocks.py:": "de telling: berekend",
    "attendance/services/crossings.py:": "signalen van de telling: berekend, met CrossingChange als geschiedenis",
    "attendance/services/marks.py:": "wie opnieuw geteld moet worden: berekend",
    "attendance/services/bulk_writes.py:": "rijen van bestanden en van de telling",
    "attendance/services/group_absences.py:take_back_group": "GroupAbsence en AbsenceVersion zijn zelf geschiedenis",
    "attendance/services/group_absences.py:record_group": "elke melding krijgt een regel met note_made",
    "attendance/services/leaving.py:release": "een vraag vervalt met het vertrek, dat zelf een regel is",
    "attendance/services/lessons.py:": "LessonMark bewaart elke vorige waarde met wie en wanneer",
    "attendance/services/register_reminders.py:": "wie herinnerd is; de mail is een eigen regel",
    "attendance/importing/": "een bestand is een regel met aantallen; ImportChange bewaart oud en nieuw per rij",
    "cases/services/destroying.py:": "vernietiging: een eigen regel en protocol",
    "cases/services/case_facts.py:": "velden die uit andere tabellen berekend zijn",
    "cases/services/log.py:": "laatste contact: berekend uit de regel die geschreven wordt",
    "cases/services/hand_overs.py:": "de school van open signalen gaat mee; de overdracht zelf is een regel",
    "cases/services/report_mail.py:": "dat gemaild is; de mail is een eigen regel",
    "cases/services/reminders.py:": "dat herinnerd is; de mail is een eigen regel",
    "cases/services/meeting_proposals.py:": "welke leerlingen op een voorgestelde afspraak staan: berekend",
    "cases/services/meetings.py:make_meeting": "gasten en leerlingen van een afspraak, die zelf een regel is",
    "cases/invitations.py:": "welke versie gemaild is; de mail is een eigen regel",
    "thuiszitters/accounts/services/sessions.py:": "sluit sessies; wie dat doet legt het vast",
    "thuiszitters/accounts/stored_tokens.py:": "dezelfde sleutel, opnieuw versleuteld",
    "thuiszitters/accounts/admin/people.py:get_urls": "eigenschappen van een functie, geen tabel",
    "thuiszitters/accounts/timeouts.py:": "schrijft een sessie in het geheugen, geen tabel",
    "thuiszitters/audit/": "het logboek zelf",
    "thuiszitters/demo/": "verzonnen gegevens",
    "thuiszitters/privacy/": "vernietiging, verzoeken en termijnen houden een eigen protocol bij",
}
"""Where rows are written in bulk without an entry for each, and why that is right."""


def writes_in_bulk(node: ast.FunctionDef) -> bool:
    """Whether it has a queryset write what django-auditlog does not see."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            if call.func.attr in {"bulk_create", "bulk_update", "_raw_delete"}:
                return True
            of_service = getattr(call.func.value, "id", "") == "bulk_changes"
            if call.func.attr == "update" and call.keywords and not call.args and not of_service:
                return True
    return False


def test_what_is_written_in_bulk_is_logged_or_has_a_reason_not_to() -> None:
    silent = [
        place
        for place, node in functions()
        if writes_in_bulk(node) and not any(place.startswith(known) for known in WITHOUT_ENTRY)
    ]
    assert silent == []


def test_no_reason_outlives_what_it_is_about() -> None:
    places = [place for place, node in functions() if writes_in_bulk(node)]

    unused = {known for known in WITHOUT_ENTRY if not any(place.startswith(known) for place in places)}
    assert unused - {"thuiszitters/privacy/"} == set()


@pytest.fixture
def school() -> School:
    return factories.school()


@pytest.mark.django_db
def test_a_search_is_logged_without_what_was_asked(school: School, client: Client) -> None:
    factories.pupil(school, first_name="Bijzondernaam")
    client.force_login(factories.member(Role.COO, school))

    client.post(reverse("attendance:pupil_search"), {"q": "Bijzondernaam"})

    (entry,) = Entry.objects.filter(kind=Kind.SEARCH)
    assert entry.detail == {"gevonden": 1}
    assert "Bijzondernaam" not in str(vars(entry))


@pytest.mark.django_db
def test_a_mail_is_logged_by_template_and_code(school: School) -> None:
    person = factories.member(Role.COO, school)

    send_staff_mail(person.email, "Onderwerp", "mail/registers_due.txt", {"name": person.name, "days": []})

    (entry,) = Entry.objects.filter(kind=Kind.MAIL)
    assert (entry.what, entry.row, entry.detail) == ("registers_due", str(person.code), {"verstuurd": True})


@pytest.mark.django_db
def test_the_log_as_a_file_is_safe_to_open_and_stands_in_the_log(school: School, client: Client) -> None:
    person = factories.member(Role.COO, school)
    Entry.objects.create(kind=Kind.READ, what="=1+1", actor=person.code)
    client.force_login(factories.member(Role.FG, school))

    answer = client.get(reverse("accounts:log_file"), {"soort": Kind.READ})

    assert "'=1+1" in answer.content.decode()
    assert Entry.objects.get(kind=Kind.EXPORT).detail == {"vorm": "csv", "rijen": 1}
