"""What the people of the demo do on each day that is played, through the same services as the pages.

They leave what came in since the last played day, and on the last day they do nothing: that is for who tries the demo.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import AccessNotice
from cases.models import Meeting, Report, Signal
from cases.services.answers import answer_signal, same_line
from cases.services.hand_overs import offer_hand_overs
from cases.services.meeting_proposals import propose_meetings
from cases.services.meetings import confirm_meeting
from cases.services.refusals import CaseRefusedError
from cases.services.signals import follow_up as follow_up_cases
from cases.steps import CASE_RULES
from tables.services.proposals import follow_up as follow_up_tables
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.origin import Origin, acting
from thuiszitters.demo.act_cases import CaseActs
from thuiszitters.demo.act_reports import ReportActs
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.schools import COLLEGE
from thuiszitters.demo.staff import MENTOR_TALKED, NOT_NOW, Staff

FORGOTTEN_FOR = timedelta(weeks=2)
"""Some mentors take their time."""
LEFT_TO_CONFIRM = 3
"""School days before the open day from which proposals of meetings are left to who tries the demo."""


def pass_over_mail() -> None:
    """Take what waits to be mailed for mailed: nobody is to get mail about what never happened."""
    Report.objects.filter(sent_at__isnull=False, mailed_at__isnull=True).update(mailed_at=timezone.now())
    Meeting.objects.filter(decided_at__isnull=False).update(mailed_sequence=F("sequence"))
    AccessNotice.objects.filter(sent_at__isnull=True).update(sent_at=timezone.now())


class Acts:
    """Everybody who acts. `refused` keeps what a service did not allow: it should stay empty."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.stories = {child.number: child.story for child in demo.children if child.story}
        self.refused: list[str] = []

    def follow_up(self, day: date) -> None:
        """What the application itself does in the night and after each change."""
        follow_up_cases(today=day)
        offer_hand_overs(today=day)
        follow_up_tables(day)
        propose_meetings(day)
        pass_over_mail()

    def act(self, day: date) -> None:
        """A working day of everybody; nothing on the open day and after it."""
        if day >= self.demo.days[COLLEGE.brin].open_day:
            return
        staff = Staff(self.demo.seed)
        self._answer_sick_reports(day, staff)
        cases = CaseActs(self.demo, staff, self.stories, self.attempt)
        cases.act(day)
        ReportActs(self.demo, staff, self.stories, self.attempt).act(day)
        self._answer_suggestions(day, staff)
        self._see_what_was_withdrawn(day, staff)
        cases.plan_next(day)
        self.follow_up(day)
        self._confirm_meetings(day, staff)
        pass_over_mail()

    def attempt(self, service: Callable[..., Any], **arguments: Any) -> bool:
        """Call a service as a person would: told no, they leave it."""
        try:
            with acting(Origin(user=arguments.get("by"))):
                service(**arguments)
        except CaseRefusedError as refusal:
            self.refused.append(f"{service.__name__}: {refusal}")
            return False
        return True

    def _answer_sick_reports(self, day: date, staff: Staff) -> None:
        for signal in self._waiting(day, Role.MENTOR):
            dice = staff.dice(signal.pupil, signal.crossing.crossed_on)
            if self.stories.get(signal.pupil.number) == "3-maanden":
                answer, text = Signal.Answer.DOCTOR, "De jeugdarts nodigt de leerling en de ouders uit."
            elif dice.random() < 0.15 and timezone.localtime(signal.created_at).date() + FORGOTTEN_FOR > day:
                continue
            else:
                answer, text = Signal.Answer.TALK, dice.choice(MENTOR_TALKED)
            mentor = staff.mentor(signal.pupil)
            self.attempt(answer_signal, signal=signal, answer=answer, by=mentor, today=day, text=text)

    def _answer_suggestions(self, day: date, staff: Staff) -> None:
        """What is still waiting for a COO after cases and reports: mostly pupils who were often ill.

        One answer goes for the whole line of a pupil, so a line with a signal that opened a case is left to the case.
        """
        for signal in self._waiting(day, Role.COO):
            signal.refresh_from_db()
            of_a_case = same_line(signal).filter(crossing__rule__in=[rule.value for rule in CASE_RULES]).exists()
            if signal.answered_at is None and not signal.withdrawn and not of_a_case:
                coo = staff.coo(signal.school)
                if signal.crossing.rule == Rule.HOURS_16:
                    answer, text = Signal.Answer.REPORT, ""
                elif signal.case is not None and signal.case.closed_at is None:
                    answer, text = Signal.Answer.CASE, ""
                else:
                    answer, text = Signal.Answer.NOT_NOW, staff.dice(signal.pupil, signal.pk).choice(NOT_NOW)
                self.attempt(answer_signal, signal=signal, answer=answer, by=coo, today=day, text=text)

    def _see_what_was_withdrawn(self, day: date, staff: Staff) -> None:
        """Signals that later data took back, but for the one that is a story."""
        rows = Signal.objects.unanswered().filter(withdrawn=True, created_at__date__lt=day)
        for signal in rows.select_related("pupil", "crossing", "school", "case").order_by("pk"):
            if self.stories.get(signal.pupil.number) != "correctie":
                by = staff.mentor(signal.pupil) if signal.audience == Role.MENTOR else staff.coo(signal.school)
                self.attempt(answer_signal, signal=signal, answer=Signal.Answer.SEEN, by=by, today=day)

    def _waiting(self, day: date, role: Role) -> list[Signal]:
        rows = Signal.objects.unanswered().filter(audience=role, withdrawn=False, created_at__date__lt=day)
        return list(rows.select_related("pupil", "crossing", "school", "case").order_by("pk"))

    def _confirm_meetings(self, day: date, staff: Staff) -> None:
        rows = Meeting.objects.filter(status=Meeting.Status.PROPOSED, starts_at__date__gt=day).select_related("school")
        if day >= self.demo.days[COLLEGE.brin].back(LEFT_TO_CONFIRM):
            rows = rows.filter(starts_at__date__lte=self.demo.today)
        for meeting in rows.order_by("pk"):
            with_parents = meeting.kind in {Meeting.Kind.OPP, Meeting.Kind.LARGE}
            self.attempt(
                confirm_meeting,
                meeting=meeting,
                starts_at=meeting.starts_at,
                minutes=meeting.minutes,
                place="kamer 1.12" if with_parents else "kantoor van het zorgteam",
                parents_invited="telefonisch door de mentor" if with_parents else "",
                by=staff.coo(meeting.school),
                today=day,
            )
