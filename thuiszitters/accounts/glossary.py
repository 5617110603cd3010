"""The words of the field, each in one plain sentence. The pages show them beside the word."""

from __future__ import annotations

GLOSSARY: dict[str, str] = {
    "COO": "Houdt op school de regie: zet een leerling op de Thuiszitterstafel en zorgt dat er iets gebeurt.",
    "TSO": "Wekelijks overleg van zorgcoach en COO over hun leerlingen.",
    "OPP": "Ontwikkelingsperspectief: het plan van de school met ouders over doelen en hulp.",
    "SWV": "Samenwerkingsverband: de scholen in een regio die samen zorgen voor een passende plek voor elk kind.",
    "JGZ": "Jeugdgezondheidszorg, waar de jeugdarts werkt.",
    "RMC": "Regionaal meld- en coördinatiepunt: helpt jongeren van 18 tot 23 zonder diploma.",
    "LRV": "Langdurig relatief verzuim: langer dan vier weken achter elkaar ongeoorloofd afwezig.",
    "MAZL": "Medische advisering van de ziekgemelde leerling: een werkwijze bij veel ziekmeldingen.",
    "Thuiszitterstafel": "Overleg waar school, gemeente en samenwerkingsverband afspreken wie wat doet.",
    "thuiszitter": "Een leerling die vier weken of langer niet op school is, om welke reden ook.",
    "dreigende thuiszitter": "Een leerling die twee weken of langer thuis is, of vaak een deel van de week mist.",
    "opbouw": "De leerling komt stap voor stap weer naar school.",
    "nazorg": "De leerling is terug; we kijken nog een tijd mee.",
    "leerplichtig": "Het kind moet naar school: van 5 jaar tot en met het schooljaar waarin het 16 wordt.",
    "kwalificatieplichtig": "Moet naar school tot de 18e verjaardag, of tot een diploma van mbo-2, havo of vwo.",
    "startkwalificatie": "Een diploma havo, vwo of mbo niveau 2 of hoger.",
    "stamschool": "De school waar de leerling is ingeschreven.",
    "vrijstelling": "De leerling hoeft volgens de wet een tijd niet naar school.",
    "geoorloofd": "De school vindt de reden van afwezigheid goed, of de wet zegt dat het mag.",
    "ongeoorloofd": "Er is geen reden die volgens de wet mag.",
    "lesweek": "Een week met ten minste één schooldag op deze school.",
    "schooldag": "Een dag waarop de school open is. Weekend, vakantie en vrije dagen tellen niet mee.",
    "aangepast rooster": "Een eigen rooster met minder uren, voor een afgesproken tijd.",
    "experiment": "Een proef met onderwijs en zorg samen, op andere tijden of op een andere plek.",
    "compleet tot": "Tot en met deze dag is alle afwezigheid bekend. Wie dan niet gemeld is, was er.",
}


def explain(term: str) -> str:
    """The sentence of `term`. KeyError for a word that is not in the list: a page must not promise an explanation."""
    return GLOSSARY[term]
