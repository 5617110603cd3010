"""Opening a pupil in an emergency (noodtoegang): for who is not let in otherwise, for a day, to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from attendance.access_grounds import until_text
from attendance.access_rules import emergency_end
from attendance.models import AccessNotice, EmergencyAccess, Enrolment, Pupil
from attendance.models.pupils import holds_on
from attendance.services.access_notices import tell
from attendance.services.access_requests import AccessRefusedError
from attendance.services.surnames import surname_key
from thuiszitters.accounts.grants import grants_of, schools_near
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import IN_AN_EMERGENCY, Role
from thuiszitters.accounts.services.holders import holders_of, privacy_officers_of
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record

PER_DAY = 3
"""Pupils that one person can open so on one day."""
MISSES_PER_DAY = 6
"""Tries that fit nobody, on one day: enough for a typing error, too few to find out who is at a school."""
NOT_FOUND = "noodtoegang: niet gevonden"


@dataclass(frozen=True)
class Sought:
    """Which pupil somebody needs: the number at school, or the surname, and always the date of birth."""

    word: str
    birth_date: date


def open_emergency(*, sought: Sought, reason: str, by: User, today: date, now: datetime) -> EmergencyAccess | None:
    """Let `by` read about the pupil until 24 hours from `now`, and have COO and FG mailed; None when nobody fits.

    Opened again while it is open is the same one. AccessRefusedError above the numbers of a day, for a pupil whom `by`
    can see already, when the COO ended it and its time is not over yet, and when nobody would hear of it.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        _check_numbers(by, today)
        pupil = sought_pupil(sought, by, today)
        if pupil is None:
            # The miss has to be counted: this is no error that takes it back.
            record(Kind.SEARCH, NOT_FOUND, actor=by.code)
            return None
        if pupil.is_worked_with_by(by):
            raise AccessRefusedError("Je mag deze leerling al zien. Zoek de leerling op bij Zoeken.")
        standing = EmergencyAccess.objects.open(now).filter(user=by, pupil=pupil).first()
        if standing is not None:
            return standing
        ended = EmergencyAccess.objects.filter(user=by, pupil=pupil, ended_by__isnull=False, ends_at__gt=now).first()
        if ended is not None:
            raise AccessRefusedError(
                f"De COO heeft je noodtoegang tot deze leerling beëindigd. Tot {until_text(ended.ends_at)} kun je die "
                "niet opnieuw openen. Bel de COO van de school."
            )
        return _open(pupil, reason, by=by, today=today, now=now)


def _check_numbers(by: User, today: date) -> None:
    if EmergencyAccess.objects.filter(user=by, opened_at__date=today).count() >= PER_DAY:
        raise AccessRefusedError("Je hebt vandaag al drie keer noodtoegang geopend. Bel de COO van de school.")
    misses = Entry.objects.filter(kind=Kind.SEARCH, what=NOT_FOUND, actor=by.code, at__date=today)
    if misses.count() >= MISSES_PER_DAY:
        raise AccessRefusedError("Je hebt vandaag te vaak gezocht zonder iemand te vinden. Bel de COO van de school.")


def _open(pupil: Pupil, reason: str, *, by: User, today: date, now: datetime) -> EmergencyAccess:
    enrolment = _enrolments_near(by, today).filter(pupil=pupil).select_related("place", "school").order_by("-first")[0]
    people = _who_hears(enrolment, today) - {by}
    if not people:
        raise AccessRefusedError(
            "De school van deze leerling heeft geen COO en geen functionaris gegevensbescherming die bericht krijgt. "
            "Daarom kan noodtoegang hier niet. Bel de school."
        )
    row = EmergencyAccess.objects.create(
        user=by,
        role=_role_near(by, enrolment),
        pupil=pupil,
        school=enrolment.place,
        school_of_enrolment=enrolment.school,
        reason=reason,
        opened_at=now,
        ends_at=emergency_end(now),
    )
    record(
        Kind.RIGHTS,
        "noodtoegang geopend",
        row=row.code,
        subject=pupil.code,
        actor=by.code,
        detail={"rol": row.role, "tot": row.ends_at.isoformat(), "school": enrolment.place.brin},
    )
    tell(AccessNotice.Kind.EMERGENCY, about=row.code, people=sorted(people, key=lambda person: person.pk))
    return row


def _who_hears(enrolment: Enrolment, today: date) -> set[User]:
    """COO and FG of the schools where the pupil is taught and enrolled."""
    return {
        person
        for school in {enrolment.place, enrolment.school}
        for person in (
            *holders_of(role=Role.COO, school=school, today=today),
            *privacy_officers_of(school, today),
        )
    }


def sought_pupil(sought: Sought, by: User, today: date) -> Pupil | None:
    """The pupil of the own school or alliance whom this fits; None for nobody, and for more than one."""
    word = sought.word.strip()
    names = Q(number__iexact=word) | Q(surname_key=surname_key(word))
    near = _enrolments_near(by, today)
    rows = list(Pupil.objects.filter(names, birth_date=sought.birth_date, pk__in=near.values("pupil"))[:2])
    return rows[0] if len(rows) == 1 else None


def _enrolments_near(by: User, today: date) -> QuerySet[Enrolment]:
    near = schools_near(grants_of(by), IN_AN_EMERGENCY).values("pk")
    return Enrolment.objects.filter(Q(school__in=near) | Q(place__in=near), holds_on(today))


def _role_near(by: User, enrolment: Enrolment) -> Role:
    """In which role somebody opens it: the first in the order of Role that brings them near the pupil."""
    grants = grants_of(by)
    held = [role for role in Role if role in IN_AN_EMERGENCY & grants.roles]
    here = (enrolment.place_id, enrolment.school_id)
    return next(role for role in held if schools_near(grants, {role}).filter(pk__in=here).exists())


def end_emergency(*, access: EmergencyAccess, by: User | None) -> bool:
    """Nothing is shown from this moment on; whether that was not so already. `by` None: the application."""
    now = timezone.now()
    with transaction.atomic():
        ended = EmergencyAccess.objects.open(now).filter(pk=access.pk).update(ended_at=now, ended_by=by)
        if ended:
            record(Kind.RIGHTS, "noodtoegang beëindigd", row=access.code, subject=access.pupil.code)
    return bool(ended)


def review_emergency(*, access: EmergencyAccess, judgement: str, text: str, by: User) -> EmergencyAccess:
    """What the privacy officer thinks of it. Said once; nobody judges what they did themselves."""
    with transaction.atomic():
        row = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=access.pk)
        if row.reviewed_at is not None:
            raise AccessRefusedError("Deze noodtoegang is intussen al beoordeeld. Ververs de pagina.")
        if row.user_id == by.pk:
            raise AccessRefusedError("Je kunt je eigen noodtoegang niet beoordelen.")
        row.reviewed_at, row.reviewed_by, row.judgement, row.judgement_text = timezone.now(), by, judgement, text
        row.save(update_fields=["reviewed_at", "reviewed_by", "judgement", "judgement_text"])
        record(
            Kind.RIGHTS, "noodtoegang beoordeeld", row=row.code, subject=row.pupil.code, detail={"oordeel": judgement}
        )
    return row
