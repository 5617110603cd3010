"""What is kept about a child, in classes, and which role sees which of them along which road.

MATRIX is what the application asks (authorizer.py), what docs/toegang.md is written from, and what the tests hold
against a table that was written by hand. A cell that is not here is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices

from thuiszitters.accounts.roles import Role


class DataClass(TextChoices):
    """A kind of data with one purpose: somebody sees all of a class for one pupil, or nothing of it."""

    IDENTITY = "wie", "wie het is"
    FACTS = "aanwezigheid", "aanwezigheid"
    REASONS = "redenen", "redenen"
    SCHOOL_REASONS = "schoolredenen", "redenen van de school"
    ARRANGEMENTS = "rooster", "rooster en inschrijving"
    PLAN = "plan", "plan"
    CARE_NOTES = "logboek", "logboek"
    REPORTS = "meldingen", "meldingen"
    CONTACT = "contact", "contactgegevens"
    TABLE = "tafel", "tafel"
    READERS = "wie_kan_zien", "wie dit kan zien"
    READS = "wie_keek", "wie keek"
    NUMBERS = "aantallen", "aantallen"
    RESTRICTED = "beperkt", "afgeschermde notities"
    MEDICAL = "medisch", "deel van de jeugdarts"
    MELDCODE = "meldcode", "meldcode"
    SECRET_ADDRESS = "geheim_adres", "geheim adres"
    PGN = "pgn", "persoonsgebonden nummer"
    RETENTION = "bewaren", "bewaren en vernietigen"


MEANS: Mapping[DataClass, str] = MappingProxyType(
    {
        DataClass.IDENTITY: "naam, leeftijd, klas, school en woongemeente",
        DataClass.FACTS: "wanneer aanwezig en afwezig, de telling en de signalen",
        DataClass.REASONS: "waarom afwezig, ook ziek, in woorden die voor alle scholen gelden",
        DataClass.SCHOOL_REASONS: "of het een schorsing is, hoe de school een reden noemt, en waarom iets wijzigde",
        DataClass.ARRANGEMENTS: "eigen rooster, inschrijvingen en vrijstelling",
        DataClass.PLAN: "fase, eigenaar, stappen en afspraken",
        DataClass.CARE_NOTES: "notities en gesprekken, uitkomsten van stappen, antwoorden op signalen",
        DataClass.REPORTS: "meldingen aan leerplicht, met de toelichting van de school en het antwoord",
        DataClass.CONTACT: "telefoonnummer en afwijkend verblijfadres bij een melding",
        DataClass.TABLE: "de regel op de Thuiszitterstafel: fase, hoe lang thuis, eigenaar, volgende stap",
        DataClass.READERS: "wie dit dossier kan openen, waarom en tot wanneer",
        DataClass.READS: "wie welk onderdeel opende, wanneer en op welke grond",
        DataClass.NUMBERS: "aantallen zonder namen van kinderen",
        DataClass.RESTRICTED: "notities voor een enkele lezer",
        DataClass.MEDICAL: "wat de jeugdarts voor zichzelf bijhoudt",
        DataClass.MELDCODE: "stappen van de meldcode huiselijk geweld en kindermishandeling",
        DataClass.SECRET_ADDRESS: "adres dat niemand mag weten",
        DataClass.PGN: "BSN of onderwijsnummer",
        DataClass.RETENTION: "bewaartermijn, bewaarplicht en vernietiging",
    }
)
"""What stands in a class, in plain Dutch: for the page about one pupil and for the docs."""

NOT_YET = frozenset(
    {
        DataClass.RESTRICTED,
        DataClass.MEDICAL,
        DataClass.MELDCODE,
        DataClass.SECRET_ADDRESS,
    }
)
"""Classes that no page holds yet. They are closed for everybody, whatever MATRIX says: who builds the page takes the
class out of here, gives it its cells, and writes the same in tests/access_matrix.py."""


class Scope(TextChoices):
    """The road along which somebody comes to a pupil: what a ground opens, and no more than that."""

    LESSON = "les", "eigen les"
    CLASS = "klas", "eigen klas"
    SCHOOL = "school", "eigen school"
    FORMER = "eerder", "eerder op eigen school: alleen die tijd"
    CASE = "dossier", "dossier van eigen school"
    ASSIGNED = "toegewezen", "toegewezen of uitgenodigd"
    REPORT = "melding", "eigen melding"
    TABLE = "tafel", "leerling op de tafel"
    LOOKS_IN = "meekijken", "kijkt een tijd mee: alleen lezen"
    EMERGENCY = "nood", "noodtoegang: alleen lezen"
    LOG = "inzage", "alleen het inzagelogboek"
    COUNTS = "tellen", "alleen aantallen"
    DUE = "bewaren", "wat bewaard of vernietigd wordt: nummer zonder naam"


ROADS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.LESSON: "docent van de klas waarin de leerling nu zit: namen, en wat die dag in de lessen is genoteerd",
        Scope.CLASS: "mentor van de klas waarin de leerling nu zit",
        Scope.SCHOOL: "wie schoolbreed werkt waar de leerling staat ingeschreven of les krijgt, of het laatst was",
        Scope.FORMER: "dezelfde mensen van een school waar de leerling eerder was: alleen de dagen van toen",
        Scope.CASE: "wie dossiers ziet op de school die het bijhoudt, de stamschool, of de school die het krijgt",
        Scope.ASSIGNED: "gedragsdeskundige of jeugdarts, door de school bij deze leerling betrokken, tot een datum",
        Scope.REPORT: "de school die meldt, en leerplicht van de gemeente die de melding kreeg",
        Scope.TABLE: "samenwerkingsverband, en leerplicht van de woongemeente, zolang de leerling op de tafel staat",
        Scope.LOOKS_IN: "wie op verzoek een tijd meekijkt: met een reden en een einddatum, alleen lezen",
        Scope.EMERGENCY: "wie in nood een dossier opent: met een reden, 24 uur, en COO en FG krijgen bericht",
        Scope.LOG: "wie toezicht houdt ziet dat er gekeken is, van een leerling alleen een code",
        Scope.COUNTS: "wie inricht ziet hoeveel leerlingen iets raakt, en niet wie",
        Scope.DUE: "wie over bewaren en vernietigen gaat ziet leerlingnummer, termijn en dag, en geen naam of dossier",
    }
)
"""Who comes along a road, in plain Dutch."""

READS_ONLY = frozenset({Scope.LOOKS_IN, Scope.EMERGENCY})
"""Roads that count on pages that only read (for_roles(reads=True)), and nowhere else."""

_SCHOOL = frozenset({Scope.SCHOOL})
_AT_SCHOOL = frozenset({Scope.SCHOOL, Scope.FORMER})
_OF_SCHOOL = frozenset({Scope.SCHOOL, Scope.CASE})
_CASE = frozenset({Scope.CASE}) | READS_ONLY
_CLASS = frozenset({Scope.CLASS})
_ASSIGNED = frozenset({Scope.ASSIGNED})
_REPORT = frozenset({Scope.REPORT})
_ON_TABLE = frozenset({Scope.TABLE})
_DUE = frozenset({Scope.DUE})

Cells = Mapping[DataClass, frozenset[Scope]]

_RUNS_CASES: Cells = MappingProxyType(
    {
        DataClass.IDENTITY: _AT_SCHOOL | _CASE | _REPORT,
        DataClass.FACTS: _AT_SCHOOL | _CASE,
        DataClass.REASONS: _AT_SCHOOL | READS_ONLY,
        DataClass.SCHOOL_REASONS: _AT_SCHOOL | READS_ONLY,
        DataClass.ARRANGEMENTS: _AT_SCHOOL,
        DataClass.PLAN: _CASE,
        DataClass.CARE_NOTES: _CASE,
        DataClass.REPORTS: _REPORT,
        DataClass.CONTACT: _REPORT,
        DataClass.TABLE: frozenset({Scope.CASE}),
        DataClass.READERS: _OF_SCHOOL,
        DataClass.READS: _OF_SCHOOL,
        DataClass.NUMBERS: _SCHOOL,
    }
)

MATRIX: Mapping[Role, Cells] = MappingProxyType(
    {
        Role.MENTOR: {
            DataClass.IDENTITY: _CLASS | READS_ONLY,
            DataClass.FACTS: _CLASS | READS_ONLY,
            DataClass.REASONS: _CLASS | READS_ONLY,
            DataClass.SCHOOL_REASONS: _CLASS | READS_ONLY,
            DataClass.PLAN: _CLASS | READS_ONLY,
            DataClass.CARE_NOTES: _CLASS | READS_ONLY,
            DataClass.READERS: _CLASS,
            DataClass.NUMBERS: _CLASS,
        },
        Role.DOCENT: {
            DataClass.IDENTITY: frozenset({Scope.LESSON}),
            DataClass.FACTS: frozenset({Scope.LESSON}),
        },
        Role.COO: {**_RUNS_CASES, DataClass.PGN: _SCHOOL},
        Role.ZORGCOACH: _RUNS_CASES,
        Role.ADMINISTRATIE: {
            DataClass.IDENTITY: _AT_SCHOOL | _REPORT,
            DataClass.FACTS: _AT_SCHOOL,
            DataClass.REASONS: _AT_SCHOOL,
            DataClass.SCHOOL_REASONS: _AT_SCHOOL,
            DataClass.ARRANGEMENTS: _AT_SCHOOL,
            DataClass.REPORTS: _REPORT,
            DataClass.CONTACT: _REPORT,
            DataClass.NUMBERS: _SCHOOL,
            DataClass.PGN: _SCHOOL,
        },
        Role.SCHOOLLEIDER: {**_RUNS_CASES, DataClass.RETENTION: _DUE},
        Role.GEDRAGSDESKUNDIGE: {
            DataClass.IDENTITY: _ASSIGNED,
            DataClass.FACTS: _ASSIGNED,
            DataClass.REASONS: _ASSIGNED,
            DataClass.SCHOOL_REASONS: _ASSIGNED,
            DataClass.PLAN: _ASSIGNED,
            DataClass.CARE_NOTES: _ASSIGNED,
            DataClass.TABLE: _ASSIGNED,
            DataClass.READERS: _ASSIGNED,
        },
        Role.LEERPLICHT: {
            DataClass.IDENTITY: _REPORT | _ON_TABLE,
            DataClass.FACTS: _REPORT,
            DataClass.REPORTS: _REPORT,
            DataClass.CONTACT: _REPORT,
            DataClass.TABLE: _ON_TABLE,
            DataClass.NUMBERS: _ON_TABLE,
        },
        Role.JEUGDARTS: {
            DataClass.IDENTITY: _ASSIGNED,
            DataClass.FACTS: _ASSIGNED,
            DataClass.REASONS: _ASSIGNED,
            DataClass.PLAN: _ASSIGNED,
            DataClass.TABLE: _ASSIGNED,
            DataClass.READERS: _ASSIGNED,
        },
        Role.SWV: {
            DataClass.IDENTITY: _ON_TABLE,
            DataClass.PLAN: _ON_TABLE,
            DataClass.TABLE: _ON_TABLE,
            DataClass.NUMBERS: _ON_TABLE,
        },
        Role.FG: {DataClass.READS: frozenset({Scope.LOG}), DataClass.RETENTION: _DUE},
        Role.BEHEERDER: {DataClass.NUMBERS: frozenset({Scope.COUNTS}), DataClass.RETENTION: _DUE},
    }
)


def scopes_of(role: Role, data_class: DataClass) -> frozenset[Scope]:
    """Along which roads this role sees this class; empty: not at all."""
    return frozenset() if data_class in NOT_YET else MATRIX[role].get(data_class, frozenset())


def classes_of(role: Role, scope: Scope) -> tuple[DataClass, ...]:
    """What somebody sees who has this role and came along this road, in the order of the matrix."""
    return tuple(one for one in DataClass if scope in scopes_of(role, one))
