"""The matrix as a page of documentation: docs/toegang.md is this text, and a test sees to it that it stays so."""

from __future__ import annotations

from thuiszitters.accounts.data_classes import MEANS, NOT_YET, ROADS, DataClass, Scope, scopes_of
from thuiszitters.accounts.roles import Role

NOT_BUILT, NOTHING = "bestaat nog niet", "–"

HEAD = """# Wie ziet wat van een leerling, en waarom

Deze tabel is geschreven door `manage.py write_access_table` uit `thuiszitters/accounts/data_classes.py`: de tabel
die de applicatie zelf vraagt. Een test vergelijkt haar cel voor cel met een die met de hand is geschreven
(`tests/access_matrix.py`), en opent de pagina’s als elke rol.

Er zijn drie sloten. **De rol** opent een pagina; wie een andere rol heeft, krijgt 403. **De grond** zegt waarom
iemand bij deze ene leerling mag komen ("mentor van 2a sinds ma 1 sep 2025"); zonder grond bestaat de leerling niet,
en komt er 404. **De cel** hieronder zegt welke onderdelen een rol langs die weg ziet. Wat niet in een cel staat, mag
niet, en komt ook niet in wat de pagina krijgt om te tonen. De grond staat in het logboek bij elke keer dat iemand
iets opende, en op de pagina "Wie kan dit zien" van de leerling.

| onderdeel |"""

FOOT = """
Dat een afwezigheid een schorsing is, hoort niet bij de jeugdarts: die leest daar "geoorloofd afwezig", en van een eigen
code van de school wat die voor de telling betekent. Bij een melding staat van de redenen alleen wat leerplicht mag
weten: bij ziekte "geoorloofd afwezig". Van de tafel
ziet leerplicht de volgende stap, en het samenwerkingsverband alle open stappen. Waarom ouders nog niet zijn
geïnformeerd, ziet op de tafel alleen wie het logboek ziet. Wie keek, zien COO, zorgcoach en schoolleider; een mentor
ziet wel wie er bij de leerling kan, niet welke collega wanneer keek. De FG ziet het logboek, en geen dossiers.
"""


def cell_of(role: Role, data_class: DataClass) -> str:
    """One cell, in Dutch."""
    if data_class in NOT_YET:
        return NOT_BUILT
    scopes = scopes_of(role, data_class)
    return ", ".join(scope.label for scope in Scope if scope in scopes) or NOTHING


def access_page() -> str:
    """The whole page, as Markdown."""
    lines = [HEAD + "".join(f" {role.label} |" for role in Role)]
    lines.append("|---" * (1 + len(Role)) + "|")
    for one in DataClass:
        cells = "".join(f" {cell_of(role, one)} |" for role in Role)
        lines.append(f"| **{one.label}** |{cells}")
    lines += ["", "## De onderdelen", "", "| onderdeel | wat erin staat |", "|---|---|"]
    lines += [f"| {one.label} | {MEANS[one]}{f' ({NOT_BUILT})' if one in NOT_YET else ''} |" for one in DataClass]
    lines += ["", "## De wegen", "", "| weg | wie komt zo bij een leerling |", "|---|---|"]
    lines += [f"| {one.label} | {ROADS[one]} |" for one in Scope]
    return "\n".join(lines) + "\n" + FOOT
