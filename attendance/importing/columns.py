"""Which column of a file is which of ours: by our own name, by hand, or by what other systems call it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attendance.importing.cells import trimmed
from attendance.importing.refusals import RefusedFile
from attendance.importing.synonyms import MEANINGS, ONE_DAY, is_private, plain


@dataclass(frozen=True, slots=True)
class Match:
    """The names in a header, and what each is.

    `places`: our column → its place in a row (`datum` fills two). `ignored`: names that are none of ours, in lower
    case. `missing`: required columns that no name gives. `unclear`: our column → the names that could all be it.
    """

    names: tuple[str, ...]
    places: dict[str, int]
    ignored: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unclear: dict[str, tuple[str, ...]] = field(default_factory=dict)
    twice: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether rows can be read with it."""
        return not (self.missing or self.unclear or self.twice)

    @property
    def recognised(self) -> dict[str, str]:
        """The file's name → our column."""
        one_day = self.places.get("van", -1) == self.places.get("tot", -2)
        return {
            self.names[place]: ONE_DAY if one_day and column in {"van", "tot"} else column
            for column, place in self.places.items()
        }

    @property
    def score(self) -> int:
        """How much this looks like a header: the number of columns recognised."""
        return len(self.places) + len(self.unclear)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a kind of file. `mapping`: a file's name → our column, by hand; empty: leave it out."""

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> tuple[str, ...]:
        """What a column can be mapped to."""
        one_day = (ONE_DAY,) if ONE_DAY in MEANINGS.get(self.kind, {}).values() else ()
        return (*self.required, *one_day, *self.optional)

    def match(self, header: Sequence[str]) -> Match:
        """Recognise the names of a header. Our own name goes before a synonym, and a choice by hand before both.

        Raises RefusedFile when the mapping makes no sense with any header.
        """
        names = tuple(trimmed(name) for name in header)
        low = [name.lower() for name in names]
        by_hand = self.by_hand(low)
        exact = {name: [place for place, other in enumerate(low) if other == name] for name in self.known}
        found = {column: [place] for place, column in by_hand.items() if column}
        for column, where in exact.items():
            left = [place for place in where if place not in by_hand]
            if left and column not in found:
                found[column] = left
        twice = tuple(column for column, where in found.items() if len(where) > 1)
        others: dict[str, list[int]] = defaultdict(list)
        meanings = MEANINGS.get(self.kind, {})
        taken = {place for where in found.values() for place in where}
        for place, name in enumerate(names):
            meaning = meanings.get(plain(name), "")
            if meaning in self.known and meaning not in found and place not in taken and place not in by_hand:
                others[meaning].append(place)
        unclear = {column: tuple(names[place] for place in where) for column, where in others.items() if len(where) > 1}
        places = {column: where[0] for column, where in found.items()}
        places |= {column: where[0] for column, where in others.items() if column not in unclear}
        self.spread_one_day(places, unclear)
        used = {*places.values(), *(place for column in unclear for place in others[column])}
        order = dict(sorted(places.items(), key=lambda item: item[1]))
        return Match(
            names,
            order,
            tuple(dict.fromkeys(low[place] for place in range(len(low)) if low[place] and place not in used)),
            tuple(column for column in self.required if column not in places and column not in unclear),
            unclear,
            twice,
        )

    def by_hand(self, low: Sequence[str]) -> dict[int, str]:
        """Place → our column (or empty: leave it out), of the names in the mapping that this header has."""
        chosen = {}
        for name, column in self.mapping.items():
            if column and column not in self.known:
                raise RefusedFile(f"De kolom “{column}” bestaat niet. Kies uit {', '.join(self.known)}.")
            if column and is_private(name):
                raise RefusedFile(f"De kolom “{name}” lezen we niet in: dat gegeven bewaren we niet.")
            chosen[trimmed(name).lower()] = column
        of_columns = Counter(column for name, column in chosen.items() if column and name in low)
        if double := [column for column, times in of_columns.items() if times > 1]:
            raise RefusedFile(f"Voor {', '.join(double)} is meer dan één kolom gekozen. Kies er één.")
        counted = Counter(low)
        if double := [name for name, column in chosen.items() if column and counted[name] > 1]:
            raise RefusedFile(f"De kolom {', '.join(double)} staat er twee keer in. Laat er één staan.")
        return {place: chosen[name] for place, name in enumerate(low) if name in chosen}

    def spread_one_day(self, places: dict[str, int], unclear: dict[str, tuple[str, ...]]) -> None:
        """A column of single dates is the first day, and the last one too when the file has no other."""
        place = places.pop(ONE_DAY, None)
        if place is None or "van" in places or "van" in unclear:
            return
        places["van"] = place
        if "tot" not in unclear:
            places.setdefault("tot", place)

    def check(self, match: Match) -> None:
        """Refuse a header with which no row can be read; say what to do about it."""
        if match.missing:
            raise RefusedFile(
                f"In de eerste regel ontbreekt {', '.join(match.missing)}. Zet daar de namen van de kolommen: "
                f"{', '.join(self.required)}, met een puntkomma ertussen."
            )
        self.refuse_twice(match)
        for column, names in match.unclear.items():
            raise RefusedFile(
                f"Meer kolommen kunnen “{column}” zijn: {', '.join(names)}. "
                f"Kies welke het is, of noem die kolom {column}."
            )

    def refuse_twice(self, match: Match) -> None:
        if match.twice:
            raise RefusedFile(f"De kolom {', '.join(match.twice)} staat er twee keer in. Laat er één staan.")
