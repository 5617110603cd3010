"""Keeping persoonsgebonden nummers, where a beheerder turned that on. No number goes into a log, mail or message."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.digests import digest_of
from thuiszitters.accounts.models import School, User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.models import NumberUse, PersonNumber
from thuiszitters.privacy.person_numbers import BSN, EDUCATION, checked

PURPOSE = "privacy.number"


class NumberRefusedError(Exception):
    """What was asked cannot be; the message says why, for the page."""


def number_digest(digits: str) -> str:
    """By which a number is recognised without being read."""
    return digest_of(digits, PURPOSE)


@transaction.atomic
def turn_on(*, school: School, by: User) -> None:
    """From now on administratie and COO may enter numbers. May be repeated."""
    _, made = NumberUse.objects.get_or_create(school=school, defaults={"turned_on_by": by})
    if made:
        record(Kind.CHANGE, "persoonsgebonden nummers aangezet", row=school.code, detail={"school": school.brin})


@transaction.atomic
def turn_off(*, school: School) -> int:
    """No numbers any more: all that the school kept are destroyed. How many; may be repeated."""
    use = NumberUse.objects.select_for_update().filter(school=school).first()
    gone, _ = PersonNumber.objects.filter(school=school).delete()
    if use is not None:
        use.delete()
        record(
            Kind.DESTRUCTION,
            "persoonsgebonden nummers uitgezet",
            row=school.code,
            detail={"school": school.brin, "aantal": gone},
        )
    return gone


@transaction.atomic
def enter_number(*, pupil: Pupil, school: School, typed: str, by: User) -> PersonNumber:
    """Keep the number of a pupil of this school. WrongNumberError when it is none.

    A BSN takes the place of an onderwijsnummer (WPO 40b), never the other way round. Somebody else of this school with
    the same number is refused: one child stands here twice, or one digit is wrong.
    """
    number = checked(typed)
    if not NumberUse.objects.select_for_update().filter(school=school).exists():
        raise NumberRefusedError("Deze school houdt geen persoonsgebonden nummers bij.")
    if not Enrolment.objects.filter(pupil=pupil, school=school).exists():
        raise NumberRefusedError("Deze leerling is niet op deze school ingeschreven.")
    before = PersonNumber.objects.select_for_update().filter(pupil=pupil, school=school).first()
    if before is not None and before.kind == BSN and number.kind == EDUCATION:
        raise NumberRefusedError("Er staat al een BSN. Dat gaat vóór een onderwijsnummer.")
    values = {
        "kind": number.kind,
        "value": number.digits,
        "digest": number_digest(number.digits),
        "entered_by": by,
        "entered_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            row, _ = PersonNumber.objects.update_or_create(pupil=pupil, school=school, defaults=values)
    except IntegrityError as error:
        raise NumberRefusedError(
            "Dit nummer staat op deze school al bij een andere leerling. Kijk of een kind hier twee keer staat."
        ) from error
    record(
        Kind.CHANGE,
        "persoonsgebonden nummer ingevoerd",
        subject=pupil.code,
        detail={"soort": number.kind, "vervangt": before.kind if before is not None else ""},
    )
    return row


@transaction.atomic
def remove_number(*, number: PersonNumber) -> None:
    """Take it away, for good."""
    record(Kind.DESTRUCTION, "persoonsgebonden nummer gewist", subject=number.pupil.code)
    number.delete()


@transaction.atomic
def reveal_number(*, number: PersonNumber, why: str) -> str:
    """The digits, for once; that they were shown and why stands in the log."""
    record(Kind.REVEAL, "persoonsgebonden nummer", subject=number.pupil.code, why=why)
    digits: str = number.value
    return digits
