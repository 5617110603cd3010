"""Where personal data stands: every table of the application, and what becomes of its rows.

The destruction is carried out by this map, and a test walks all tables: a new one that is not in it fails. Put it in
HELD when its rows are about one pupil and go with a class of data; in GOES_WITH when the database takes it along with
another row; in the others when it holds no pupil, and say why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from thuiszitters.privacy.data_classes import DataClass


@dataclass(frozen=True, eq=False)
class Held:
    """Rows about one pupil that go with a class of data.

    `pupil` is the way to the pupil. Whose part they are (see services.holdings) follows from the first of these that
    is filled in and set: `case` (the way to a case), `school`, `alliance`, `dates` (first and last field, dates or
    moments). `only`: the rows that this is about, as filters.
    """

    model: str
    data_class: DataClass
    pupil: str = "pupil"
    case: str = ""
    school: str = ""
    alliance: str = ""
    dates: tuple[str, str] = ("", "")
    only: dict[str, Any] = field(default_factory=dict)


PERIOD = ("first", "last")

HELD: tuple[Held, ...] = (
    # In this order the rows of one class go: what points at another row goes before it.
    Held("cases.Signal", DataClass.FILE, case="case", dates=("crossing__start", "crossing__crossed_on")),
    Held("cases.Report", DataClass.FILE, school="school", only={"sent_at__isnull": True}),
    Held("cases.MeetingCase", DataClass.FILE, pupil="case__pupil", case="case"),
    Held("tables.TableEntry", DataClass.FILE, pupil="case__pupil", case="case", only={"placed_at__isnull": True}),
    Held("cases.ParentsInformed", DataClass.FILE, dates=("recorded_at", "recorded_at")),
    Held("cases.Case", DataClass.FILE, case="pk", only={"emptied_at__isnull": True}),
    Held("privacy.PrivacyRequest", DataClass.REQUEST, school="school"),
    # One that fitted no pupil is of nobody's part: attendance.services.access_requests.forget_misses.
    Held("attendance.AccessRequest", DataClass.FILE, school="school"),
    Held("attendance.EmergencyAccess", DataClass.FILE, school="school_of_enrolment"),
    Held("attendance.Assignment", DataClass.FILE, dates=PERIOD),
    Held(
        "tables.TableEntry",
        DataClass.TABLE,
        pupil="case__pupil",
        alliance="alliance",
        case="case",
        only={"placed_at__isnull": False},
    ),
    Held("cases.Report", DataClass.REPORT, school="school", only={"sent_at__isnull": False}),
    Held("attendance.WaitingRow", DataClass.ABSENCE, dates=PERIOD),
    Held("attendance.ImportChange", DataClass.ABSENCE, dates=("register_import__started_at",) * 2),
    Held("attendance.LessonMark", DataClass.ABSENCE, dates=("day", "day")),
    Held("attendance.Crossing", DataClass.ABSENCE, dates=("start", "crossed_on")),
    Held("attendance.Absence", DataClass.ABSENCE, dates=PERIOD),
    Held("attendance.OwnTimetable", DataClass.ABSENCE, dates=PERIOD),
    Held("attendance.Exemption", DataClass.ABSENCE, dates=PERIOD),
    Held(
        "attendance.ArrangementChange", DataClass.ABSENCE, dates=PERIOD, only={"about__in": ["rooster", "vrijstelling"]}
    ),
    Held("attendance.ArrangementChange", DataClass.ENROLMENT, dates=PERIOD, only={"about": "inschrijving"}),
    Held("privacy.PersonNumber", DataClass.ENROLMENT, school="school"),
    Held("attendance.Enrolment", DataClass.ENROLMENT, school="school"),
)

WHOLE = "attendance.Pupil"
"""The child: goes when nothing is left of them at any school or alliance, with what hangs on it."""

GOES_WITH: dict[str, str] = {
    "attendance.AbsenceVersion": "attendance.Absence",
    "attendance.CrossingChange": "attendance.Crossing",
    "attendance.PastGroup": "attendance.Enrolment",
    "attendance.PupilClock": "attendance.Pupil",
    "attendance.PushedAbsence": "attendance.Absence",
    "attendance.SettledAbsence": "attendance.Absence",
    "cases.CaseHandOver": "cases.Case",
    "cases.LogEntry": "cases.Case",
    "cases.MeetingGuest": "cases.Meeting",
    "cases.ReportEvent": "cases.Report",
    "cases.Step": "cases.Case",
    "privacy.Judgement": "privacy.PrivacyRequest",
    "privacy.LegalHold": "attendance.Pupil",
    "tables.PhaseChange": "tables.TableEntry",
}

LAST_OUT: dict[str, str] = {
    "attendance.GroupAbsence": "van meer leerlingen samen; verdwijnt met het verzuim van de laatste",
    "cases.Meeting": "van meer leerlingen samen; verdwijnt met de laatste op de agenda",
}
"""Shared by pupils: gone with the last of them."""

OWN_TERM: dict[str, str] = {
    "admin.LogEntry": "wijzigingen in de inrichting; er staat geen leerling in",
    "attendance.FilePart": "stukken van een bestand dat wacht: hooguit UPLOAD_KEEP_DAYS dagen",
    "attendance.FileUpload": "voorbeelden van cellen gaan weg met het bestand: hooguit UPLOAD_KEEP_DAYS dagen",
    "attendance.RefusedLine": "geweigerde rijen: hooguit UPLOAD_KEEP_DAYS dagen",
    "audit.Entry": "logboek: een eigen termijn vanaf de regel; alleen de code van de leerling staat erin",
    "privacy.Alert": "verloopt met het logboek; welke leerling het was staat er niet in",
    "privacy.AlertJudgement": "verloopt met het logboek, met het patroon waar het over gaat",
    "sessions.Session": "een melding na opslaan kan een naam noemen: verlopen sessies worden elke dag gewist",
}
"""Holds something of a person for its own time, whatever becomes of the pupil."""

OF_STAFF: dict[str, str] = {
    "account.EmailAddress": "adres van een medewerker",
    "account.EmailConfirmation": "adres van een medewerker",
    "accounts.Departure": "wie vertrekt of vertrok; aantallen van wat is losgelaten, zonder namen",
    "accounts.Membership": "aanstelling van een medewerker",
    "accounts.User": "medewerker",
    "accounts.User_groups": "medewerker",
    "accounts.User_user_permissions": "medewerker",
    "attendance.AccessNotice": "mail aan een medewerker over toegang; alleen een code",
    "attendance.ApiToken": "door wie gemaakt",
    "attendance.ColumnMapping": "door wie gekozen",
    "attendance.GroupMentor": "mentor van een klas",
    "attendance.GroupTeacher": "docent van een klas",
    "attendance.LessonTaken": "wie de les invulde; wie er was staat er niet in",
    "attendance.RegisterImport": "wie inlas, en aantallen",
    "attendance.RegisterReminder": "wie herinnerd is",
    "attendance.RegisterTaken": "wie de klas invulde; wie er was staat er niet in",
    "attendance.UnknownCode": "een code van een school, en wie haar koppelde",
    "privacy.DestructionRun": "wie voorstelde en wie akkoord gaf",
    "privacy.NumberUse": "wie het gebruik van nummers aanzette",
    "privacy.RetentionTerm": "wie de termijn koos",
    "mfa.Authenticator": "tweede stap van een medewerker; sleutels staan er versleuteld in",
    "socialaccount.SocialAccount": "medewerker bij een andere inlogdienst",
    "socialaccount.SocialToken": "medewerker bij een andere inlogdienst",
    "usersessions.UserSession": "waar een medewerker is ingelogd",
}
"""People who work here, no pupil. They stay for as long as what they did must be accounted for."""

NOBODY: dict[str, str] = {
    "accounts.Alliance": "organisatie",
    "accounts.LoginProvider": "organisatie",
    "accounts.LoginProvider_schools": "organisatie",
    "accounts.Municipality": "organisatie",
    "accounts.School": "organisatie",
    "accounts.YouthHealth": "organisatie",
    "attendance.AbsenceBands": "instelling",
    "attendance.CalendarException": "vrije dagen",
    "attendance.Group": "naam van een klas",
    "attendance.NormRow": "norm",
    "attendance.Reason": "reden uit de lijst",
    "attendance.RegisterImport_stated_complete": "scholen van een import",
    "audit.Expiry": "welk deel van het logboek verlopen is",
    "audit.Opening": "deur van het logboek; nooit een rij",
    "audit.Seal": "zegel onder het logboek: afdrukken die zonder sleutel niets zeggen",
    "auth.Group": "ongebruikt",
    "auth.Group_permissions": "ongebruikt",
    "auth.Permission": "ongebruikt",
    "contenttypes.ContentType": "techniek",
    "socialaccount.SocialApp": "een inlogdienst",
    "privacy.KeptCount": "aantallen zonder personen",
    "privacy.RunItem": "begin van een code; de verwijzing naar de leerling verdwijnt",
    "privacy.Tombstone": "versleutelde kenmerken zonder naam, datum of nummer",
}


def known_models() -> list[str]:
    """Every table that the map speaks of; one that has two lines in HELD twice."""
    held = dict.fromkeys(entry.model for entry in HELD)
    return [*held, WHOLE, *GOES_WITH, *LAST_OUT, *OWN_TERM, *OF_STAFF, *NOBODY]
