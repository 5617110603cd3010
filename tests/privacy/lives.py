"""Pupils with everything that can be known of one, who left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from attendance.engine.lesson_day import Seen
from attendance.models import (
    AbsenceVersion,
    AccessRequest,
    ArrangementChange,
    Crossing,
    CrossingChange,
    EmergencyAccess,
    GroupAbsence,
    ImportChange,
    LessonMark,
    PastGroup,
    Pupil,
    PupilClock,
    SettledAbsence,
    UnknownCode,
    WaitingRow,
)
from cases.models import (
    Case,
    CaseHandOver,
    LogEntry,
    Meeting,
    MeetingCase,
    MeetingGuest,
    ParentsInformed,
    Report,
    ReportEvent,
    Signal,
    Step,
)
from tables.models import PhaseChange, TableEntry
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.models import Judgement, PersonNumber, PrivacyRequest

LEFT = date(2026, 7, 31)
"""The last day at school of everybody here, unless a test says otherwise."""
FILE_GOES = date(2028, 8, 1)
TABLE_GOES = date(2029, 3, 11)
ABSENCE_GOES = date(2031, 8, 1)
NAME = "Zwaluwstaart"
"""A surname that stands nowhere else."""


def moment(day: date) -> datetime:
    """Noon."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def pupil_who_left(at: School, left: date | None = LEFT, **fields: Any) -> Pupil:
    """Enrolled from the beginning of the school year to `left`."""
    child = factories.pupil(**{"surname": NAME} | fields)
    factories.enrolment(child, at, last=left, leaving_reason="andere_school" if left else "")
    return child


def with_everything(child: Pupil, at: School, by: User | None = None) -> Case:
    """A row of every kind that is about a pupil, at this school in the spring of 2026; their closed case."""
    by = by or factories.member(Role.COO, at)
    day = date(2026, 3, 2)
    group = factories.group(at)
    PastGroup.objects.create(enrolment=child.enrolments.get(school=at), group=group, last=date(2026, 1, 31))
    absences(child, at, by, day)
    case = closed_case(child, at, by, day)
    reports_and_table(child, at, by, case, day)
    asked_about(child, at, by, day)
    factories.assignment(child, factories.member(Role.GEDRAGSDESKUNDIGE, at), last=day)
    return case


def absences(child: Pupil, at: School, by: User, day: date) -> None:
    group = factories.group(at)
    whole = GroupAbsence.objects.create(first=day, last=day, reason=factories.reason(), entered_by=by)
    record = factories.absence(child, day, day, group_absence=whole, entered_by=by)
    AbsenceVersion.objects.create(absence=record, first=day, reason=record.reason, why=f"{NAME} was ziek")
    SettledAbsence.objects.create(absence=record, lesson=0, reason=record.reason)
    imported = factories.register_import(at)
    type(imported).objects.filter(pk=imported.pk).update(started_at=moment(day))
    ImportChange.objects.create(
        register_import=imported, kind="pupil", row=child.pk, pupil=child, before={"surname": NAME}, after={}
    )
    code = UnknownCode.objects.create(school=at, key=f"q{child.pk}", code="Q")
    WaitingRow.objects.create(
        unknown_code=code, register_import=imported, pupil=child, line=2, cells=[child.number, NAME], first=day
    )
    LessonMark.objects.create(
        pupil=child, group=group, day=day, lesson=1, seen=Seen.ABSENT, reason=factories.reason(), marked_by=by
    )
    factories.own_timetable(child, (60, 60, 60, 60, 60), day, day)
    factories.exemption(child, day, day)
    for about in ("rooster", "inschrijving"):
        ArrangementChange.objects.create(
            pupil=child, about=about, what="gewijzigd", subject=child.code, first=day, why=f"om {NAME}"
        )
    PupilClock.objects.get_or_create(pupil=child, defaults={"dirty": False})


def closed_case(child: Pupil, at: School, by: User, day: date) -> Case:
    crossing = Crossing.objects.create(
        pupil=child, rule="thuis-2w", start=day, crossed_on=day, norm_text="twee weken", cause="test"
    )
    CrossingChange.objects.create(crossing=crossing, kind="moved", old_start=day, old_crossed_on=day, cause="test")
    case = Case.objects.create(
        pupil=child,
        school=at,
        school_of_enrolment=at,
        opened_on=day,
        opened_by=by,
        owner=by,
        next_step=f"bel {NAME}",
        closed_at=moment(date(2026, 6, 1)),
        closed_by=by,
        closed_reason=f"{NAME} is terug",
    )
    Signal.objects.create(
        crossing=crossing,
        pupil=child,
        school=at,
        case=case,
        audience=Role.COO,
        revision=1,
        answer="dossier",
        answer_text=f"over {NAME}",
        answered_at=timezone.now(),
        answered_by=by,
    )
    LogEntry.objects.create(case=case, kind="notitie", text=f"{NAME} slaapt slecht", day=day, by=by)
    Step.objects.create(case=case, kind="bellen", title=f"bel {NAME}", role=Role.COO, due_on=day)
    CaseHandOver.objects.create(case=case, from_school=at, to_school=at, accepted_at=moment(day), accepted_by=by)
    meeting = Meeting.objects.create(
        key=f"mdo:{case.pk}", kind="mdo", school=at, starts_at=moment(day), place=f"bij {NAME}"
    )
    MeetingCase.objects.create(meeting=meeting, case=case)
    MeetingGuest.objects.create(meeting=meeting, user=by, role=Role.COO)
    return case


def reports_and_table(child: Pupil, at: School, by: User, case: Case, day: date) -> None:
    """A dropped draft, a report that was sent and answered, a proposal that was declined, and a place on the table
    that ended on 10 March 2026."""
    informed = ParentsInformed.objects.create(
        pupil=child, about="melding", informed_on=day, informed_by=NAME, recorded_by=by
    )
    loose = ParentsInformed.objects.create(pupil=child, about="tafel", why_not=f"{NAME} wil niet", recorded_by=by)
    ParentsInformed.objects.filter(pk__in=(informed.pk, loose.pk)).update(recorded_at=moment(day))
    dull = {"pupil": child, "case": case, "school": at, "place": at, "kind": "overig", "due_on": day, "first_day": day}
    draft = Report.objects.create(status="vervallen", school_actions=f"{NAME} gebeld", **dull)
    ReportEvent.objects.create(report=draft, status="vervallen", text=NAME)
    sent = Report.objects.create(
        status="afgesloten",
        closed_reason="terug",
        sent_at=moment(day),
        sent_by=by,
        sent_facts={"naam": NAME},
        municipality=factories.municipality(),
        informed=informed,
        crossing=Crossing.objects.get(pupil=child),
        **dull,
    )
    ReportEvent.objects.create(report=sent, status="afgesloten", text=NAME)
    ended = moment(date(2026, 3, 10))
    TableEntry.objects.create(
        case=case,
        proposed_phase="dreigend",
        proposed_on=day,
        declined_at=ended,
        declined_by=by,
        declined_reason=NAME,
        left_at=ended,
    )
    entry = TableEntry.objects.create(
        case=case,
        alliance=at.alliance,
        proposed_phase="thuiszitter",
        proposed_on=day,
        informed=informed,
        placed_at=moment(day),
        placed_by=by,
        left_at=ended,
        left_by=by,
        left_reason=f"{NAME} gaat weer",
    )
    PhaseChange.objects.create(entry=entry, phase="thuiszitter", reason=NAME, day=day)


def asked_about(child: Pupil, at: School, by: User, day: date) -> None:
    """A request of the parents that was answered, and the number that the school keeps."""
    request = PrivacyRequest.objects.create(
        kind="inzage",
        pupil=child,
        school=at,
        asked_by="ouder_gezag",
        asker_name=NAME,
        received_on=day,
        due_on=day,
        decision="gedaan",
        answered_at=moment(day),
        answered_by=by,
        recorded_by=by,
    )
    AccessRequest.objects.create(
        asker=by, role=Role.JEUGDARTS, school=at, pupil=child, reason=NAME, asked_at=moment(day)
    )
    EmergencyAccess.objects.create(
        user=by,
        role=Role.COO,
        pupil=child,
        school=at,
        school_of_enrolment=at,
        reason=NAME,
        opened_at=moment(day),
        ends_at=moment(date(2026, 3, 3)),
    )
    Judgement.objects.create(request=request, text_digest="0" * 64, reason=NAME, judged_by=by)
    PersonNumber.objects.create(
        pupil=child, school=at, kind="bsn", value="999990019", digest=f"{child.pk:064}", entered_by=by
    )


def stays(child: Pupil) -> bool:
    return Pupil.objects.filter(pk=child.pk).exists()
