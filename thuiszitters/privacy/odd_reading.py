"""When opening files is out of the ordinary. A sign to ask about, no proof: there can be a good reason for each."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from attendance.services.surnames import surname_key


class Rule(StrEnum):
    """What is out of the ordinary, as it stands in the log."""

    MANY = "veel leerlingen in korte tijd geopend"
    OWN_SURNAME = "leerling met dezelfde achternaam geopend"
    FORMER_PUPIL = "leerling geopend die niet meer op school zit"


@dataclass(frozen=True)
class Read:
    """Somebody opened a page about a pupil. `day`: the date of `at` in the Netherlands."""

    reader: UUID
    pupil: UUID
    at: datetime
    day: date


@dataclass(frozen=True)
class Stay:
    """Somebody belongs to a school, from `first` to `last` (both included; None: no end yet)."""

    school: int
    first: date
    last: date | None


@dataclass(frozen=True)
class ReaderFacts:
    """Who reads. `stays`: the schools they work at or for; none for who reads on behalf of no school."""

    name: str
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class PupilFacts:
    """About whom. `stays`: where they are or were enrolled or taught."""

    surname_key: str
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Somebody did something out of the ordinary on a day: with how many pupils.

    Of MANY: the most pupils at any moment of that day, in the period that ends there.
    """

    reader: UUID
    rule: Rule
    day: date
    pupils: int


def findings(
    reads: Iterable[Read],
    readers: Mapping[UUID, ReaderFacts],
    pupils: Mapping[UUID, PupilFacts],
    *,
    most: int,
    within: timedelta,
) -> list[Finding]:
    """One for each person, rule and day. Of who is not in `readers` or `pupils` only the number counts.

    Out of the ordinary is more than `most` different pupils in `within`.
    """
    by_reader: dict[UUID, list[Read]] = defaultdict(list)
    for read in sorted(reads, key=lambda read: read.at):
        by_reader[read.reader].append(read)
    found = []
    for reader, mine in by_reader.items():
        counted: dict[tuple[Rule, date], int] = {
            (Rule.MANY, day): number for day, number in busiest(mine, within).items() if number > most
        }
        odd: dict[tuple[Rule, date], set[UUID]] = defaultdict(set)
        for read in mine:
            if reader in readers and read.pupil in pupils:
                for rule in odd_about(readers[reader], pupils[read.pupil], read.day):
                    odd[rule, read.day].add(read.pupil)
        counted |= {key: len(codes) for key, codes in odd.items()}
        found += [Finding(reader, rule, day, number) for (rule, day), number in counted.items()]
    return found


def busiest(reads: Iterable[Read], within: timedelta) -> dict[date, int]:
    """By day the most different pupils in any period of this length that ended on it. `reads`: of one person, oldest
    first; two that are exactly `within` apart are in one period."""
    window: deque[Read] = deque()
    open_now: Counter[UUID] = Counter()
    found: dict[date, int] = {}
    for read in reads:
        window.append(read)
        open_now[read.pupil] += 1
        while read.at - window[0].at > within:
            gone = window.popleft().pupil
            open_now[gone] -= 1
            if not open_now[gone]:
                del open_now[gone]
        found[read.day] = max(found.get(read.day, 0), len(open_now))
    return found


def odd_about(reader: ReaderFacts, pupil: PupilFacts, day: date) -> list[Rule]:
    """Which rules somebody who opens something about this pupil on `day` meets, whatever else they open."""
    rules = {
        Rule.OWN_SURNAME: pupil.surname_key in surname_keys_of(reader.name),
        Rule.FORMER_PUPIL: is_former_pupil(pupil, reader, day),
    }
    return [rule for rule, holds in rules.items() if holds]


def surname_keys_of(name: str) -> set[str]:
    """What the surname of "Sam van den Berg" can be as the key of a pupil, which goes without its prefix.

    The first word is a first name. Of a double name each half counts: a child often has one of the two.
    """
    surname = " ".join(name.split()[1:])
    found = set()
    for part in (surname, *surname.split("-")):
        words = part.split()
        found |= {surname_key(" ".join(words[start:])) for start in range(len(words))}
    return found


def is_former_pupil(pupil: PupilFacts, reader: ReaderFacts, day: date) -> bool:
    """Whether on `day` the pupil has left every school of the reader, having been at one. Who is yet to come back is
    no former pupil."""
    schools = {stay.school for stay in reader.stays if stay.first <= day and (stay.last is None or stay.last >= day)}
    lasts = [stay.last for stay in pupil.stays if stay.school in schools]
    return bool(lasts) and all(last is not None and last < day for last in lasts)
