"""A case goes along with a pupil who goes to another place of teaching: offered, and accepted by the new COO."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from attendance.models import Enrolment
from attendance.services.follow_up import announce
from attendance.services.locks import lock_pupils
from cases.models import Case, CaseHandOver, LogEntry, Signal, Step
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.staff import enrolment_for
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes


def offer_hand_overs(*, today: date) -> int:
    """Square the open cases with where their pupils are now; how many changed. May be repeated.

    Another place of teaching: an offer to that school. Another school of enrolment only: kept on the case. Back at the
    school that runs the case while an offer stood open: the offer lapses.
    """
    current = Enrolment.objects.on(today).filter(pupil=OuterRef("pupil")).order_by("-first")
    cases = Case.objects.open().annotate(
        place_now=Subquery(current.values("place")[:1]), school_now=Subquery(current.values("school")[:1])
    )
    moved = cases.filter(place_now__isnull=False).exclude(place_now=F("school"), school_now=F("school_of_enrolment"))
    offered = CaseHandOver.objects.filter(accepted_at__isnull=True).values("case")
    wanted = set(moved.values_list("pk", flat=True)) | set(cases.filter(pk__in=offered).values_list("pk", flat=True))
    return sum(_square(pk, today) for pk in sorted(wanted))


@transaction.atomic
def _square(case_id: int, today: date) -> bool:
    pupil_id = Case.objects.values_list("pupil_id", flat=True).get(pk=case_id)
    lock_pupils([pupil_id])
    case = Case.objects.select_for_update(of=("self",)).select_related("pupil", "school").get(pk=case_id)
    enrolment = Enrolment.objects.on(today).filter(pupil=pupil_id).select_related("place").order_by("-first").first()
    if case.closed_at is not None or enrolment is None:
        return False
    offer = CaseHandOver.objects.filter(case=case, accepted_at__isnull=True).first()
    if enrolment.place_id == case.school_id:
        if offer is not None:
            offer.delete()
            write_log(case=case, kind=LogEntry.Kind.OWNER, text="De overdracht is vervallen.", by=None, day=today)
        if enrolment.school_id == case.school_of_enrolment_id:
            return offer is not None
        case.school_of_enrolment_id = enrolment.school_id
        case.save(update_fields=["school_of_enrolment"])
        return True
    if offer is not None and offer.to_school_id == enrolment.place_id:
        return False
    if offer is not None:
        offer.to_school_id = enrolment.place_id
        offer.save(update_fields=["to_school"])
    else:
        CaseHandOver.objects.create(case=case, from_school=case.school, to_school=enrolment.place)
    text = f"{case.pupil.first_name} volgt nu onderwijs op {enrolment.place}. Het dossier is daar aangeboden."
    write_log(case=case, kind=LogEntry.Kind.OWNER, text=text, by=None, day=today)
    return True


@transaction.atomic
def accept_hand_over(*, hand_over: CaseHandOver, by: User, today: date) -> None:
    """The COO of the new school takes the case: owner and school change, open steps and signals go along."""
    if hand_over.to_school_id not in grants_of(by).schools.get(Role.COO, ()):
        raise CaseRefusedError("Alleen de COO van de nieuwe school kan het dossier aannemen.")
    lock_pupils([hand_over.case.pupil_id])
    hit = CaseHandOver.objects.filter(pk=hand_over.pk, accepted_at__isnull=True, to_school=hand_over.to_school)
    if bulk_changes.update(hit, accepted_at=timezone.now(), accepted_by=by) != 1:
        raise CaseRefusedError("Deze overdracht is al aangenomen of vervallen. Ververs de pagina.")
    case = Case.objects.select_for_update(of=("self",)).get(pk=hand_over.case_id)
    if case.closed_at is not None:
        raise CaseRefusedError("Dit dossier is intussen gesloten.")
    enrolment = enrolment_for(case.pupil, today)
    case.school = hand_over.to_school
    case.school_of_enrolment = enrolment.school if enrolment else hand_over.to_school
    case.owner, case.owner_role = by, Role.COO
    case.save(update_fields=["school", "school_of_enrolment", "owner", "owner_role"])
    bulk_changes.update(Step.objects.filter(case=case, done_at__isnull=True), owner=None)
    Signal.objects.unanswered().filter(case=case).update(school=hand_over.to_school)
    hand_over.refresh_from_db()
    text = f"Dossier overgenomen van {hand_over.from_school} door {hand_over.to_school}. Eigenaar is nu {by} (COO)."
    write_log(case=case, kind=LogEntry.Kind.OWNER, text=text, by=by, day=today)
    announce()
