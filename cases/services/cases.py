"""Opening and owning a case; closing.py ends it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from attendance.models import Pupil, PupilClock
from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Phase
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.staff import enrolment_for, only_coo
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes

CLOSED = "Dit dossier is gesloten. Ververs de pagina."


@transaction.atomic
def open_case(
    *, pupil: Pupil, today: date, by: User | None = None, first_day_home: date | None = None, why: str = ""
) -> tuple[Case, bool]:
    """The open case of the pupil, and whether it is new. May be repeated, also at the same time.

    The place of teaching runs it; its COO owns it when there is just one. `first_day_home` (default: the start of the
    run that is open now) is never moved to a later date.
    """
    lock_pupils([pupil.pk])
    run_since = PupilClock.objects.filter(pupil=pupil).values_list("run_since", flat=True).first()
    first_day = min((day for day in (first_day_home, run_since) if day is not None), default=None)
    case = Case.objects.open().filter(pupil=pupil).select_for_update(of=("self",)).first()
    if case is not None:
        if first_day is not None and (case.first_day_home is None or first_day < case.first_day_home):
            case.first_day_home = first_day
            case.save(update_fields=["first_day_home"])
        return case, False
    enrolment = enrolment_for(pupil, today)
    if enrolment is None:
        raise CaseRefusedError("Deze leerling is nergens ingeschreven. Vul eerst de inschrijving in.")
    owner = only_coo(enrolment.place, today)
    case = Case.objects.create(
        pupil=pupil,
        school=enrolment.place,
        school_of_enrolment=enrolment.school,
        owner=owner,
        owner_role=Role.COO,
        first_day_home=first_day,
        opened_on=today,
        opened_by=by,
    )
    write_log(case=case, kind=LogEntry.Kind.OPENED, text=f"Dossier geopend. {why}".strip(), by=by, day=today)
    return case, True


@transaction.atomic
def take_over(*, case: Case, by: User) -> None:
    """A zorgcoach or COO of the school that runs the case becomes its owner."""
    grants = grants_of(by)
    for role in (Role.ZORGCOACH, Role.COO):
        if case.school_id in grants.schools.get(role, ()):
            _own(case, owner=by, role=role, by=by)
            return
    raise CaseRefusedError("Alleen een zorgcoach of COO van de school kan het dossier overnemen.")


@transaction.atomic
def assign_owner(*, case: Case, owner: User, role: Role, by: User) -> None:
    """Somebody gives the case to a zorgcoach or COO of the school that runs it."""
    if case.school_id not in grants_of(owner).schools.get(role, ()):
        raise CaseRefusedError(f"{owner} is geen {role.label} van deze school. Kies iemand anders.")
    _own(case, owner=owner, role=role, by=by)


def _own(case: Case, *, owner: User, role: Role, by: User) -> None:
    if bulk_changes.update(Case.objects.open().filter(pk=case.pk), owner=owner, owner_role=role) != 1:
        raise CaseRefusedError(CLOSED)
    case.refresh_from_db()
    write_log(case=case, kind=LogEntry.Kind.OWNER, text=f"Eigenaar is nu {owner} ({role.label}).", by=by)


@transaction.atomic
def set_phase(*, case: Case, phase: Phase, by: User | None, why: str = "") -> bool:
    """Keep the phase on the case, with a log line; whether it changed. Which may follow which is the table's matter."""
    if bulk_changes.update(Case.objects.open().filter(pk=case.pk).exclude(phase=phase), phase=phase) != 1:
        return False
    case.refresh_from_db(fields=["phase"])
    text = f"Fase: {phase.label}. {why}".strip()
    write_log(case=case, kind=LogEntry.Kind.PHASE, text=text, by=by)
    return True
