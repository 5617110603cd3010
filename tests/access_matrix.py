"""Who may see what, written by hand by somebody who thought about it: held against the matrix of the code, cell by
cell (tests/test_access_matrix.py)."""

from __future__ import annotations

from thuiszitters.accounts.data_classes import DataClass, Scope
from thuiszitters.accounts.roles import Role

ROADS = {
    "L": Scope.LESSON,
    "K": Scope.CLASS,
    "S": Scope.SCHOOL,
    "E": Scope.FORMER,
    "D": Scope.CASE,
    "T": Scope.ASSIGNED,
    "M": Scope.REPORT,
    "F": Scope.TABLE,
    "O": Scope.LOOKS_IN,
    "N": Scope.EMERGENCY,
    "I": Scope.LOG,
    "A": Scope.COUNTS,
    "B": Scope.DUE,
}
"""Les, klas, school, eerder, dossier, toegewezen, melding, tafel, op verzoek, nood, inzage, aantallen, bewaren.
A dot: nothing. A question mark: no page holds it yet."""

MATRIX = """
             mentor docent coo    zorgcoach administratie schoolleider gedragsd. leerplicht jeugdarts swv fg beheerder
wie          KON    L      SEDMON SEDMON    SEM           SEDMON       T         MF         T         F   .  .
aanwezigheid KON    L      SEDON  SEDON     SE            SEDON        T         M          T         .   .  .
redenen      KON    .      SEON   SEON      SE            SEON         T         .          T         .   .  .
schoolredenen KON   .      SEON   SEON      SE            SEON         T         .          .         .   .  .
rooster      .      .      SE     SE        SE            SE           .         .          .         .   .  .
plan         KON    .      DON    DON       .             DON          T         .          T         F   .  .
logboek      KON    .      DON    DON       .             DON          T         .          .         .   .  .
meldingen    .      .      M      M         M             M            .         M          .         .   .  .
contact      .      .      M      M         M             M            .         M          .         .   .  .
tafel        .      .      D      D         .             D            T         F          T         F   .  .
wie_kan_zien K      .      SD     SD        .             SD           T         .          T         .   .  .
wie_keek     .      .      SD     SD        .             SD           .         .          .         .   I  .
aantallen    K      .      S      S         S             S            .         F          .         F   .  A
beperkt      ?      ?      ?      ?         ?             ?            ?         ?          ?         ?   ?  ?
medisch      ?      ?      ?      ?         ?             ?            ?         ?          ?         ?   ?  ?
meldcode     ?      ?      ?      ?         ?             ?            ?         ?          ?         ?   ?  ?
geheim_adres ?      ?      ?      ?         ?             ?            ?         ?          ?         ?   ?  ?
pgn          .      .      S      .         S             .            .         .          .         .   .  .
bewaren      .      .      .      .         .             B            .         .          .         .   B  B
"""
COLUMNS = (
    Role.MENTOR,
    Role.DOCENT,
    Role.COO,
    Role.ZORGCOACH,
    Role.ADMINISTRATIE,
    Role.SCHOOLLEIDER,
    Role.GEDRAGSDESKUNDIGE,
    Role.LEERPLICHT,
    Role.JEUGDARTS,
    Role.SWV,
    Role.FG,
    Role.BEHEERDER,
)


def cells() -> dict[tuple[DataClass, Role], frozenset[Scope] | None]:
    """By class and role: the roads along which it may be seen; None: nobody built it yet."""
    found: dict[tuple[DataClass, Role], frozenset[Scope] | None] = {}
    for line in MATRIX.strip().splitlines()[1:]:
        name, *row = line.split()
        for role, cell in zip(COLUMNS, row, strict=True):
            letters = "" if cell in {".", "?"} else cell
            found[DataClass(name), role] = None if cell == "?" else frozenset(ROADS[letter] for letter in letters)
    return found
