"""Cases and the Thuiszitterstafel, as the people of the demo work on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from attendance.engine.facts import Rule
from attendance.models import PupilClock
from cases.models import Case, Meeting, ParentsInformed, Phase, Signal, Step
from cases.services.answers import answer_signal
from cases.services.cases import open_case, take_over
from cases.services.closing import close_case
from cases.services.informed import must_inform_pupil, record_informed
from cases.services.log import record_contact, write_note
from cases.services.meetings import cancel_meeting
from cases.services.steps import complete_step, complete_steps_of_kind, plan_step
from cases.steps import CALL, INFORM_COACH, OWN, REPORT, TABLE
from tables.criteria import AT_HOME, weight
from tables.models import TableEntry
from tables.services.entries import change_phase, decline, entry_for, place
from thuiszitters.accounts.roles import Role
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.staff import NEXT_STEPS, TALKED, Staff

NEVER_PLACED = {
    "een-uur": "hij komt vanaf maandag een lesuur per dag; we kijken het een week aan",
    "correctie": "eerst met de ouders spreken",
}
LEFT_TO_DECIDE = {"correctie"}
"""Its signal is withdrawn: whether the pupil comes on the table and the case stays is for who tries the demo."""
WITHOUT_STEP = "structureel"
"""The one case for which nobody planned what comes next: the application asks for it."""
LEFT_UNDONE = {"een-uur": INFORM_COACH, "wissel": INFORM_COACH}
"""Steps that nobody gets round to: they are overdue on the dashboard."""
OUTCOMES = {("correctie", CALL): "Volgens de ouders was hij vorige week een dag op school. De mentor zoekt het uit."}
"""What the story wants to be read; most people write nothing."""
DECIDES_AFTER, BACK_FOR_AFTERCARE, BACK_TO_CLOSE = timedelta(days=3), timedelta(days=10), timedelta(days=21)


class CaseActs:
    """One day of the COOs, zorgcoaches and mentors."""

    def __init__(self, demo: Demo, staff: Staff, stories: Mapping[str, str], attempt: Callable[..., bool]) -> None:
        self.demo, self.staff, self.stories, self.attempt = demo, staff, stories, attempt

    def act(self, day: date) -> None:
        self._place_structural(day)
        rows = Case.objects.open().filter(opened_on__lt=day)
        for case in rows.select_related("pupil__municipality", "school", "school_of_enrolment", "owner").order_by("pk"):
            self._work_on(case, day)

    def plan_next(self, day: date) -> None:
        """What the day left without a next step gets one, but for a single case."""
        rows = Case.objects.open().exclude(steps__done_at__isnull=True, steps__isnull=False)
        for case in rows.select_related("pupil", "school", "owner").order_by("pk"):
            if self.stories.get(case.pupil.number) != WITHOUT_STEP:
                title, due_on = self._next_step(case, day)
                role, by = Role(case.owner_role), self.staff.owner(case)
                self.attempt(plan_step, case=case, title=title, role=role, due_on=due_on, by=by)

    def _next_step(self, case: Case, day: date) -> tuple[str, date]:
        """What comes next in this phase, and the school day by which: a week ahead, give or take."""
        dice = self.staff.dice(case.pupil, day, "next")
        days = self.demo.days[case.school.brin]
        return dice.choice(NEXT_STEPS[case.phase]), days.on_or_after(day, dice.randint(4, 7))

    def _place_structural(self, day: date) -> None:
        """The one pupil whom nothing but the share of absence shows is put on the table unasked."""
        signals = Signal.objects.unanswered().filter(crossing__rule=Rule.STRUCTURAL, withdrawn=False)
        for signal in signals.filter(created_at__date__lt=day).select_related("pupil", "school", "crossing"):
            if self.stories.get(signal.pupil.number) == "structureel":
                coo = self.staff.coo(signal.school)
                case, _ = open_case(pupil=signal.pupil, today=day, by=coo, why="Mist vaste dagen.")
                self._place(case, Phase.DREIGEND, day)
                self.attempt(answer_signal, signal=signal, answer=Signal.Answer.TABLE, by=coo, today=day)

    def _work_on(self, case: Case, day: date) -> None:
        story = self.stories.get(case.pupil.number, "")
        self._do_steps(case, story, day)
        if story in LEFT_TO_DECIDE:
            return
        self._decide_on_table(case, story, day)
        since = self._at_home_since(case)
        if since is None:
            self._is_back(case, story, day)
        elif case.phase and self.staff.dice(case.pupil, day).random() < 0.4:
            text = self.staff.dice(case.pupil, day, "text").choice(TALKED)
            self.attempt(record_contact, case=case, text=text, day=day, by=self.staff.owner(case))

    def _at_home_since(self, case: Case) -> date | None:
        return PupilClock.objects.filter(pupil=case.pupil_id).values_list("run_since", flat=True).first()

    def _do_steps(self, case: Case, story: str, day: date) -> None:
        waiting = Step.objects.filter(case=case, done_at__isnull=True)
        tomorrow = self.demo.days[case.school.brin].on_or_after(day, 1)
        for step in waiting.filter(created_at__date__lt=day).order_by("pk"):
            if step.kind in {TABLE, REPORT} or step.kind == LEFT_UNDONE.get(story):
                continue
            if story in LEFT_TO_DECIDE and step.kind != CALL:
                continue
            if step.kind.startswith(OWN) and step.due_on > tomorrow:
                continue
            if step.role == Role.ZORGCOACH and case.owner_role != Role.ZORGCOACH:
                self.attempt(take_over, case=case, by=self.staff.coach(case.school))
                case.refresh_from_db()
            then: dict[str, Any] = {}
            if story != WITHOUT_STEP and waiting.count() == 1:
                then["next_title"], then["next_due"] = self._next_step(case, day)
            outcome = OUTCOMES.get((story, step.kind), "")
            self.attempt(complete_step, step=step, outcome=outcome, by=self.staff.owner(case), **then)

    def _decide_on_table(self, case: Case, story: str, day: date) -> None:
        entry = TableEntry.objects.filter(case=case, left_at__isnull=True).first()
        if entry is None:
            return
        proposed = Phase(entry.proposed_phase)
        if entry.placed_at is None and entry.declined_at is None and entry.proposed_on + DECIDES_AFTER <= day:
            lasting = weight(proposed) > 1
            if story in NEVER_PLACED or not (story or lasting):
                reason = NEVER_PLACED.get(story, "is naar verwachting volgende week weer op school")
                if self.attempt(decline, entry=entry, reason=reason, by=self.staff.coo(case.school), today=day):
                    self._answer(case, Signal.Answer.NOT_NOW, day, reason)
                    self._end_table_step(case, "besproken: nu niet")
            else:
                self._place(case, proposed, day)
                self._answer(case, Signal.Answer.TABLE, day)
        elif entry.placed_at is not None and entry.proposed_on < day and weight(proposed) > weight(case.phase) > 0:
            self._change(case, proposed, "de vier weken zijn voorbij", day)
            self._answer(case, Signal.Answer.TABLE, day)
        if entry.placed_at is not None and weight(proposed) == weight(case.phase):
            self._end_table_step(case, "besproken op de tafel", before=day)
            if Signal.objects.unanswered().filter(case=case, created_at__date__lt=day, withdrawn=False).exists():
                self._answer(case, Signal.Answer.TABLE, day)
        starts = self.demo.story("opbouw").child.timetables[0].first if story == "opbouw" else date.max
        if case.phase in AT_HOME and starts <= day:
            self._change(case, Phase.OPBOUW, "komt twee ochtenden per week volgens het eigen rooster", day)

    def _place(self, case: Case, phase: Phase, day: date) -> None:
        coo = self.staff.coo(case.school)
        if self.stories.get(case.pupil.number) == "deeltijd":
            parents: dict[str, Any] = {"why_not": "de ouders zijn nog niet bereikt; de mentor belt maandag opnieuw"}
        else:
            parents = {"informed_on": day, "informed_by": coo.name, "how": "telefonisch"}
        if must_inform_pupil(case.pupil, day):
            parents["pupil_informed_on"] = day
        informed = record_informed(pupil=case.pupil, about=ParentsInformed.About.TABLE, by=coo, today=day, **parents)
        entry = entry_for(case=case, phase=phase, today=day)
        if self.attempt(place, entry=entry, phase=phase, informed=informed, by=coo, today=day):
            self._end_table_step(case, "op de tafel gezet")
        case.refresh_from_db()

    def _change(self, case: Case, phase: Phase, reason: str, day: date) -> None:
        entry = TableEntry.objects.on_the_table().get(case=case)
        coo = self.staff.coo(case.school)
        self.attempt(change_phase, entry=entry, phase=phase, reason=reason, by=coo, today=day)
        case.refresh_from_db()

    def _end_table_step(self, case: Case, outcome: str, before: date | None = None) -> None:
        """The step that asked for the table is done; with `before` only one that was planned earlier."""
        steps = Step.objects.filter(case=case, kind=TABLE, done_at__isnull=True)
        if before is None or steps.filter(created_at__date__lt=before).exists():
            complete_steps_of_kind(case=case, kind=TABLE, outcome=outcome, by=self.staff.coo(case.school))

    def _answer(self, case: Case, answer: str, day: date, text: str = "") -> None:
        signal = Signal.objects.unanswered().filter(pupil=case.pupil, audience=Role.COO, withdrawn=False).first()
        if signal is not None:
            coo = self.staff.coo(case.school)
            self.attempt(answer_signal, signal=signal, answer=answer, by=coo, today=day, text=text)

    def _is_back(self, case: Case, story: str, day: date) -> None:
        """Nobody at home any more: aftercare on the table, and in the end the case is closed."""
        if story in {"opbouw", "structureel"}:
            return
        last = Signal.objects.filter(case=case).order_by("-created_at").values_list("created_at", flat=True).first()
        quiet = day - (timezone.localtime(last).date() if last else case.opened_on)
        exempt = story == "vrijstelling"
        on_the_table = TableEntry.objects.on_the_table().filter(case=case).exists()
        why = "vrijstelling van de leerplicht (5 onder a)" if exempt else "volgt al weken weer alle lessen"
        if quiet < BACK_FOR_AFTERCARE:
            return
        if on_the_table and case.phase != Phase.NAZORG and not exempt:
            self._change(case, Phase.NAZORG, "is weer op school", day)
            text = "De mentor spreekt elke vrijdag de week na."
            self.attempt(write_note, case=case, text=text, by=self.staff.coo(case.school))
        elif quiet >= BACK_TO_CLOSE and not on_the_table:
            self._close(case, why, day)
        elif exempt and on_the_table:
            self._change(case, Phase.GESLOTEN, why, day)
            self._close(case, why, day)

    def _close(self, case: Case, why: str, day: date) -> None:
        """Close, and call off the talks that were only about this pupil."""
        coo = self.staff.coo(case.school)
        if self.attempt(close_case, case=case, reason=why, by=coo):
            talks = Meeting.objects.filter(agenda__case=case, starts_at__gt=timezone.now())
            for meeting in talks.filter(status=Meeting.Status.CONFIRMED).exclude(kind=Meeting.Kind.TSO):
                self.attempt(cancel_meeting, meeting=meeting, why=why, by=coo, today=day)
