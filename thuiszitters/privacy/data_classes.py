"""The kinds of data about a pupil, each with its own term, and what makes a term wait."""

from __future__ import annotations

from django.db.models import TextChoices


class DataClass(TextChoices):
    """In the order in which they are destroyed: what rests on a row goes before it."""

    FILE = "dossier", "leerlingdossier (begeleiding)"
    TABLE = "tafel", "Thuiszitterstafel"
    REFERRAL = "verwijzing", "verwijzing naar speciaal onderwijs"
    REPORT = "melding", "meldingen bij leerplicht"
    REQUEST = "verzoek", "verzoeken om inzage, correctie of bezwaar"
    ABSENCE = "verzuim", "verzuim"
    ENROLMENT = "inschrijving", "in- en uitschrijving"
    LOG = "logboek", "logboek van handelingen"


BY_SCHOOL = (DataClass.FILE, DataClass.REPORT, DataClass.REQUEST, DataClass.ABSENCE, DataClass.ENROLMENT)
"""Of these each school where a pupil was enrolled has its own part, with its own clock."""

WAITS_FOR = {
    DataClass.REQUEST: (DataClass.FILE, DataClass.REPORT),
    DataClass.ABSENCE: (DataClass.FILE, DataClass.REPORT),
    DataClass.ENROLMENT: (DataClass.FILE, DataClass.REPORT, DataClass.REQUEST, DataClass.ABSENCE),
}
"""Data of the same school that must be due as well: it rests on this, or is told apart by it. What parents or pupil
say of a file or a report stays as long as that does, whatever terms an alliance chose (AVG art. 16)."""


class StartEvent(TextChoices):
    """What starts a clock."""

    LEFT_SCHOOL = "uitschrijving", "de leerling is uitgeschreven"
    ANSWERED = "beantwoord", "het verzoek is beantwoord en de leerling weg"
    LEFT_TABLE = "van_de_tafel", "de leerling is van de Thuiszitterstafel af"
    WRITTEN = "vastgelegd", "de regel is geschreven"


class Block(TextChoices):
    """Why data that is old enough stays."""

    HOLD = "blokkade", "bewaren is verplicht (blokkade)"
    OPEN_REQUEST = "verzoek_open", "er loopt een verzoek om inzage, correctie of bezwaar"
    OPEN_CASE = "dossier_open", "het dossier is nog open"
    OPEN_REPORT = "melding_open", "een melding is nog open"
    ON_TABLE = "op_tafel", "de leerling staat nog op de Thuiszitterstafel"
