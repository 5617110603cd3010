"""Requests under the AVG, from the day they came to the answer. Each change stands in the log."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from attendance.engine.compulsory_age import age_on
from attendance.models import Enrolment, Pupil
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.entitlement import Asker, Concern, concerns_about, due_on, may_be_extended
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.models.requests import HANDLES


class RequestRefusedError(Exception):
    """What was asked cannot be; the message says why, for the page."""


def schools_for(pupil: Pupil, user: User) -> list[School]:
    """Schools of which `user` handles requests and where the pupil was or is, the latest first."""
    ours = grants_of(user).school_ids(HANDLES)
    rows = Enrolment.objects.filter(pupil=pupil).select_related("school", "place").order_by("-first")
    found = [school for row in rows for school in (row.place, row.school) if school.pk in ours]
    return list(dict.fromkeys(found))


def concerns_of(request: PrivacyRequest, today: date) -> list[Concern]:
    """What has to be weighed before an answer."""
    return concerns_about(Asker(request.asked_by), age_on(request.pupil.birth_date, today))


@transaction.atomic
def receive_request(*, pupil: Pupil, school: School, values: dict[str, Any], by: User) -> PrivacyRequest:
    """Write down what was asked. The term runs from the day on which it came.

    From here on nothing of the pupil is destroyed. A destruction that is under way goes first: the lock waits for it.
    """
    if not lock_pupils([pupil.pk]):
        raise RequestRefusedError("Van deze leerling is hier niets meer: de gegevens zijn vernietigd.")
    request = PrivacyRequest.objects.create(
        pupil=pupil,
        school=school,
        due_on=due_on(values["received_on"], extended=False),
        recorded_by=by,
        **values,
    )
    _tell(request, "ontvangen", {"soort": request.kind, "door": request.asked_by})
    return request


@transaction.atomic
def weigh_request(*, request: PrivacyRequest, identity: str, consent: str, weighed: str, today: date, by: User) -> None:
    """Who this is, and whether they may have it. Nothing goes out before; it may be weighed again."""
    _must_be_open(request)
    needs_consent = any(concern.needs_consent for concern in concerns_of(request, today))
    if needs_consent and not consent:
        raise RequestRefusedError("Schrijf op wat de leerling, of de ouder met gezag, ervan vindt.")
    request.identity, request.consent, request.weighed = identity, consent if needs_consent else "", weighed
    request.entitled_at, request.entitled_by = timezone.now(), by
    request.save(update_fields=["identity", "consent", "weighed", "entitled_at", "entitled_by"])
    _tell(request, "afgewogen", {"identiteit": identity, "toestemming": request.consent})


def why_no_file(request: PrivacyRequest, today: date) -> str:
    """Why the file of an inspection cannot be given now; empty when only the texts can still stand in the way."""
    if request.kind != PrivacyRequest.Kind.INSPECTION:
        return "Alleen bij een verzoek om inzage hoort een bestand."
    if request.entitled_at is None:
        return "Eerst moet vaststaan wie dit vraagt en waarom diegene het mag krijgen."
    if any(row.needs_consent for row in concerns_of(request, today)) and request.consent != PrivacyRequest.Consent.YES:
        return "Er is toestemming nodig en die is er niet. Schrijf het besluit op, of vraag het opnieuw na."
    if request.decision in {PrivacyRequest.Decision.REFUSED, PrivacyRequest.Decision.WITHDRAWN}:
        return "Dit verzoek is afgewezen of ingetrokken."
    if request.fetch_until is not None and today > request.fetch_until:
        return "Het verzoek is te lang geleden beantwoord. Leg zo nodig een nieuw verzoek vast."
    return ""


def may_be_extended_now(request: PrivacyRequest, today: date) -> bool:
    """Whether the answer may still be put off."""
    return request.is_open and request.extended_on is None and may_be_extended(request.received_on, today)


@transaction.atomic
def extend_request(*, request: PrivacyRequest, reason: str, today: date, by: User) -> None:
    """Two further months, once, and only within the first: that is when whoever asked must be told."""
    _must_be_open(request)
    if request.extended_on is not None:
        raise RequestRefusedError("De termijn is al verlengd. Verder uitstel kent de wet niet.")
    if not may_be_extended(request.received_on, today):
        raise RequestRefusedError("De eerste maand is voorbij. Verlengen kan alleen daarbinnen.")
    request.extended_on, request.extended_reason = today, reason
    request.due_on = due_on(request.received_on, extended=True)
    request.save(update_fields=["extended_on", "extended_reason", "due_on"])
    _tell(request, "verlengd", {"uiterlijk": request.due_on.isoformat(), "door": str(by.code)})


@transaction.atomic
def answer_request(*, request: PrivacyRequest, decision: str, reason: str, told: str, statement: str, by: User) -> None:
    """What was decided and who heard it. A statement is kept with the file (art. 16)."""
    locked = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _must_be_open(locked)
    if decision in {PrivacyRequest.Decision.PARTLY, PrivacyRequest.Decision.REFUSED} and not reason:
        raise RequestRefusedError("Schrijf op waarom (een deel) niet gebeurt. Wie het vroeg heeft recht op de reden.")
    request.decision, request.decision_reason, request.told, request.statement = decision, reason, told, statement
    request.answered_at, request.answered_by = timezone.now(), by
    request.save(update_fields=["decision", "decision_reason", "told", "statement", "answered_at", "answered_by"])
    _tell(request, "beantwoord", {"besluit": decision})


def _must_be_open(request: PrivacyRequest) -> None:
    if not request.is_open:
        raise RequestRefusedError("Dit verzoek is al beantwoord.")


def _tell(request: PrivacyRequest, what: str, detail: dict[str, Any]) -> None:
    subject = request.pupil.code
    record(Kind.CHANGE, f"privacyverzoek {what}", row=request.code, subject=subject, detail=detail)
