"""EDEXML to test with: everybody in it is invented, and no number can be a real one."""

from __future__ import annotations

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<EDEX xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
NO_BSN = "999999999"
"""Nine figures that fail the check of a BSN."""
GROUPS = """<groepen>
<groep key="g5"><naam>5 Vlinders</naam><jaargroep>5</jaargroep></groep>
<groep key="g6"><naam>Muizen</naam><jaargroep>6</jaargroep></groep>
<groep key="g7"><naam>Muizen</naam><jaargroep>7</jaargroep></groep>
<groep key="oud"><naam>Vertrokken</naam><jaargroep>H</jaargroep></groep>
</groepen>
"""
NOOR = """<leerling key="0012">
<achternaam>Hof</achternaam>
<voorvoegsel>van 't</voorvoegsel>
<roepnaam>Noor</roepnaam>
<geboortedatum>2016-05-06</geboortedatum>
<geslacht>0</geslacht>
<groep key="g5"/>
</leerling>
"""


def school(version: str = "2.1", year: str = "2025-2026", brin: str = "99ZZ", location: str = "") -> str:
    located = f"<dependancecode>{location}</dependancecode>" if location else ""
    coded = f"<brincode>{brin}</brincode>{located}" if brin else "<schoolkey>12</schoolkey>"
    stated = f"<xsdversie>{version}</xsdversie>" if version else ""
    return f"<school>\n<schooljaar>{year}</schooljaar>\n{coded}\n{stated}\n</school>\n"


def edexml(*pupils: str, groups: str = GROUPS, teachers: str = "", of_school: str | None = None) -> str:
    """A file with these pupils, or Noor."""
    listed = "".join(pupils) or NOOR
    head = HEAD + (school() if of_school is None else of_school) + groups
    return f"{head}<leerlingen>\n{listed}</leerlingen>\n{teachers}</EDEX>\n"


def pupil(
    key: str = "1",
    *,
    name: str = "<achternaam>Smit</achternaam><roepnaam>Sam</roepnaam>",
    born: str = "<geboortedatum>2016-01-01</geboortedatum>",
    rest: str = "",
) -> str:
    return f'<leerling key="{key}">\n{name}\n{born}\n{rest}\n</leerling>\n'
