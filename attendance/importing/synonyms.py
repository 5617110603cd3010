"""What other systems call the columns that we know, and which columns nobody has any business reading here.

Names are compared without case, accents, blanks and punctuation. A synonym never overrules one of our own names.
"""

from __future__ import annotations

import re
import unicodedata

ONE_DAY = "datum"
"""Stands for `van` and, when the file has no other last day, `tot` as well."""

PUPIL = "leerlingnr, leerling nummer, stamnummer, stamnr, leerlingcode, llnr, ll nr, leerling id, nummer leerling"
SCHOOL = "brincode, brin code, brinnummer, brin nummer, brin nr, brinvest, brin vestiging, vestiging brin, school brin"
FIRST = (
    "begindatum, datum van, startdatum, begin, eerste dag, datum begin, vanaf, ingangsdatum, van datum, verzuim vanaf"
)
LAST = "einddatum, datum tot, einde, laatste dag, datum einde, tot en met, t/m, tm, tot datum, datum tm, verzuim tot"
WEEK = {"ma": "maandag", "di": "dinsdag", "wo": "woensdag", "do": "donderdag", "vr": "vrijdag"}
KINDS_OF_PERIOD = {"leerlingnummer": PUPIL, "brin": SCHOOL, "van": FIRST, "tot": LAST}

SYNONYMS: dict[str, dict[str, str]] = {
    "schools": {
        "brin": SCHOOL,
        "naam": "schoolnaam, naam school, school, naam vestiging, vestigingsnaam",
        "sector": "onderwijssector, soort onderwijs, onderwijssoort",
        "regio": "vakantieregio",
        "swv": "samenwerkingsverband, naam swv",
        "gemeente": "vestigingsgemeente, plaats gemeente, gemeentenaam",
        "lesuur_minuten": "lengte lesuur, minuten per lesuur, lesduur, lesuur in minuten, duur lesuur",
        **WEEK,
    },
    "calendar": {
        "brin": SCHOOL,
        "van": FIRST,
        "tot": LAST,
        "soort": "soort dag, type",
        "omschrijving": "naam, toelichting, beschrijving, reden",
    },
    "pupils": {
        "leerlingnummer": PUPIL,
        "roepnaam": "voornaam, naam roepnaam, roepnaam leerling",
        "tussenvoegsel": "voorvoegsel, tussenvoegsels, voorvoegsels, tv, tussenv, voorvoegsel achternaam",
        "achternaam": "naam achternaam, familienaam, geslachtsnaam, achternaam leerling",
        "geboortedatum": "geb datum, gebdatum, geboren, geboren op, geboorte datum, geboortedag",
        "brin": SCHOOL,
        "klas": "groep, stamgroep, stamklas, basisgroep, groepsnaam, klasnaam, naam groep, naam klas, klascode",
        "ingeschreven_van": (
            "inschrijfdatum, datum inschrijving, ingeschreven vanaf, ingeschreven op, datum in, instroomdatum, "
            "inschrijving van, begindatum inschrijving, inschrijving vanaf, ingangsdatum inschrijving"
        ),
        "ingeschreven_tot": (
            "uitschrijfdatum, datum uitschrijving, uitgeschreven op, datum uit, uitstroomdatum, inschrijving tot, "
            "einddatum inschrijving, ingeschreven tot en met, uitschrijving"
        ),
        "uitstroomreden": "reden uitstroom, reden vertrek, reden uitschrijving, vertrekreden",
        "les_brin": "brin les, les op brin, lesplaats, brin lesplaats",
        "gemeente": "woongemeente, gemeente leerling, gemeentenaam",
        "startkwalificatie_op": "startkwalificatie, datum startkwalificatie, startkwalificatie behaald op",
        "leerjaren": "schooljaren, jaren onderwijs, aantal leerjaren",
        "eindonderwijs": "soort eindonderwijs, uitstroomprofiel",
    },
    "timetables": {**KINDS_OF_PERIOD, **WEEK, "soort": "soort rooster"},
    "exemptions": {**KINDS_OF_PERIOD, "soort": "soort vrijstelling, grond, artikel, vrijstelling"},
    "absences": {
        **KINDS_OF_PERIOD,
        ONE_DAY: "dag, verzuimdatum, absentiedatum, datum verzuim, datum absentie, datum afwezig, lesdatum, datum les",
        "reden": (
            "reden verzuim, verzuimreden, absentiereden, reden absentie, verzuimcode, absentiecode, redencode, "
            "code reden, code, soort verzuim, verzuimsoort, absentiesoort, soort absentie, reden afwezigheid, melding"
        ),
        "minuten": (
            "aantal minuten, minuten gemist, verzuimminuten, duur, duur in minuten, duur minuten, minuten te laat, "
            "verzuimduur, gemiste minuten, gemiste tijd"
        ),
        "lesuur": "les uur, lesuur nr, lesnummer, lesnr, lesuurnummer, lesuren, nummer lesuur, blokuur",
        "dagdeel": "deel van de dag, dagdelen, ochtend middag, ochtend/middag",
    },
}

PRIVATE = (
    "bsn, burgerservicenummer, sofinummer, sofi, onderwijsnummer, pgn, persoonsgebonden nummer, bsn onderwijsnummer, "
    "bsn ondwnr, bsn/onderwijsnummer, bsn of onderwijsnummer, rijksregisternummer, etniciteit, nationaliteit, "
    "geboorteland, land van herkomst, land, land vader, land moeder, geboorteland vader, geboorteland moeder, "
    "godsdienst, religie, foto, fotourl, foto url, pasfoto, gewicht, leerlinggewicht, eckid, eck id, a-nummer, anummer"
)
"""Columns without a purpose here: never read, shown, stored or mapped."""


def plain(name: str) -> str:
    """A name without case, accents, blanks and punctuation."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", bare)


def names_in(text: str) -> frozenset[str]:
    return frozenset(plain(name) for name in text.split(","))


MEANINGS: dict[str, dict[str, str]] = {
    kind: {name: column for column, text in columns.items() for name in (*sorted(names_in(text)), plain(column))}
    for kind, columns in SYNONYMS.items()
}
"""Of each kind: plain name → our column."""
PRIVATE_NAMES = names_in(PRIVATE)


def is_private(name: str) -> bool:
    """Whether a column of this name holds what the product may not know."""
    return plain(name) in PRIVATE_NAMES
