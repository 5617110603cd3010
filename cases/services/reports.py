"""The way of a report: the COO prepares, the administratie of the stamschool sends or asks, leerplicht answers.

Each step is a conditional UPDATE that must hit one row: of two people who press at the same time, one is told that the
other was first. The draft itself is made in drafts.py.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from attendance.models import Enrolment
from cases.models import ParentsInformed, Report, ReportEvent
from cases.report_steps import before
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.steps import complete_steps_of_kind
from cases.steps import REPORT
from thuiszitters.accounts.models import Membership, Municipality, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes

DRAFT_FIELDS = (
    "kind",
    "first_day",
    "last_day",
    "supposed_reason",
    "all_lessons_missed",
    "school_actions",
    "action_wanted",
    "no_action_reason",
    "reporter_name",
    "reporter_role",
    "reporter_phone",
    "reporter_email",
    "contact_phone",
    "other_address",
)
"""What the COO writes; the rest is known or follows from the step."""
WITH_REPORT = "Wat erbij geschreven is, staat bij de melding."
"""In the log of the case, instead of the words: more people read the log than may read the report."""


def _step(report: Report, new: Report.Status, *, by: User, text: str = "", **changes: Any) -> None:
    """Take one status step, with its event and log line. Raises CaseRefusedError when the report has moved on."""
    hit = bulk_changes.update(Report.objects.filter(pk=report.pk, status__in=before(new)), status=new, **changes)
    if hit != 1:
        raise CaseRefusedError("Deze melding is intussen door iemand anders gewijzigd. Ververs de pagina.")
    ReportEvent.objects.create(report=report, status=new, text=text, by=by)
    report.refresh_from_db()
    if report.case is not None:
        line = f"Melding bij leerplicht ({report.get_kind_display()}): {report.get_status_display().lower()}."
        write_log(case=report.case, kind="melding", text=f"{line} {WITH_REPORT}" if text else line, by=by)


@transaction.atomic
def save_draft(*, report: Report, values: dict[str, Any]) -> None:
    """Keep what the COO has typed so far, without a status step. May be repeated."""
    changes = {name: value for name, value in values.items() if name in DRAFT_FIELDS}
    rows = Report.objects.filter(pk=report.pk, status__in=(Report.Status.DRAFT, Report.Status.RETURNED))
    hit = bulk_changes.update(rows, **changes) if changes else rows.count()
    if hit != 1:
        raise CaseRefusedError("Deze melding ligt niet meer bij jou. Ververs de pagina.")
    report.refresh_from_db()


@transaction.atomic
def prepare_report(*, report: Report, values: dict[str, Any], informed: ParentsInformed | None, by: User) -> None:
    """The COO passes the report on to the administratie of the school of enrolment.

    Refused until somebody has said whether the parents (and the pupil from 16) know of it.
    """
    if informed is None:
        raise CaseRefusedError("Vul eerst in of de ouders weten van deze melding, of waarom nog niet.")
    save_draft(report=report, values=values)
    _step(report, Report.Status.AT_OFFICE, by=by, informed=informed, prepared_at=timezone.now(), prepared_by=by)
    _end_step(report, "klaargezet voor de administratie", by=by)


def _end_step(report: Report, outcome: str, *, by: User) -> None:
    """What the step of the case asks for is done."""
    if report.case is not None:
        complete_steps_of_kind(case=report.case, kind=REPORT, outcome=outcome, by=by)


@transaction.atomic
def drop_report(*, report: Report, why: str, by: User) -> None:
    """The COO decides not to report. The draft stays on the file with the reason."""
    _step(report, Report.Status.DROPPED, by=by, text=why)
    _end_step(report, f"geen melding: {why}", by=by)


@transaction.atomic
def return_report(*, report: Report, question: str, by: User) -> None:
    """The administratie asks the COO something before sending."""
    _step(report, Report.Status.RETURNED, by=by, text=question, question=question)


def why_not_sendable(report: Report) -> str:
    """Why this report cannot be sent now, with what to do; empty when it can."""
    municipality = report.pupil.municipality
    if municipality is None:
        return "De woongemeente is niet bekend. Vul bij de leerling in waar die woont; daarna kan de melding weg."
    if not municipality.confirmed:
        return f"De gemeente {municipality} is nog niet bevestigd. Vraag de beheerder om dat te doen."
    if not _receivers(municipality).exists():
        return (
            f"De gemeente {municipality} heeft hier nog geen leerplichtambtenaar. Doe de melding in Mijn DUO "
            "en noteer het meldingsnummer in het logboek."
        )
    return ""


def _receivers(municipality: Municipality) -> Any:
    today = timezone.localdate()
    return Membership.objects.current(today).filter(
        municipality=municipality, role=Role.LEERPLICHT, user__is_active=True
    )


@transaction.atomic
def send_report(*, report: Report, duo_number: str = "", by: User) -> None:
    """The administratie sends: from now on the leerplichtambtenaar of the municipality where the pupil lives sees it.

    What is sent is kept as it was (`sent_facts`); the mail about it carries no personal data and goes out by a job.
    """
    if reason := why_not_sendable(report):
        raise CaseRefusedError(reason)
    _step(
        report,
        Report.Status.SENT,
        by=by,
        municipality=report.pupil.municipality,
        sent_at=timezone.now(),
        sent_by=by,
        sent_facts=facts_as_sent(report),
        duo_number=duo_number,
        question="",
    )


def facts_as_sent(report: Report) -> dict[str, Any]:
    """What the receiver is told, as plain values: what a report needs, and never health or care notes."""
    pupil = report.pupil
    enrolment = (
        Enrolment.objects.filter(pupil=pupil, school=report.school, first__lte=report.first_day)
        .select_related("group")
        .order_by("-first")
        .first()
    )
    informed = report.informed
    return {
        "pupil": pupil.full_name,
        "birth_date": pupil.birth_date.isoformat(),
        "number": pupil.number,
        "group": enrolment.group.name if enrolment and enrolment.group else "",
        "school": report.school.name,
        "brin": report.school.brin,
        "place": report.place.name,
        "kind": report.kind,
        "first_day": report.first_day.isoformat(),
        "last_day": report.last_day.isoformat() if report.last_day else "",
        "supposed_reason": report.supposed_reason,
        "all_lessons_missed": report.all_lessons_missed,
        "school_actions": report.school_actions,
        "action_wanted": report.action_wanted,
        "no_action_reason": report.no_action_reason,
        "reporter": [report.reporter_name, report.reporter_role, report.reporter_phone, report.reporter_email],
        "contact_phone": report.contact_phone,
        "other_address": report.other_address,
        "specification": report.specification,
        "informed_on": informed.informed_on.isoformat() if informed and informed.informed_on else "",
        "informed_by": informed.informed_by if informed else "",
        "informed_how": informed.how if informed else "",
        "informed_why_not": informed.why_not if informed else "",
    }


@transaction.atomic
def withdraw_report(*, report: Report, why: str, by: User) -> None:
    """The school takes a sent report back. The receiver keeps seeing it, as Ingetrokken, with the reason."""
    _step(report, Report.Status.WITHDRAWN, by=by, text=why, waiting_for_school=False)


@transaction.atomic
def answer_report(*, report: Report, status: Report.Status, text: str, closed_reason: str = "", by: User) -> None:
    """Leerplicht answers: In behandeling, Ter kennisgeving aangenomen, or Afgesloten with a legal reason."""
    if status == Report.Status.CLOSED and not closed_reason:
        raise CaseRefusedError("Kies de reden waarom je de melding afsluit.")
    _step(
        report,
        status,
        by=by,
        text=text,
        answer=text,
        answered_at=timezone.now(),
        answered_by=by,
        contact_name=by.name,
        closed_reason=closed_reason if status == Report.Status.CLOSED else "",
        waiting_for_school=False,
    )


@transaction.atomic
def ask_school(*, report: Report, text: str, by: User) -> None:
    """Leerplicht asks the school something; the report waits for the school until it replies."""
    _talk(report, text, by=by, waiting_for_school=True)


@transaction.atomic
def reply_to_leerplicht(*, report: Report, text: str, by: User) -> None:
    """The school replies to leerplicht."""
    _talk(report, text, by=by, waiting_for_school=False)


def _talk(report: Report, text: str, *, by: User, waiting_for_school: bool) -> None:
    open_to_talk = (Report.Status.SENT, Report.Status.IN_HAND, Report.Status.NOTED)
    hit = bulk_changes.update(
        Report.objects.filter(pk=report.pk, status__in=open_to_talk), waiting_for_school=waiting_for_school
    )
    if hit != 1:
        raise CaseRefusedError("Deze melding is al afgesloten of ingetrokken. Een bericht kan niet meer.")
    report.refresh_from_db()
    ReportEvent.objects.create(report=report, status=report.status, text=text, by=by)
    if report.case is not None:
        who = "Vraag van leerplicht" if waiting_for_school else "Antwoord aan leerplicht"
        write_log(case=report.case, kind="melding", text=f"{who}. {WITH_REPORT}", by=by)
