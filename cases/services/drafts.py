"""Draft reports to leerplicht: at most one open draft per pupil, the heaviest kind wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.engine.facts import Rule
from attendance.models import Crossing, PupilClock
from cases.models import Case, Report, ReportEvent
from cases.report_kinds import KIND_OF_RULE, choose_kind, outweighs
from cases.services.duty import duty_on, is_exempt
from cases.services.report_fields import Basis, basis_of, due_on, reporter_fields, school_actions

UNDER_WAY = (Report.Status.SENT, Report.Status.IN_HAND, Report.Status.NOTED)
LONG_ABSENCE = (Report.Kind.LRV, Report.Kind.RMC)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of a crossing.

    `is_new`: there is a new or a heavier draft, so somebody has to act. `is_covered`: another report says it already.

    `line` says in Dutch what was done, or why nothing was; empty when the rule asks for no report.
    """

    report: Report | None
    line: str
    is_new: bool = False
    is_covered: bool = False


def propose_draft(*, crossing: Crossing, case: Case | None, today: date) -> Drafted:
    """Draft what the crossing asks for: a new draft, a heavier kind of the open one, or dates added to it.

    What somebody typed in an open draft stays. Call it with the pupil locked, in the transaction of the signal, once.
    """
    rule = Rule(crossing.rule)
    basis = basis_of(crossing) if rule in KIND_OF_RULE else None
    if basis is None:
        return Drafted(None, "")
    day = crossing.crossed_on
    exempt = is_exempt(crossing.pupil, day)
    choice = choose_kind(rule, duty_on(crossing.pupil, basis.enrolment, day), basis.luxury, exempt=exempt)
    if choice.kind is None:
        return Drafted(None, choice.why_not)
    if line := _covered(crossing, rule):
        return Drafted(None, line, is_covered=True)
    report = Report.objects.drafts().filter(pupil=crossing.pupil).select_for_update(of=("self",)).first()
    if report is None:
        return _create(basis, case, choice.kind, today)
    return _add(report, basis, case, choice.kind)


def follow_crossing(crossing: Crossing) -> None:
    """Square the reports of a crossing that was moved, withdrawn or restored. May be repeated.

    An open draft takes the new dates unless somebody changed them; a sent report is never rewritten, but its sender is
    told.
    """
    for report in Report.objects.filter(crossing=crossing).select_for_update(of=("self",)):
        if report.sent_at is not None:
            matches = crossing.withdrawn_at is None and report.first_day == crossing.start
            matches = matches and report.last_day in {None, crossing.crossed_on}
            if report.status != Report.Status.WITHDRAWN and report.no_longer_matches is matches:
                report.no_longer_matches = not matches
                report.save(update_fields=["no_longer_matches"])
        elif report.status in Report.BEFORE_SENDING and crossing.withdrawn_at is None:
            _follow_dates(report, crossing)


def _create(basis: Basis, case: Case | None, kind: Report.Kind, today: date) -> Drafted:
    crossing, enrolment = basis.crossing, basis.enrolment
    report = Report.objects.create(
        pupil=crossing.pupil,
        case=case,
        crossing=crossing,
        school=enrolment.school,
        place=enrolment.place,
        municipality=crossing.pupil.municipality,
        kind=kind,
        due_on=due_on(crossing),
        first_day=crossing.start,
        last_day=crossing.crossed_on,
        all_lessons_missed=basis.all_missed,
        school_actions=school_actions(case),
        specification=basis.rows,
        **reporter_fields(case, enrolment, today),
    )
    ReportEvent.objects.create(report=report, status=report.status, text="Concept gemaakt door de applicatie.")
    return Drafted(report, f"Concept voor een melding gemaakt: {report.get_kind_display()}.", is_new=True)


def _add(report: Report, basis: Basis, case: Case | None, kind: Report.Kind) -> Drafted:
    crossing = basis.crossing
    heavier = outweighs(kind, report.kind)
    if not heavier and kind != report.kind:
        return Drafted(
            report, f"Valt onder het concept dat al klaarligt: {report.get_kind_display()}.", is_covered=True
        )
    known = {row[0]: row for row in [*report.specification, *basis.rows]}
    report.specification = [known[day] for day in sorted(known)]
    report.first_day = min(report.first_day, crossing.start)
    report.last_day = max(report.last_day or crossing.crossed_on, crossing.crossed_on)
    line = "De nieuwe dagen zijn toegevoegd aan het concept dat al klaarligt."
    if heavier:
        old = report.get_kind_display()
        report.kind, report.crossing, report.case = kind, crossing, report.case or case
        report.due_on = min(report.due_on, due_on(crossing))
        report.all_lessons_missed = basis.all_missed
        report.school_actions = report.school_actions or school_actions(case)
        line = f"Het concept is nu een melding {report.get_kind_display()} (was: {old})."
    report.save()
    ReportEvent.objects.create(report=report, status=report.status, text=line)
    return Drafted(report, line, is_new=heavier, is_covered=not heavier)


def _follow_dates(report: Report, crossing: Crossing) -> None:
    change = crossing.changes.order_by("at", "pk").last()
    basis = basis_of(crossing)
    if change is None or basis is None:
        return
    if (report.first_day, report.last_day) != (change.old_start, change.old_crossed_on):
        return
    report.first_day, report.last_day = crossing.start, crossing.crossed_on
    report.specification, report.all_lessons_missed = basis.rows, basis.all_missed
    report.due_on = due_on(crossing)
    report.save(update_fields=["first_day", "last_day", "specification", "all_lessons_missed", "due_on"])


def _covered(crossing: Crossing, rule: Rule) -> str:
    """Why no draft is made beside the report of the long absence itself; empty when there is nothing like it."""
    if rule is Rule.LRV:
        return ""
    if rule is Rule.HOME_4W:
        heavier = Crossing.objects.standing().filter(pupil=crossing.pupil, rule=Rule.LRV, start__gte=crossing.start)
        if heavier.exists():
            return "Valt onder de melding van langdurig relatief verzuim."
    run_since = PupilClock.objects.filter(pupil=crossing.pupil).values_list("run_since", flat=True).first()
    if run_since is None:
        return ""
    sent = Report.objects.filter(
        pupil=crossing.pupil, kind__in=LONG_ABSENCE, status__in=UNDER_WAY, first_day__gte=run_since
    )
    return "Valt onder de melding van langdurig verzuim die al is verstuurd." if sent.exists() else ""
