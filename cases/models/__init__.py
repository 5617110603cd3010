"""A file per noun."""

from cases.models.case import Case, CaseHandOver, LogEntry, Phase, Step
from cases.models.informed import ParentsInformed
from cases.models.meetings import Meeting, MeetingCase, MeetingGuest
from cases.models.reports import Report, ReportEvent
from cases.models.signals import Signal

__all__ = (
    "Case",
    "CaseHandOver",
    "LogEntry",
    "Meeting",
    "MeetingCase",
    "MeetingGuest",
    "ParentsInformed",
    "Phase",
    "Report",
    "ReportEvent",
    "Signal",
    "Step",
)
