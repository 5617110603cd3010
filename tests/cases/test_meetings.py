"""Which talks are proposed, when, with whom; confirming, moving, cancelling; what is mailed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from attendance.engine.facts import Rule
from cases.invitations import calendar_file, mail_invitations
from cases.meeting_times import AMSTERDAM, HOURS, first_moment, opp_window
from cases.models import Case, Meeting, Phase, Signal
from cases.services.meeting_proposals import propose_meetings
from cases.services.meetings import cancel_meeting, confirm_meeting
from cases.services.refusals import CaseRefusedError
from tests.cases.rows import a_crossing, a_mentor, a_pupil, a_school, a_user
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

TODAY = date(2025, 11, 20)  # a Thursday
NOON = datetime(2025, 11, 20, 12, tzinfo=AMSTERDAM)


def test_opp_talk_falls_eight_to_ten_weeks_later() -> None:
    assert opp_window(date(2025, 9, 1)) == (date(2025, 10, 27), date(2025, 11, 10))


def test_first_moment_skips_what_is_closed_or_taken() -> None:
    def open_on(day: date) -> bool:
        return day.weekday() == 1

    tuesday = datetime(2025, 11, 25, 9, tzinfo=AMSTERDAM)
    assert first_moment(TODAY, TODAY + timedelta(days=9), is_school_day=open_on, taken=(), minutes=60) == tuesday
    taken = [(tuesday + timedelta(minutes=30), 30)]
    found = first_moment(TODAY, TODAY + timedelta(days=9), is_school_day=open_on, taken=taken, minutes=60)
    assert found == tuesday + timedelta(hours=1)
    full = [(datetime.combine(tuesday.date(), hour, tzinfo=AMSTERDAM), 60) for hour in HOURS]
    assert first_moment(TODAY, TODAY + timedelta(days=9), is_school_day=open_on, taken=full, minutes=60) is None


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)], ids=["clock forward", "clock back"])
def test_first_moment_is_at_nine_on_the_days_the_clock_changes(day: date) -> None:
    found = first_moment(day, day, is_school_day=lambda _: True, taken=(), minutes=60)
    assert found is not None
    assert found.astimezone(AMSTERDAM).hour == 9


@pytest.fixture
def school(db: None) -> School:
    return a_school()


@pytest.fixture
def coo(school: School) -> User:
    return a_user(Role.COO, school, "Noor Bakker")


@pytest.fixture
def coach(school: School) -> User:
    return a_user(Role.ZORGCOACH, school, "Joris Vos")


def on_the_table(school: School, coo: User, **fields: object) -> Case:
    pupil = a_pupil(school)
    values = {"owner": coo, "opened_on": TODAY, "phase": Phase.DREIGEND, **fields}
    return Case.objects.create(pupil=pupil, school=school, school_of_enrolment=school, **values)


@time_machine.travel(NOON, tick=False)
def test_proposals_are_made_once_with_the_right_people(school: School, coo: User, coach: User) -> None:
    case = on_the_table(school, coo)
    mentor = a_mentor(case.pupil)
    assert propose_meetings(TODAY) == 2
    assert propose_meetings(TODAY) == 0
    opp, tso = Meeting.objects.get(kind="opp"), Meeting.objects.get(kind="tso")
    assert date(2026, 1, 15) <= timezone.localtime(opp.starts_at).date() <= date(2026, 1, 29)
    assert set(opp.guests.values_list("user", "role")) == {
        (coo.pk, "coo"),
        (coach.pk, "zorgcoach"),
        (mentor.pk, "mentor"),
    }
    assert timezone.localtime(tso.starts_at).date() == date(2025, 11, 24)
    assert set(tso.guests.values_list("user", flat=True)) == {coo.pk, coach.pk}
    case.refresh_from_db()
    assert case.next_meeting_at == tso.starts_at


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("phase", [Phase.NONE, Phase.GESLOTEN])
def test_nothing_is_proposed_for_who_is_not_on_the_table(school: School, coo: User, coach: User, phase: Phase) -> None:
    on_the_table(school, coo, phase=phase)
    assert propose_meetings(TODAY) == 0
    assert not Meeting.objects.filter(guests__user=coach).exists()


@time_machine.travel(NOON, tick=False)
def test_four_weeks_at_home_asks_for_a_large_meeting_once(school: School, coo: User) -> None:
    case = on_the_table(school, coo, phase=Phase.THUISZITTER)
    crossing = a_crossing(case.pupil, Rule.HOME_4W, date(2025, 10, 20), TODAY)
    Signal.objects.create(crossing=crossing, pupil=case.pupil, school=school, case=case, audience=Role.COO, revision=1)
    propose_meetings(TODAY)
    propose_meetings(TODAY + timedelta(days=1))
    large = Meeting.objects.get(kind="groot")
    assert timezone.localtime(large.starts_at).date() == date(2025, 11, 25)


@time_machine.travel(NOON, tick=False)
def test_weekly_agenda_follows_the_pupils_until_it_is_held(school: School, coo: User, coach: User) -> None:
    first = on_the_table(school, coo)
    propose_meetings(TODAY)
    second = on_the_table(school, coo)
    Case.objects.filter(pk=first.pk).update(phase=Phase.GESLOTEN)
    propose_meetings(TODAY)
    tso = Meeting.objects.get(kind="tso")
    assert list(tso.agenda.values_list("case", flat=True)) == [second.pk]


@time_machine.travel(NOON, tick=False)
def test_weekly_talk_skips_a_holiday_week(school: School, coo: User, coach: User) -> None:
    on_the_table(school, coo)
    with time_machine.travel(datetime(2025, 12, 18, 12, tzinfo=AMSTERDAM), tick=False):
        propose_meetings(date(2025, 12, 18))
    assert not Meeting.objects.filter(kind="tso").exists()


def decided(meeting: Meeting, by: User, **changes: object) -> Meeting:
    values = {
        "starts_at": meeting.starts_at,
        "minutes": meeting.minutes,
        "place": "kamer 2",
        "parents_invited": "gebeld door Noor Bakker",
    }
    confirm_meeting(meeting=meeting, by=by, today=TODAY, **{**values, **changes})  # type: ignore[arg-type]
    return meeting


@time_machine.travel(NOON, tick=False)
def test_invitation_keeps_its_uid_and_raises_its_sequence(school: School, coo: User, coach: User) -> None:
    on_the_table(school, coo)
    propose_meetings(TODAY)
    meeting = Meeting.objects.get(kind="tso")
    assert mail_invitations() == 0  # a proposal is nobody's appointment yet
    decided(meeting, coo)
    assert mail_invitations() == 1
    assert mail_invitations() == 0
    decided(meeting, coo, starts_at=meeting.starts_at + timedelta(hours=1))
    mail_invitations()
    cancel_meeting(meeting=meeting, why="ziek", by=coo, today=TODAY)
    mail_invitations()
    files = [Calendar.from_ical(message.attachments[0][1]) for message in mail.outbox if message.to == [coo.email]]
    events = [next(iter(file.walk("VEVENT"))) for file in files]
    assert [str(file["METHOD"]) for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(str(event["SEQUENCE"])) for event in events] == [1, 2, 3]
    assert {str(event["UID"]) for event in events} == {f"{meeting.code}@thuiszitters"}
    assert str(events[2]["STATUS"]) == "CANCELLED"
    assert sorted({message.to[0] for message in mail.outbox}) == sorted([coo.email, coach.email])


@time_machine.travel(NOON, tick=False)
def test_invitation_names_no_pupil_and_has_dutch_time(school: School, coo: User, coach: User) -> None:
    case = on_the_table(school, coo)
    propose_meetings(TODAY)
    meeting = decided(Meeting.objects.get(kind="tso"), coo)
    mail_invitations()
    whole = " ".join(f"{message.subject} {message.body} {message.attachments[0][1]}" for message in mail.outbox)
    for secret in (case.pupil.first_name, case.pupil.surname, case.pupil.number, "2A"):
        assert secret not in whole
    text = calendar_file(meeting, to=coo.email)
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/Amsterdam:20251124T090000" in text


@time_machine.travel(NOON, tick=False)
def test_cancelled_proposal_is_not_mailed(school: School, coo: User, coach: User) -> None:
    on_the_table(school, coo)
    propose_meetings(TODAY)
    cancel_meeting(meeting=Meeting.objects.get(kind="tso"), why="niet nodig", by=coo, today=TODAY)
    mail_invitations()
    assert mail.outbox == []


@time_machine.travel(NOON, tick=False)
def test_second_of_two_who_decide_is_told(school: School, coo: User, coach: User) -> None:
    on_the_table(school, coo)
    propose_meetings(TODAY)
    mine, theirs = Meeting.objects.get(kind="tso"), Meeting.objects.get(kind="tso")
    decided(theirs, coo)
    with pytest.raises(CaseRefusedError, match="iemand anders"):
        cancel_meeting(meeting=mine, why="ziek", by=coach, today=TODAY)
    with pytest.raises(CaseRefusedError, match="voorbij"):
        decided(theirs, coo, starts_at=NOON)
    theirs.refresh_from_db()
    assert (theirs.status, theirs.sequence) == (Meeting.Status.CONFIRMED, 1)
