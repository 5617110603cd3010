"""The way of the demo's reports to leerplicht: each goes a step further every played day, some stop half-way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from attendance.models import PupilClock
from cases.models import ParentsInformed, Report, Signal
from cases.services.answers import answer_signal
from cases.services.informed import must_inform_pupil, record_informed
from cases.services.reports import (
    answer_report,
    ask_school,
    drop_report,
    prepare_report,
    return_report,
    send_report,
    withdraw_report,
)
from cases.services.steps import complete_steps_of_kind
from cases.steps import REPORT
from thuiszitters.accounts.roles import Role
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.schools import COLLEGE
from thuiszitters.demo.staff import SUPPOSED, Staff

S = Report.Status
STOPS_AT = {
    "16-jaar": S.AT_OFFICE,
    "melding-gemeente": S.AT_OFFICE,
    "melding-vraag": S.RETURNED,
    "luxe": S.SENT,
    "melding-nieuw": S.SENT,
    "melding-gesprek": S.IN_HAND,
    "melding-gesprek-2": S.IN_HAND,
    "melding-gelezen": S.NOTED,
}
"""Reports that wait for whoever tries the demo as COO, as administratie and as leerplicht."""
ASKED = "ongeoorloofd"
"""Of this pupil leerplicht asks something in the last days, and the school has still to answer."""
CLOSES_AFTER = timedelta(days=14)


class ReportActs:
    """One day of everybody who handles reports."""

    def __init__(self, demo: Demo, staff: Staff, stories: Mapping[str, str], attempt: Callable[..., bool]) -> None:
        self.asks_from = demo.days[COLLEGE.brin].back(3)
        self.staff, self.stories, self.attempt = staff, stories, attempt
        self.steps: dict[str, Callable[[Report, str, date], None]] = {
            S.DRAFT: self._prepare,
            S.RETURNED: self._prepare,
            S.AT_OFFICE: self._send,
            S.SENT: self._answer,
            S.NOTED: self._close,
            S.IN_HAND: self._close,
        }

    def act(self, day: date) -> None:
        rows = Report.objects.filter(status__in=list(self.steps), created_at__date__lt=day)
        for report in rows.select_related("pupil__municipality", "school", "place", "case").order_by("pk"):
            story = self.stories.get(report.pupil.number, "")
            last = report.events.order_by("at").values_list("at", flat=True).last()
            moved_today = last is not None and timezone.localtime(last).date() >= day
            if not moved_today and STOPS_AT.get(story) != report.status:
                self.steps[report.status](report, story, day)

    def _prepare(self, report: Report, story: str, day: date) -> None:
        coo = self.staff.coo(report.place)
        dice = self.staff.dice(report.pupil, report.first_day)
        if report.kind == Report.Kind.OTHER and not story:
            self.attempt(drop_report, report=report, why="langdurig ziek; de jeugdarts kijkt mee", by=coo)
            return
        about: dict[str, Any] = {"informed_on": day, "informed_by": coo.name, "how": "telefonisch"}
        if must_inform_pupil(report.pupil, day):
            about["pupil_informed_on"] = day
        informed = record_informed(pupil=report.pupil, about=ParentsInformed.About.REPORT, by=coo, today=day, **about)
        luxury = report.kind == Report.Kind.LUXURY
        values = {
            "supposed_reason": "Vakantie buiten de schoolvakanties." if luxury else dice.choice(SUPPOSED),
            "school_actions": report.school_actions or "Gebeld met de ouders en gesproken met de leerling.",
            "contact_phone": "000-0000000",
        }
        if not self.attempt(prepare_report, report=report, values=values, informed=informed, by=coo):
            return
        if report.case is not None:
            complete_steps_of_kind(case=report.case, kind=REPORT, outcome="naar de administratie", by=coo)
        signal = Signal.objects.unanswered().filter(pupil=report.pupil, audience=Role.COO, withdrawn=False).first()
        if signal is not None:
            self.attempt(answer_signal, signal=signal, answer=Signal.Answer.REPORT, by=coo, today=day)

    def _send(self, report: Report, story: str, _day: date) -> None:
        office = self.staff.office(report.school)
        doubts = not story and self.staff.dice(report.pupil, "vraag").random() < 0.5
        if not report.question and (doubts or story == "melding-vraag"):
            asked = "Kloppen de lesuren van de laatste dag? In ons systeem staat een uur minder."
            self.attempt(return_report, report=report, question=asked, by=office)
            return
        number = f"DEMO{self.staff.dice(report.pupil, report.first_day).randrange(10**6):06}"
        self.attempt(send_report, report=report, duo_number=number, by=office)

    def _answer(self, report: Report, story: str, day: date) -> None:
        officer = self.staff.officer(report.pupil)
        if story == "melding-ingetrokken":
            why = "De leerling was die lessen in het ziekenhuis; de ouders hadden dat gemeld."
            self.attempt(withdraw_report, report=report, why=why, by=self.staff.office(report.school))
            return
        if story == ASKED and day >= self.asks_from:
            if not report.waiting_for_school:
                asked = "Welke afspraken zijn er met de ouders gemaakt over de komende weken?"
                self.attempt(ask_school, report=report, text=asked, by=officer)
            return
        status, text = S.IN_HAND, "Ik nodig de leerling en de ouders uit voor een gesprek."
        if report.kind in {Report.Kind.OTHER, Report.Kind.LUXURY} or story == "melding-gelezen":
            status, text = S.NOTED, "Dank voor de melding. De school is er snel bij; ik hoef nu niets te doen."
            if report.case is not None and report.case.phase:
                text = "Dank voor de melding. Ik kijk mee op de Thuiszitterstafel."
        self.attempt(answer_report, report=report, status=status, text=text, by=officer)

    def _close(self, report: Report, story: str, day: date) -> None:
        if story == "melding-wacht":
            if not report.waiting_for_school:
                asked = "Is er al met de mentor en de ouders gesproken? Wat is er afgesproken?"
                self.attempt(ask_school, report=report, text=asked, by=self.staff.officer(report.pupil))
            return
        home = PupilClock.objects.filter(pupil=report.pupil, run_since__isnull=False).exists()
        if home or report.answered_at is None or timezone.localtime(report.answered_at).date() + CLOSES_AFTER > day:
            return
        self.attempt(
            answer_report,
            report=report,
            status=S.CLOSED,
            text="Gesproken met de leerling en de ouders; het gaat weer goed.",
            closed_reason=Report.ClosedReason.BACK,
            by=self.staff.officer(report.pupil),
        )
