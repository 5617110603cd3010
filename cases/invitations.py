"""Calendar invitations (iCalendar, RFC 5545) for staff. No names of pupils: they say kind, moment and place."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress, vText

from cases.meeting_times import AMSTERDAM
from cases.models import Meeting
from thuiszitters.accounts.addresses import address_of
from thuiszitters.accounts.mail import send_staff_mail

MAIL_SUBJECTS = {
    Meeting.Status.CONFIRMED: "Afspraak: {kind}",
    Meeting.Status.CANCELLED: "Afspraak gaat niet door: {kind}",
}


def calendar_file(meeting: Meeting, *, to: str) -> str:
    """The invitation (METHOD:REQUEST) or its cancellation (METHOD:CANCEL) as the text of an .ics file for one guest.

    The UID stays the same for the life of a meeting and SEQUENCE goes up with each change: a calendar replaces what it
    has.
    """
    cancelled = meeting.status == Meeting.Status.CANCELLED
    organizer = settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">")
    event = Event()
    event.add("uid", f"{meeting.code}@thuiszitters")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.decided_at or meeting.created_at)
    start = meeting.starts_at.astimezone(AMSTERDAM)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.get_kind_display())
    event.add("location", vText(meeting.place))
    event.add("url", address_of("cases:meeting_detail", code=meeting.code))
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event["organizer"] = vCalAddress(f"MAILTO:{organizer}")
    attendee = vCalAddress(f"MAILTO:{to}")
    attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Thuiszitters//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text


def mail_invitations() -> int:
    """Mail what changed since the last invitation; how many meetings. A meeting is claimed before anything is sent.

    A process that dies after the claim has mailed too little rather than twice; the page of the meeting tells as well.
    A proposal is not mailed, nor the cancellation of one that never was.
    """
    sent = 0
    for meeting in Meeting.objects.unsent().order_by("pk"):
        claim = Meeting.objects.unsent().filter(pk=meeting.pk, sequence=meeting.sequence)
        if claim.update(mailed_sequence=meeting.sequence) != 1:
            continue
        if meeting.status == Meeting.Status.CANCELLED and meeting.mailed_sequence is None:
            continue
        _mail(meeting)
        sent += 1
    return sent


def _mail(meeting: Meeting) -> None:
    subject = MAIL_SUBJECTS[Meeting.Status(meeting.status)].format(kind=meeting.get_kind_display())
    method = "CANCEL" if meeting.status == Meeting.Status.CANCELLED else "REQUEST"
    context = {
        "kind": meeting.get_kind_display(),
        "starts_at": timezone.localtime(meeting.starts_at),
        "minutes": meeting.minutes,
        "place": meeting.place,
        "cancelled": method == "CANCEL",
        "path": reverse("cases:meeting_detail", args=[meeting.code]),
    }
    for guest in meeting.guests.select_related("user").filter(user__is_active=True).order_by("pk"):
        attachment = ("afspraak.ics", calendar_file(meeting, to=guest.user.email), f"text/calendar; method={method}")
        send_staff_mail(guest.user.email, subject, "cases/mail/invitation.txt", context, attachments=(attachment,))
