"""What the law wants told beside the data (AVG art. 15(1)), in plain words. Texts only."""

from __future__ import annotations

PURPOSES = (
    "De school houdt bij wie er niet is, omdat de Leerplichtwet dat vraagt en omdat elk kind recht heeft op onderwijs.",
    "De school schrijft op wat er is gedaan en afgesproken, zodat een leerling die thuiszit weer naar school kan.",
    "Dit hoort bij de wettelijke taak van de school (AVG artikel 6, lid 1, onder c en e).",
    "Gegevens over gezondheid staan er alleen in als dat nodig is voor de begeleiding.",
)
SOURCES = (
    "Van de ouders en de leerling zelf.",
    "Van medewerkers van de school, die de aanwezigheid invullen en opschrijven wat zij deden.",
    "Uit de leerlingadministratie van de school.",
    "Van de leerplichtambtenaar, als die op een melding antwoordt.",
)
NO_MACHINE_DECIDES = (
    "De applicatie telt afwezigheid en geeft een signaal als een norm is gepasseerd. "
    "Zij neemt geen besluiten: dat doen mensen."
)
RIGHTS = (
    "Klopt iets niet? Vraag de school om het te verbeteren (AVG artikel 16).",
    "Is de school het daar niet mee eens? Dan kan een eigen verklaring bij het dossier worden bewaard.",
    "Is iets niet meer nodig? Vraag de school om het te wissen (artikel 17) of te beperken (artikel 18).",
    "Bent u het niet eens met het gebruik van gegevens? Maak bezwaar (artikel 21).",
    "Komt u er met de school niet uit? Vraag de functionaris gegevensbescherming van de school om mee te kijken.",
    "U kunt ook een klacht indienen bij de Autoriteit Persoonsgegevens.",
)
OTHER_SCHOOLS = (
    "Gegevens van een andere school, de gemeente, de jeugdarts of het samenwerkingsverband staan hier niet in: "
    "elk van hen geeft inzage in de eigen gegevens."
)
WITHHELD = (
    "Waar [weggelakt] staat, stond iets over iemand anders. Dat mag de school niet geven (AVG artikel 15, lid 4)."
)
