"""A report that a person starts, without waiting for a signal: a concern is enough."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from attendance.engine.working_days import add_working_days
from attendance.models import Pupil, PupilClock
from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Report, ReportEvent
from cases.report_kinds import kinds_by_hand
from cases.services.cases import CLOSED
from cases.services.duty import duty_on, is_exempt
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.report_fields import reporter_fields, school_actions
from cases.services.staff import enrolment_for
from cases.steps import REPORT_WORKING_DAYS
from thuiszitters.accounts.models import User


def choices_for(pupil: Pupil, today: date) -> tuple[tuple[Report.Kind, ...], str]:
    """The kinds of report that somebody can start for this pupil today, the usual one first; or none, and why (nothing
    to say while there is an open draft)."""
    if Report.objects.drafts().filter(pupil=pupil).exists():
        return (), ""
    enrolment = enrolment_for(pupil, today)
    if enrolment is None:
        return (), "Deze leerling is nergens ingeschreven."
    return kinds_by_hand(duty_on(pupil, enrolment, today), exempt=is_exempt(pupil, today))


@transaction.atomic
def start_report(*, case: Case, kind: Report.Kind, by: User, today: date) -> tuple[Report, bool]:
    """The open draft of the pupil, and whether it is new. May be repeated, also at the same time.

    Raises CaseRefusedError for a closed case, under exemption, and for a kind that does not fit the age.
    """
    lock_pupils([case.pupil_id])
    case.refresh_from_db()
    if case.closed_at is not None:
        raise CaseRefusedError(CLOSED)
    pupil = case.pupil
    standing = Report.objects.drafts().filter(pupil=pupil).first()
    if standing is not None:
        return standing, False
    kinds, why_not = choices_for(pupil, today)
    enrolment = enrolment_for(pupil, today)
    if kind not in kinds or enrolment is None:
        raise CaseRefusedError(why_not or "Deze soort melding past niet bij de leeftijd van de leerling.")
    since = PupilClock.objects.filter(pupil=pupil).values_list("run_since", flat=True).first()
    report = Report.objects.create(
        pupil=pupil,
        case=case,
        school=enrolment.school,
        place=enrolment.place,
        municipality=pupil.municipality,
        kind=kind,
        due_on=add_working_days(today, REPORT_WORKING_DAYS),
        first_day=since or case.first_day_home or today,
        all_lessons_missed=since is not None,
        school_actions=school_actions(case),
        **reporter_fields(case, enrolment, today),
    )
    text = f"Concept voor een melding begonnen: {report.get_kind_display()}."
    ReportEvent.objects.create(report=report, status=report.status, text=text, by=by)
    write_log(case=case, kind=LogEntry.Kind.REPORT, text=text, by=by, day=today)
    return report, True
