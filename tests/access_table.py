"""Who may open which page: a line for every page of the project, and the two worlds it is tried in.

A new page needs one line in PAGES. `row` gives what its address names, from a world; a kind of row that is not there
yet becomes a cached_property of World (tests/access_world.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.models import MeetingGuest
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import SEES_PUPILS, Role
from thuiszitters.privacy.services.reviewing import review_of

__all__ = ("PAGES", "TODAY", "Page", "World")

Address = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """`row` None: a page about no row in particular. `own`: what somebody with the role gets on a row of their own;
    `except_for`: the roles that get something else there, with what."""

    name: str
    roles: frozenset[Role]
    row: Callable[[World], Address] | None = None
    method: str = "get"
    own: int = 200
    except_for: Mapping[Role, int] = field(default_factory=dict)

    def own_of(self, role: Role) -> int:
        """What somebody with this role gets on a row of their own."""
        return self.except_for.get(role, self.own)


EVERYBODY = frozenset(Role)
BEHEERDER = frozenset({Role.BEHEERDER})
SETS_HOLDS = frozenset({Role.FG, Role.SCHOOLLEIDER})
WATCHES_TERMS = BEHEERDER | SETS_HOLDS
SEES_THE_YEAR = BEHEERDER | {Role.ADMINISTRATIE, Role.SCHOOLLEIDER}
LOOKS = frozenset({Role.MENTOR, Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.ADMINISTRATIE})
TAKES_REGISTERS = frozenset({Role.MENTOR, Role.ADMINISTRATIE, Role.COO})
LOOKS_AT_QUALITY = TAKES_REGISTERS | {Role.SCHOOLLEIDER}
TAKES_LESSONS = TAKES_REGISTERS | {Role.DOCENT}
ARRANGES = frozenset({Role.ADMINISTRATIE, Role.COO})
SEES_ARRANGEMENTS = ARRANGES | {Role.ZORGCOACH, Role.SCHOOLLEIDER}


def coded(row: str) -> Callable[[World], Address]:
    """The address of a row of a world that is named by its code."""
    return lambda world: {"code": getattr(world, row).code}


school = coded("school")
proposed_run = coded("proposed_run")
finished_run = coded("finished_run")
legal_hold = coded("legal_hold")
alliance = coded("alliance")
pupil = coded("pupil")
group = coded("group")
absence = coded("absence")
group_absence = coded("group_absence")
timetable = coded("timetable")
exemption = coded("exemption")
enrolment = coded("enrolment")
api_token = coded("api_token")
case = coded("case")
step = coded("step")
signal = coded("signal")
hand_over = coded("hand_over")
draft = coded("draft")
report_at_office = coded("report_at_office")
report_sent = coded("report_sent")
entry = coded("entry")
upload = coded("upload")
register_import = coded("register_import")
leaver = coded("colleague")
assignment = coded("assignment")
access_request = coded("access_request")
emergency = coded("emergency")
privacy_request = coded("privacy_request")
alert = coded("alert")


def norm(world: World) -> Address:
    return {"code": world.alliance.code, "rule": "thuis-2w"}


def term(world: World) -> Address:
    return {"code": world.alliance.code, "data_class": "dossier"}


def reason(world: World) -> Address:
    return {"code": world.school.code, "pk": world.reason.pk}


def unknown_code(world: World) -> Address:
    return {"code": world.school.code, "pk": world.unknown_code.pk}


def school_year(world: World) -> Address:
    return {"code": world.school.code, "year": 2025}


def own_days(world: World) -> Address:
    return {"code": world.school.code, "first": world.own_days.first}


def pupil_in_year(world: World) -> Address:
    return {"code": world.pupil.code, "year": date(2025, 8, 1)}


def chart_of_group(world: World) -> Address:
    """Something is known: a school of which nothing is has no charts."""
    return {**chart_of_school(world), "code": world.group.code}


def chart_of_school(world: World) -> Address:
    School.objects.filter(pk=world.school.pk).update(complete_through=TODAY)
    return {"code": world.school.code, "name": "trend"}


def register(world: World) -> Address:
    return {"code": world.group.code, "day": TODAY}


def colleague(world: World) -> Address:
    return {"pk": world.somebody(Role.COO).pk}


def lessons(world: World) -> Address:
    """A day of the class, at a school that takes its registers per lesson."""
    School.objects.filter(pk=world.school.pk).update(sector="vo", lesson_minutes=50)
    return register(world)


def lesson(world: World) -> Address:
    return {**lessons(world), "lesson": 1}


def meeting(world: World) -> Address:
    """Everybody who has to do with the pupil by now is invited."""
    mentors = User.objects.filter(pk__in=world.group.mentors.values("user"))
    for person in mentors | User.objects.filter(pk__in=world.pupil.assignments.values("user")):
        MeetingGuest.objects.get_or_create(meeting=world.meeting, user=person, defaults={"role": Role.MENTOR})
    return {"code": world.meeting.code}


def refused(world: World) -> Address:
    return {"code": world.upload.code, "form": "csv"}


def text_to_judge(world: World) -> Address:
    return {**privacy_request(world), "digest": review_of(world.privacy_request).pieces[0].text.digest}


def file_to_fetch(world: World) -> Address:
    return {**privacy_request(world), "form": "json"}


def pupil_with_number(world: World) -> Address:
    return {"code": world.person_number.pupil.code}


KEEPS_NUMBERS = frozenset({Role.COO, Role.ADMINISTRATIE})
HANDLES_REQUESTS = frozenset({Role.COO, Role.SCHOOLLEIDER})
RUNS_CASES = frozenset({Role.COO, Role.ZORGCOACH})
WORKS_ON_CASES = RUNS_CASES | {Role.MENTOR, Role.GEDRAGSDESKUNDIGE}
SEES_FILES = WORKS_ON_CASES | {Role.SCHOOLLEIDER, Role.JEUGDARTS}
LEERPLICHT = frozenset({Role.LEERPLICHT})
HANDLES_REPORTS = RUNS_CASES | {Role.ADMINISTRATIE, Role.SCHOOLLEIDER}
AT_MEETINGS = SEES_FILES
IMPORTS = frozenset({Role.ADMINISTRATIE, Role.COO, Role.BEHEERDER})
NO_FILES_ABOUT_PUPILS = {Role.BEHEERDER: 404}
ASKS_ACCESS = RUNS_CASES | {Role.MENTOR, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS}
AT_THE_TABLE = RUNS_CASES | {Role.SCHOOLLEIDER, Role.SWV, Role.LEERPLICHT, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS}

PAGES = (
    Page("admin:accounts_user_second_factor", BEHEERDER, colleague),
    Page("today", EVERYBODY),
    # Exists in development only.
    Page("component_list", EVERYBODY, own=404),
    Page("attendance:set_up", BEHEERDER),
    Page("attendance:school_years", SEES_THE_YEAR, own=302),
    Page("attendance:school_year", SEES_THE_YEAR, school_year),
    Page("attendance:own_days_add", BEHEERDER, school),
    Page("attendance:own_days_change", BEHEERDER, own_days),
    Page("attendance:own_days_remove", BEHEERDER, own_days),
    Page("attendance:school_counted", BEHEERDER, school),
    Page("attendance:norms_of_everybody", BEHEERDER),
    Page("attendance:norms", BEHEERDER, alliance),
    # Norms are set by the alliance: the beheerder of one school reads them.
    Page("attendance:norm_next", BEHEERDER, norm, own=404),
    Page("attendance:norm_withdraw", BEHEERDER, norm, own=404),
    Page("attendance:absence_bands", BEHEERDER, school),
    Page("attendance:reasons", BEHEERDER, school),
    Page("attendance:reason_add", BEHEERDER, school),
    Page("attendance:reason_change", BEHEERDER, reason),
    Page("attendance:reason_retire", BEHEERDER, reason, "post", own=302),
    Page("attendance:reason_restore", BEHEERDER, reason, "post", own=302),
    Page("attendance:reason_remove", BEHEERDER, reason, "post", own=302),
    Page("attendance:unknown_codes", BEHEERDER, school),
    Page("attendance:unknown_code_solve", BEHEERDER, unknown_code, "post", own=302),
    Page("accounts:leaving_list", BEHEERDER),
    Page("accounts:leaving", BEHEERDER, leaver),
    Page("accounts:read_log", frozenset({Role.FG})),
    Page("privacy:alert_list", SETS_HOLDS),
    Page("privacy:alert_detail", SETS_HOLDS, alert),
    Page("privacy:alert_judge", SETS_HOLDS, alert, "post", own=400),
    Page("privacy:retention", WATCHES_TERMS),
    Page("privacy:retention_preview", WATCHES_TERMS, school),
    Page("privacy:run_propose", BEHEERDER, school, "post", own=302),
    Page("privacy:run_detail", WATCHES_TERMS, proposed_run),
    Page("privacy:run_approve", SETS_HOLDS, proposed_run, "post", own=302),
    Page("privacy:run_withdraw", WATCHES_TERMS, proposed_run, "post", own=302),
    Page("privacy:run_protocol_pdf", WATCHES_TERMS, finished_run),
    Page("privacy:run_protocol_csv", WATCHES_TERMS, finished_run),
    Page("privacy:term_list", WATCHES_TERMS, alliance),
    Page("privacy:term_change", BEHEERDER, term, own=404),
    Page("privacy:hold_list", SETS_HOLDS),
    Page("privacy:hold_lift", SETS_HOLDS, legal_hold, "post", own=302),
    Page("accounts:own_sessions", EVERYBODY),
    Page("accounts:session_state", EVERYBODY),
    Page("accounts:log_file", frozenset({Role.FG})),
    Page("attendance:api_token_list", frozenset({Role.BEHEERDER})),
    Page("attendance:api_token_revoke", frozenset({Role.BEHEERDER}), api_token, "post", own=302),
    Page("attendance:registers_to_take", TAKES_REGISTERS),
    Page("attendance:registers_missing", TAKES_REGISTERS | {Role.SCHOOLLEIDER}),
    Page("attendance:reminders_switch", TAKES_REGISTERS - {Role.COO}, method="post", own=302),
    Page("attendance:register_take", TAKES_REGISTERS, register),
    Page("attendance:own_lessons", frozenset({Role.DOCENT})),
    Page("attendance:lessons_of_day", TAKES_LESSONS, lessons, own=302),
    Page("attendance:lesson_take", TAKES_LESSONS, lesson),
    Page("attendance:lesson_cancel", TAKES_LESSONS, lesson, "post", own=302),
    Page("attendance:day_close", TAKES_REGISTERS, lessons),
    Page("attendance:lesson_week", TAKES_REGISTERS, lessons),
    Page("attendance:lesson_reason", TAKES_REGISTERS, lessons, "post", own=302),
    Page("attendance:unknown_reason_list", TAKES_REGISTERS),
    Page("attendance:unknown_reason_fill", TAKES_REGISTERS, absence, "post", own=302),
    Page("attendance:own_signals", frozenset({Role.MENTOR})),
    Page("attendance:upcoming", RUNS_CASES | {Role.SCHOOLLEIDER}),
    Page("attendance:data_quality_list", LOOKS_AT_QUALITY, own=302),
    Page("attendance:data_quality_of_school", LOOKS_AT_QUALITY, school),
    Page("attendance:import_list", IMPORTS),
    Page("attendance:import_upload", IMPORTS),
    Page("attendance:import_detail", IMPORTS, upload, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_columns", IMPORTS, upload, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_start", IMPORTS, upload, "post", own=302, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_cancel", IMPORTS, upload, "post", own=302, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_refused", IMPORTS, refused, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_report", IMPORTS, register_import, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:import_undo", IMPORTS, register_import, except_for=NO_FILES_ABOUT_PUPILS),
    Page("attendance:assigned_pupils", frozenset({Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS})),
    Page("attendance:pupil_search", SEES_PUPILS),
    Page("attendance:pupil_detail", SEES_PUPILS, pupil),
    Page("attendance:pupil_attendance", SEES_PUPILS, pupil),
    Page("attendance:pupil_attendance_of_year", SEES_PUPILS, pupil_in_year),
    Page("attendance:picture_list", LOOKS),
    Page("attendance:picture_of_group", LOOKS, group),
    Page("attendance:chart_of_group", LOOKS, chart_of_group),
    Page("attendance:picture_of_school", LOOKS, school, except_for={Role.MENTOR: 404}),
    Page("attendance:chart_of_school", LOOKS, chart_of_school, except_for={Role.MENTOR: 404}),
    Page("attendance:assignments", RUNS_CASES, pupil),
    Page("attendance:assignment_extend", RUNS_CASES, assignment, "post", own=302),
    Page("attendance:my_access", ASKS_ACCESS | {Role.SCHOOLLEIDER}),
    Page("attendance:access_ask", ASKS_ACCESS),
    Page("attendance:access_overview", RUNS_CASES),
    Page("attendance:access_answer", frozenset({Role.COO}), access_request),
    Page("attendance:emergency_open", frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.MENTOR})),
    Page("attendance:emergency_list", frozenset({Role.COO, Role.FG})),
    Page("attendance:emergency_end", frozenset({Role.COO}), emergency, "post", own=302),
    Page("attendance:emergency_review", frozenset({Role.FG}), emergency, "post", own=400),
    Page("attendance:absence_add", TAKES_REGISTERS, pupil),
    Page("attendance:absence_history", SEES_PUPILS, pupil),
    Page("attendance:group_absence_add", TAKES_REGISTERS),
    Page("attendance:group_absence", TAKES_REGISTERS, group_absence),
    Page("attendance:absence_change", TAKES_REGISTERS, absence),
    Page("attendance:absence_close", TAKES_REGISTERS, absence),
    Page("attendance:absence_withdraw", TAKES_REGISTERS, absence),
    Page("attendance:arrangements", SEES_ARRANGEMENTS, pupil),
    Page("attendance:lapsing_timetables", SEES_ARRANGEMENTS),
    Page("attendance:pupil_add", ARRANGES),
    Page("attendance:timetable_add", ARRANGES, pupil),
    Page("attendance:timetable_change", ARRANGES, timetable),
    Page("attendance:timetable_end", ARRANGES, timetable),
    Page("attendance:timetable_remove", ARRANGES, timetable),
    Page("attendance:exemption_add", ARRANGES, pupil),
    Page("attendance:exemption_change", ARRANGES, exemption),
    Page("attendance:exemption_end", ARRANGES, exemption),
    Page("attendance:exemption_remove", ARRANGES, exemption),
    Page("attendance:enrolment_leave", ARRANGES, enrolment),
    Page("attendance:enrolment_correct", ARRANGES, enrolment),
    Page("attendance:enrolment_place", ARRANGES, enrolment),
    Page("attendance:enrolment_class", ARRANGES, enrolment),
    Page("cases:signal_list", RUNS_CASES | {Role.MENTOR}),
    Page("cases:signal_answer", RUNS_CASES | {Role.MENTOR}, signal, "post", own=400),
    Page("cases:hand_over_accept", frozenset({Role.COO}), hand_over, "post", own=302),
    Page("cases:step_list", WORKS_ON_CASES),
    Page("cases:step_complete", WORKS_ON_CASES, step, "post", own=302),
    Page("cases:step_drop", RUNS_CASES, step, "post", own=302),
    Page("cases:case_list", SEES_FILES),
    Page("cases:case_detail", SEES_FILES, case),
    Page("cases:case_log", SEES_FILES - {Role.JEUGDARTS}, case),
    Page("cases:case_write", WORKS_ON_CASES, case, "post", own=400),
    Page("cases:case_meetings", SEES_FILES, case),
    Page("cases:case_reports", SEES_FILES, case),
    Page("cases:case_plan_step", RUNS_CASES, case, "post", own=400),
    Page("cases:case_take_over", RUNS_CASES, case, "post", own=302),
    Page("cases:case_assign", RUNS_CASES, case, "post", own=400),
    Page("cases:case_close", RUNS_CASES, case, "post", own=400),
    Page("cases:case_of_pupil", SEES_FILES, pupil),
    Page("cases:case_open", RUNS_CASES | {Role.MENTOR}, pupil, "post", own=302),
    Page("cases:report_start", frozenset({Role.COO}), case, "post", own=302),
    Page("cases:report_list", HANDLES_REPORTS),
    Page("cases:report_detail", HANDLES_REPORTS, report_at_office),
    Page("cases:report_prepare", frozenset({Role.COO}), draft, "post", own=400),
    Page("cases:report_drop", frozenset({Role.COO}), draft, "post", own=400),
    Page("cases:report_return", frozenset({Role.ADMINISTRATIE}), report_at_office, "post", own=400),
    Page("cases:report_send", frozenset({Role.ADMINISTRATIE}), report_at_office, "post", own=302),
    Page("cases:report_withdraw", frozenset({Role.COO, Role.ADMINISTRATIE}), report_sent, "post", own=400),
    Page("cases:report_reply", frozenset({Role.COO, Role.ADMINISTRATIE}), report_sent, "post", own=400),
    Page("cases:inbox", LEERPLICHT),
    Page("cases:report_received", LEERPLICHT, report_sent),
    Page("cases:report_answer", LEERPLICHT, report_sent, "post", own=400),
    Page("cases:report_ask", LEERPLICHT, report_sent, "post", own=400),
    Page("cases:meeting_list", AT_MEETINGS),
    Page("cases:meeting_detail", AT_MEETINGS, meeting),
    Page("cases:meeting_confirm", frozenset({Role.COO}), meeting, "post", own=400),
    Page("cases:meeting_cancel", frozenset({Role.COO}), meeting, "post", own=400),
    Page("privacy:number_use", BEHEERDER),
    Page("privacy:number_use_on", BEHEERDER, school, "post", own=302),
    Page("privacy:number_use_off", BEHEERDER, school),
    Page("privacy:number", KEEPS_NUMBERS, pupil_with_number),
    Page("privacy:number_reveal", KEEPS_NUMBERS, pupil_with_number, "post", own=400),
    Page("privacy:number_remove", KEEPS_NUMBERS, pupil_with_number, "post", own=302),
    Page("privacy:request_list", HANDLES_REQUESTS | {Role.FG}),
    Page("privacy:requests_of_pupil", SEES_FILES, pupil),
    Page("privacy:request_add", HANDLES_REQUESTS, pupil),
    Page("privacy:request_detail", HANDLES_REQUESTS, privacy_request),
    Page("privacy:request_weigh", HANDLES_REQUESTS, privacy_request, "post", own=400),
    Page("privacy:request_extend", HANDLES_REQUESTS, privacy_request, "post", own=400),
    Page("privacy:request_answer", HANDLES_REQUESTS, privacy_request, "post", own=400),
    Page("privacy:review_list", HANDLES_REQUESTS, privacy_request),
    Page("privacy:review_text", HANDLES_REQUESTS, text_to_judge),
    Page("privacy:second_look", HANDLES_REQUESTS, privacy_request, "post", own=302),
    Page("privacy:request_file", HANDLES_REQUESTS, file_to_fetch, "post", own=302),
    Page("tables:board", AT_THE_TABLE),
    Page("tables:place_pupil", frozenset({Role.COO}), pupil),
    Page("tables:entry_detail", AT_THE_TABLE, entry),
    Page("tables:entry_phase", frozenset({Role.COO}), entry, "post", own=400),
    Page("tables:entry_decline", frozenset({Role.COO}), entry, "post", own=302),
    Page("tables:entries_of_case", AT_THE_TABLE - {Role.SWV, Role.LEERPLICHT}, case),
    Page("privacy:who_can_see", SEES_FILES, pupil),
    Page("privacy:for_parents", RUNS_CASES | {Role.SCHOOLLEIDER}, pupil),
)
