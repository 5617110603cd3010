"""Pull: which talks do the pupils on the table need that nobody has proposed yet?

On the table is a case with a phase that is not gesloten; the table itself stands above this app.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from attendance.engine.calendar import SchoolCalendar
from attendance.engine.facts import Rule
from attendance.facts import calendar_of
from cases.meeting_times import (
    LARGE_MINUTES,
    LARGE_WITHIN,
    NOTICE,
    OPP_MINUTES,
    TSO_MINUTES,
    first_moment,
    monday_of,
    opp_window,
)
from cases.models import Case, Meeting, MeetingCase, Phase, Signal
from cases.services.case_facts import refresh_facts
from cases.services.meeting_lapses import lapse_talks, lapse_weekly
from cases.services.meetings import make_meeting
from cases.services.staff import only_coo, people_for
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.holders import holders_of

logger = logging.getLogger(__name__)

OPP_GUESTS = (Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE)
LARGE_GUESTS = (*OPP_GUESTS, Role.JEUGDARTS)


def propose_meetings(today: date) -> int:
    """Propose what is missing; how many are new. What nobody needs any more lapses. May be repeated, and run twice at
    once: a key is proposed once."""
    lapse_talks()
    cases = list(
        Case.objects.open()
        .exclude(phase__in=(Phase.NONE, Phase.GESLOTEN))
        .select_related("pupil", "school", "owner")
        .order_by("pk")
    )
    made = 0
    for case in cases:
        try:
            made += _propose_opp(case, today) + _propose_large(case, today)
        except Exception:
            logger.exception("proposing a meeting failed: case %s", case.pk)
    made += _propose_tso(cases, today)
    lapse_weekly()
    return made


def _guests(case: Case, roles: Iterable[Role], today: date) -> dict[int, str]:
    """Who is invited, by role. The owner stands for the own role; others of that role at the school are not asked."""
    found: dict[int, str] = {}
    for role in roles:
        if case.owner is not None and case.owner_role == role:
            found[case.owner.pk] = role
            continue
        people = people_for(case, role, today)
        if role in (Role.COO, Role.ZORGCOACH):
            people = people[:1]
        for person in people:
            found.setdefault(person.pk, role)
    return found


def _taken(user_ids: Iterable[int], first: date, last: date) -> list[tuple[datetime, int]]:
    rows = Meeting.objects.filter(
        guests__user__in=list(user_ids), starts_at__date__gte=first, starts_at__date__lte=last
    ).exclude(status=Meeting.Status.CANCELLED)
    return list(rows.values_list("starts_at", "minutes").distinct().order_by("starts_at"))


def _earliest(calendar: SchoolCalendar, today: date) -> date:
    return calendar.school_day_on_or_after(today + timedelta(days=1), NOTICE)


def _last_opp(case: Case) -> date:
    """The day of the last OPP talk that was not cancelled, else the day the case opened."""
    rows = Meeting.objects.filter(kind=Meeting.Kind.OPP, agenda__case=case).exclude(status=Meeting.Status.CANCELLED)
    last = rows.order_by("-starts_at").first()
    return timezone.localtime(last.starts_at).date() if last else case.opened_on


def _propose_opp(case: Case, today: date) -> int:
    last = _last_opp(case)
    if last > today:
        return 0  # the next one is planned or proposed
    calendar = calendar_of(case.school)
    first, until = opp_window(last)
    first = max(first, _earliest(calendar, today))
    until = max(until, first + timedelta(weeks=2))
    guests = _guests(case, OPP_GUESTS, today)
    moment = first_moment(
        first, until, is_school_day=calendar.is_school_day, taken=_taken(guests, first, until), minutes=OPP_MINUTES
    )
    if moment is None:
        moment = first_moment(
            until,
            until + timedelta(weeks=10),
            is_school_day=calendar.is_school_day,
            taken=_taken(guests, until, until + timedelta(weeks=10)),
            minutes=OPP_MINUTES,
        )
    if moment is None:
        return 0
    meeting = make_meeting(
        key=f"opp:{case.pk}:{last.isoformat()}",
        kind=Meeting.Kind.OPP,
        school_id=case.school_id,
        starts_at=moment,
        minutes=OPP_MINUTES,
        cases=[case.pk],
        guests=guests,
    )
    return int(meeting is not None)


def _propose_large(case: Case, today: date) -> int:
    signal = (
        Signal.objects.filter(case=case, crossing__rule=Rule.HOME_4W.value, crossing__withdrawn_at__isnull=True)
        .order_by("-created_at")
        .first()
    )
    if signal is None:
        return 0
    key = f"groot:{case.pk}:{signal.crossing_id}"
    if Meeting.objects.filter(key=key).exists():
        return 0
    calendar = calendar_of(case.school)
    first = _earliest(calendar, today)
    until = calendar.school_day_on_or_after(first, LARGE_WITHIN)
    guests = _guests(case, LARGE_GUESTS, today)
    moment = first_moment(
        first, until, is_school_day=calendar.is_school_day, taken=_taken(guests, first, until), minutes=LARGE_MINUTES
    )
    if moment is None:
        return 0
    meeting = make_meeting(
        key=key,
        kind=Meeting.Kind.LARGE,
        school_id=case.school_id,
        starts_at=moment,
        minutes=LARGE_MINUTES,
        cases=[case.pk],
        guests=guests,
    )
    return int(meeting is not None)


def _pair(case: Case, today: date, known: dict[tuple[int, Role], User | None]) -> tuple[User, User] | None:
    """The zorgcoach and the COO of a case: its owner where the owner is one, else the only one at the school."""
    pair = []
    for role in (Role.ZORGCOACH, Role.COO):
        if case.owner is not None and case.owner_role == role:
            pair.append(case.owner)
            continue
        key = (case.school_id, role)
        if key not in known:
            people = holders_of(role=role, school=case.school, today=today)
            known[key] = only_coo(case.school, today) if role is Role.COO else (people[0] if people else None)
        person = known[key]
        if person is None:
            return None
        pair.append(person)
    return pair[0], pair[1]


def _propose_tso(cases: list[Case], today: date) -> int:
    """One TSO a pair for next week, with their pupils as its agenda; the agenda follows the pupils until it is held."""
    known: dict[tuple[int, Role], User | None] = {}
    by_pair: dict[tuple[int, int], list[Case]] = defaultdict(list)
    for case in cases:
        pair = _pair(case, today, known)
        if pair is not None and pair[0].pk != pair[1].pk:
            by_pair[pair[0].pk, pair[1].pk].append(case)
    monday = monday_of(today) + timedelta(weeks=1)
    made = 0
    for (coach, coo), agenda in by_pair.items():
        key = f"tso:{coach}:{coo}:{monday.isoformat()}"
        existing = Meeting.objects.filter(key=key).first()
        if existing is not None:
            _follow_agenda(existing, agenda)
            continue
        calendar = calendar_of(agenda[0].school)
        moment = first_moment(
            monday,
            monday + timedelta(days=4),
            is_school_day=calendar.is_school_day,
            taken=_taken((coach, coo), monday, monday + timedelta(days=4)),
            minutes=TSO_MINUTES,
        )
        if moment is None:
            continue  # no school that week
        meeting = make_meeting(
            key=key,
            kind=Meeting.Kind.TSO,
            school_id=agenda[0].school_id,
            starts_at=moment,
            minutes=TSO_MINUTES,
            cases=[case.pk for case in agenda],
            guests={coach: Role.ZORGCOACH, coo: Role.COO},
        )
        made += int(meeting is not None)
    return made


def _follow_agenda(meeting: Meeting, agenda: list[Case]) -> None:
    """Bring the agenda of a meeting to come up to date: pupils who came on the table, and who left it."""
    if meeting.status == Meeting.Status.CANCELLED or meeting.starts_at <= timezone.now():
        return
    wanted = {case.pk for case in agenda}
    rows = MeetingCase.objects.filter(meeting=meeting)
    present = set(rows.values_list("case", flat=True))
    changed = wanted ^ present
    if not changed:
        return
    rows.exclude(case__in=wanted).delete()
    MeetingCase.objects.bulk_create(
        [MeetingCase(meeting=meeting, case_id=pk) for pk in sorted(wanted - present)], ignore_conflicts=True
    )
    for case in Case.objects.filter(pk__in=changed):
        refresh_facts(case=case)
