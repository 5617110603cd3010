"""Whether the parents, and the pupil from 16, know."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from attendance.models import Pupil
from cases.models import Case, LogEntry, ParentsInformed
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from thuiszitters.accounts.models import User

ASKED_FROM = 16


def must_inform_pupil(pupil: Pupil, today: date) -> bool:
    """Whether the pupil is 16 or older today and so has to be told as well."""
    born = pupil.birth_date
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= ASKED_FROM


@transaction.atomic
def record_informed(
    *,
    pupil: Pupil,
    about: str,
    by: User,
    today: date,
    informed_on: date | None = None,
    informed_by: str = "",
    how: str = "",
    why_not: str = "",
    pupil_informed_on: date | None = None,
    pupil_why_not: str = "",
) -> ParentsInformed:
    """Keep the answer for the table entries and reports that follow; the open case gets a log line.

    Exactly one of `informed_on` and `why_not`; from 16 the same for the pupil. An earlier answer stays as it was.
    """
    if (informed_on is None) == (why_not.strip() == ""):
        raise CaseRefusedError("Vul in wanneer de ouders zijn geïnformeerd, of waarom nog niet: één van de twee.")
    if any(day is not None and day > today for day in (informed_on, pupil_informed_on)):
        raise CaseRefusedError("De datum van informeren ligt in de toekomst. Vul een datum tot en met vandaag in.")
    if informed_on is not None and not (informed_by.strip() and how.strip()):
        raise CaseRefusedError("Vul ook in wie de ouders heeft geïnformeerd, en hoe.")
    if must_inform_pupil(pupil, today) and pupil_informed_on is None and not pupil_why_not.strip():
        raise CaseRefusedError(
            "De leerling is 16 of ouder: vul in wanneer de leerling is geïnformeerd, of waarom nog niet."
        )
    answer = ParentsInformed.objects.create(
        pupil=pupil,
        about=about,
        informed_on=informed_on,
        informed_by=informed_by if informed_on else "",
        how=how if informed_on else "",
        why_not=why_not.strip(),
        pupil_informed_on=pupil_informed_on,
        pupil_why_not="" if pupil_informed_on else pupil_why_not.strip(),
        recorded_by=by,
    )
    case = Case.objects.open().filter(pupil=pupil).first()
    if case is not None:
        write_log(case=case, kind=LogEntry.Kind.INFORMED, text=_line(answer), by=by, day=informed_on or today)
    return answer


def _line(answer: ParentsInformed) -> str:
    about = answer.get_about_display()
    if answer.informed_on:
        text = f"Ouders geïnformeerd over {about} door {answer.informed_by}: {answer.how}."
    else:
        text = f"Ouders nog niet geïnformeerd over {about}: {answer.why_not}."
    if answer.pupil_informed_on:
        return f"{text} De leerling weet het ook."
    return f"{text} Leerling nog niet: {answer.pupil_why_not}." if answer.pupil_why_not else text


def latest_informed(*, pupil: Pupil, about: str) -> ParentsInformed | None:
    """The newest answer for this pupil about the table or about reports, if there is one."""
    return ParentsInformed.objects.filter(pupil=pupil, about=about).order_by("-recorded_at", "-pk").first()
