"""What the access table is tried in: a school, and the rows of it that addresses name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property

from attendance.engine.facts import Rule
from attendance.models import (
    Absence,
    AccessRequest,
    ApiToken,
    Assignment,
    CalendarException,
    Crossing,
    EmergencyAccess,
    Enrolment,
    Exemption,
    FileUpload,
    GroupAbsence,
    ImportChange,
    OwnTimetable,
    Reason,
    RegisterImport,
    UnknownCode,
)
from attendance.models.uploads import Status
from attendance.services.api_tokens import make_token
from cases.models import Case, CaseHandOver, Meeting, ParentsInformed, Phase, Report, Signal, Step
from cases.services.cases import open_case
from cases.services.log import write_note
from cases.services.meetings import make_meeting
from cases.services.reports import prepare_report, send_report
from cases.services.signals import bring
from cases.services.steps import plan_steps_of_rule
from tables.models import TableEntry
from tables.services.entries import entry_for, place
from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import AT_MUNICIPALITY, AT_SCHOOL, AT_YOUTH_HEALTH, Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import Alert, DestructionRun, LegalHold, PersonNumber, PrivacyRequest
from thuiszitters.privacy.odd_reading import Rule as OddRule
from thuiszitters.privacy.services.numbers import enter_number, turn_on
from thuiszitters.privacy.services.requests import receive_request

TODAY = date(2026, 1, 14)
"""A Wednesday, and a school day."""


class World:
    """A school with its alliance and municipality, a class, and a pupil in it who is absent since Monday."""

    def __init__(self) -> None:
        self.alliance = factories.alliance()
        self.municipality = factories.municipality()
        self.school = factories.school(alliance=self.alliance)
        self.group = factories.group(self.school)
        self.pupil = factories.pupil(in_group=self.group, municipality=self.municipality)

    @cached_property
    def absence(self) -> Absence:
        return factories.absence(self.pupil, date(2026, 1, 12))

    @cached_property
    def api_token(self) -> ApiToken:
        """Of the school of this world."""
        by = factories.member(Role.BEHEERDER, self.school)
        return make_token(school=self.school, name="LVS", scopes=["verzuim"], last=TODAY, by=by, today=TODAY)[0]

    @cached_property
    def reason(self) -> Reason:
        """A code of this school."""
        return Reason.objects.create(school=self.school, code="Z9", label="Ziek", maps_to=factories.reason())

    @cached_property
    def unknown_code(self) -> UnknownCode:
        return UnknownCode.objects.create(school=self.school, key="q1", code="Q1")

    @cached_property
    def own_days(self) -> CalendarException:
        return factories.closed(self.school, date(2026, 1, 19))

    @cached_property
    def group_absence(self) -> GroupAbsence:
        by = factories.member(Role.COO, self.school)
        group = GroupAbsence.objects.create(first=TODAY, last=TODAY, reason=factories.reason("elders"), entered_by=by)
        factories.absence(self.pupil, TODAY, TODAY, "elders", group_absence=group)
        return group

    @cached_property
    def timetable(self) -> OwnTimetable:
        return factories.own_timetable(self.pupil, (150, 150, 150, 150, 150), date(2026, 1, 5), date(2026, 2, 6))

    @cached_property
    def exemption(self) -> Exemption:
        return factories.exemption(self.pupil, date(2026, 3, 2), date(2026, 3, 6))

    @cached_property
    def enrolment(self) -> Enrolment:
        return self.pupil.enrolments.get()

    @cached_property
    def case(self) -> Case:
        return open_case(pupil=self.pupil, today=TODAY)[0]

    @cached_property
    def step(self) -> Step:
        return plan_steps_of_rule(case=self.case, rule=Rule.HOME_2W, today=TODAY)[0]

    @cached_property
    def signal(self) -> Signal:
        """One that is meant for the mentor, and that a COO can answer too."""
        crossing = Crossing.objects.create(
            pupil=self.pupil, rule="ziek-7d", start=date(2026, 1, 5), crossed_on=TODAY, norm_text="norm", cause="test"
        )
        bring(crossing_id=crossing.pk, today=TODAY)
        return Signal.objects.get(crossing=crossing)

    @cached_property
    def hand_over(self) -> CaseHandOver:
        before = factories.school()
        Case.objects.filter(pk=self.case.pk).update(school=before, school_of_enrolment=before)
        return CaseHandOver.objects.create(case=self.case, from_school=before, to_school=self.school)

    @cached_property
    def draft(self) -> Report:
        return Report.objects.create(
            pupil=self.pupil,
            case=self.case,
            school=self.school,
            place=self.school,
            kind=Report.Kind.OTHER,
            due_on=TODAY,
            first_day=date(2026, 1, 5),
        )

    @cached_property
    def report_at_office(self) -> Report:
        """Ready to be sent: the parents know, and the municipality has somebody to receive it."""
        factories.member(Role.LEERPLICHT, self.municipality)
        coo = factories.member(Role.COO, self.school)
        informed = ParentsInformed.objects.create(pupil=self.pupil, about="melding", informed_on=TODAY, recorded_by=coo)
        prepare_report(report=self.draft, values={}, informed=informed, by=coo)
        return self.draft

    @cached_property
    def report_sent(self) -> Report:
        send_report(report=self.report_at_office, by=factories.member(Role.ADMINISTRATIE, self.school))
        return self.report_at_office

    @cached_property
    def meeting(self) -> Meeting:
        meeting = make_meeting(
            key=f"test:{self.case.pk}",
            kind=Meeting.Kind.MDO,
            school_id=self.school.pk,
            starts_at=datetime(2026, 1, 21, 9, tzinfo=UTC),
            minutes=60,
            cases=[self.case.pk],
            guests={},
        )
        assert meeting is not None
        return meeting

    @cached_property
    def entry(self) -> TableEntry:
        """On the table."""
        coo = factories.member(Role.COO, self.school)
        informed = ParentsInformed.objects.create(pupil=self.pupil, about="tafel", informed_on=TODAY, recorded_by=coo)
        entry = entry_for(case=self.case, phase=Phase.DREIGEND, today=TODAY)
        return place(entry=entry, phase=Phase.DREIGEND, informed=informed, by=coo, today=TODAY)

    @cached_property
    def proposed_run(self) -> DestructionRun:
        """Of the school of this world, by a beheerder."""
        by = factories.member(Role.BEHEERDER, self.school)
        return DestructionRun.objects.create(school=self.school, proposed_by=by)

    @cached_property
    def finished_run(self) -> DestructionRun:
        now = datetime(2026, 1, 14, 8, tzinfo=UTC)
        return DestructionRun.objects.create(
            school=self.school,
            status=DestructionRun.Status.DONE,
            proposed_by=factories.member(Role.BEHEERDER, self.school),
            approved_by=factories.member(Role.FG, self.school),
            approved_at=now,
            finished_at=now,
        )

    @cached_property
    def legal_hold(self) -> LegalHold:
        by = factories.member(Role.FG, self.school)
        return LegalHold.objects.create(pupil=self.pupil, school=self.school, reason="klacht", set_by=by)

    @cached_property
    def upload(self) -> FileUpload:
        """A file that was looked through and waits for a yes."""
        return factories.file_upload(self.school, status=Status.CHECKED, refused=1)

    @cached_property
    def register_import(self) -> RegisterImport:
        report = factories.register_import(self.school)
        ImportChange.objects.create(register_import=report, kind="absence", row=1, pupil=self.pupil)
        return report

    @cached_property
    def colleague(self) -> User:
        """Who works at the school of this world."""
        return factories.member(Role.ZORGCOACH, self.school)

    @cached_property
    def assignment(self) -> Assignment:
        """Of a jeugdarts."""
        doctor = factories.member(Role.JEUGDARTS, factories.youth_health())
        return factories.assignment(self.pupil, doctor, Role.JEUGDARTS)

    @cached_property
    def access_request(self) -> AccessRequest:
        """A jeugdarts asks for the pupil."""
        return AccessRequest.objects.create(
            asker=factories.member(Role.JEUGDARTS, factories.youth_health()),
            role=Role.JEUGDARTS,
            school=self.school,
            pupil=self.pupil,
            reason="De huisarts verwees.",
            asked_at=datetime(2026, 1, 13, 9, tzinfo=UTC),
        )

    @cached_property
    def emergency(self) -> EmergencyAccess:
        """A mentor of another class opened the pupil."""
        return EmergencyAccess.objects.create(
            user=factories.mentor(factories.group(self.school)),
            role=Role.MENTOR,
            pupil=self.pupil,
            school=self.school,
            school_of_enrolment=self.school,
            reason="Staat op het station en antwoordt niet.",
            opened_at=datetime(2026, 1, 13, 12, tzinfo=UTC),
            ends_at=datetime(2026, 1, 14, 12, tzinfo=UTC),
        )

    @cached_property
    def alert(self) -> Alert:
        """About the only FG of the school, who is mentor there as well: another FG judges it, or the schoolleider."""
        person = factories.mentor(self.group, factories.member(Role.FG, self.school))
        at = datetime(2026, 1, 13, 12, tzinfo=UTC)
        Entry.objects.create(kind=Kind.READ, actor=person.code, what="dossier", subject=self.pupil.code, at=at)
        return Alert.objects.create(
            rule=OddRule.MANY, reader=person.code, day=date(2026, 1, 13), pupils=41, found_at=at
        )

    @cached_property
    def person_number(self) -> PersonNumber:
        """At a school that keeps them; a number for education, never somebody's BSN."""
        turn_on(school=self.school, by=factories.member(Role.BEHEERDER, self.school))
        by = factories.member(Role.ADMINISTRATIE, self.school)
        return enter_number(pupil=self.pupil, school=self.school, typed="101222331", by=by)

    @cached_property
    def privacy_request(self) -> PrivacyRequest:
        """To see the file, of a pupil about whom somebody wrote something."""
        coo = factories.member(Role.COO, self.school)
        write_note(case=self.case, text="Vader belde.", by=coo)
        asked = {
            "kind": "inzage",
            "asked_by": "ouder_gezag",
            "asker_name": "A",
            "received_on": TODAY,
            "question": "Alles",
        }
        return receive_request(pupil=self.pupil, school=self.school, values=asked, by=coo)

    def somebody(self, role: Role) -> User:
        """Somebody who, as far as this role goes, may know the pupil of this world."""
        if role is Role.MENTOR:
            return factories.mentor(self.group)
        if role is Role.DOCENT:
            return factories.teacher(self.group)
        if role is Role.GEDRAGSDESKUNDIGE:
            person = factories.member(role, self.alliance)
        elif role in AT_YOUTH_HEALTH:
            person = factories.member(role, factories.youth_health())
        elif role in AT_MUNICIPALITY:
            return factories.member(role, self.municipality)
        elif role in AT_SCHOOL:
            return factories.member(role, self.school)
        else:
            return factories.member(role, self.alliance)
        factories.assignment(self.pupil, person, role)
        return person
