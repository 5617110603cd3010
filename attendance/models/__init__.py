"""A file per noun."""

from attendance.models.absences import Absence, AbsenceVersion, GroupAbsence, Reason, RegisterReminder, RegisterTaken
from attendance.models.access import AccessNotice, AccessRequest, EmergencyAccess
from attendance.models.api import ApiToken, PushedAbsence
from attendance.models.arrangements import ArrangementChange, Exemption, OwnTimetable
from attendance.models.bands import AbsenceBands
from attendance.models.calendar import CalendarException, NormRow
from attendance.models.crossings import Crossing, CrossingChange, PupilClock
from attendance.models.imports import ImportChange, RegisterImport
from attendance.models.lessons import GroupTeacher, LessonMark, LessonTaken, SettledAbsence
from attendance.models.pupils import (
    Assignment,
    Enrolment,
    Group,
    GroupMentor,
    PastGroup,
    Pupil,
)
from attendance.models.uploads import ColumnMapping, FilePart, FileUpload, RefusedLine
from attendance.models.waiting import UnknownCode, WaitingRow

__all__ = (
    "Absence",
    "AbsenceBands",
    "AbsenceVersion",
    "AccessNotice",
    "AccessRequest",
    "ApiToken",
    "ArrangementChange",
    "Assignment",
    "CalendarException",
    "ColumnMapping",
    "Crossing",
    "CrossingChange",
    "EmergencyAccess",
    "Enrolment",
    "Exemption",
    "FilePart",
    "FileUpload",
    "Group",
    "GroupAbsence",
    "GroupMentor",
    "GroupTeacher",
    "ImportChange",
    "LessonMark",
    "LessonTaken",
    "NormRow",
    "OwnTimetable",
    "PastGroup",
    "Pupil",
    "PupilClock",
    "PushedAbsence",
    "Reason",
    "RefusedLine",
    "RegisterImport",
    "RegisterReminder",
    "RegisterTaken",
    "SettledAbsence",
    "UnknownCode",
    "WaitingRow",
)
