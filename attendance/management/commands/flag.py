"""Which pupils passed a norm, as lines for other programs or as a table for people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import F
from django.db.models.functions import Collate

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import CROSSING_RULES
from attendance.facts import facts_of
from attendance.models import Crossing, Pupil
from attendance.services.due import evaluate_due, evaluate_each, evaluate_unseen
from attendance.services.rebuild import rebuild
from thuiszitters.accounts.clock import today

PAGE = 1000
CAUSE = "opnieuw geteld"


class Flag(NamedTuple):
    """One standing crossing. Sorts as it is printed."""

    number: str
    crossed_on: date
    rule: str
    start: date
    pupil: str
    """The pupil's code: two schools may have given out the same number."""


class Command(BaseCommand):
    help = (
        "Telt bij tot en met vandaag en toont welke leerlingen een norm gepasseerd zijn, gesorteerd op leerlingnummer, "
        "datum en regel. Met --as-of een eerdere dag: wat de gegevens van nu over die dag zeggen; dat wordt altijd van "
        "begin af aan geteld en niet opgeslagen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", help="tot en met deze dag (jjjj-mm-dd of dd-mm-jjjj); niet gegeven: vandaag")
        parser.add_argument("--pupil", metavar="NR", help="alleen leerlingen met dit leerlingnummer")
        parser.add_argument("--format", choices=("jsonl", "table"), default="jsonl", help="regels JSON of een tabel")
        parser.add_argument("--rebuild", action="store_true", help="iedereen helemaal opnieuw tellen")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = today()
        as_of = read_date(options["as_of"]) if options["as_of"] else now
        if as_of > now:
            raise CommandError(
                f"{as_of.isoformat()} moet nog komen. Kies een dag tot en met vandaag, {now.isoformat()}; "
                "wat er aankomt staat in de vooruitblik bij de leerling."
            )
        number: str | None = options["pupil"]
        if number is not None and not Pupil.objects.filter(number=number).exists():
            self.stderr.write(f"Er is geen leerling met nummer {number}.")
        if as_of < now:
            flags = flags_of_then(number, as_of)
        else:
            bring_up_to_date(number, now, from_nothing=options["rebuild"])
            flags = standing_flags(number)
        lines = as_json(flags) if options["format"] == "jsonl" else as_table(flags)
        for line in lines:
            self.stdout.write(line)


def read_date(text: str) -> date:
    """A date as jjjj-mm-dd or dd-mm-jjjj."""
    parts = text.split("-")
    try:
        year, month, day = (int(part) for part in (parts if len(parts[0]) == len("jjjj") else reversed(parts)))
        return date(year, month, day)
    except ValueError:
        raise CommandError(f"{text} is geen datum. Schrijf hem als 2026-11-30 of 30-11-2026.") from None


def bring_up_to_date(number: str | None, now: date, *, from_nothing: bool) -> None:
    """Store what holds today."""
    if number is not None:
        ids = Pupil.objects.filter(number=number).order_by("pk").values_list("pk", flat=True)
        evaluate_each(ids, today=now, finished=now)
    elif from_nothing:
        rebuild(today=now, finished=now, cause=CAUSE)
    else:
        evaluate_due(today=now, finished=now)
        evaluate_unseen(today=now, finished=now)


def standing_flags(number: str | None) -> Iterator[Flag]:
    """The stored crossings that stand, in order, a page at a time."""
    rules = [rule.value for rule in CROSSING_RULES]
    rows = Crossing.objects.standing().filter(rule__in=rules)
    if number is not None:
        rows = rows.filter(pupil__number=number)
    fields = (by_number("pupil__number"), F("crossed_on"), F("rule"), F("start"), F("pupil__code"))
    for row in rows.order_by(*fields[:4], "pupil").values_list(*fields).iterator(PAGE):
        yield Flag(row[0], row[1], row[2], row[3], str(row[4]))


def flags_of_then(number: str | None, as_of: date) -> Iterator[Flag]:
    """What today's facts say as of an earlier day, in order. Stores nothing."""
    pupils = Pupil.objects.order_by(by_number("number"), "pk")
    if number is not None:
        pupils = pupils.filter(number=number)
    rows = pupils.values_list("number", "pk", "code").iterator(PAGE)
    for page in whole_numbers(rows):
        facts = facts_of([pk for _, pk, _ in page])
        yield from sorted(
            Flag(nr, crossing.crossed_on, crossing.rule.value, crossing.start, str(code))
            for nr, pk, code in page
            for crossing in evaluate(facts[pk], as_of).crossings
        )


def by_number(name: str) -> F | Collate:
    """Pupil numbers in the order of their characters, whatever the database's language."""
    return Collate(name, "C") if connection.vendor == "postgresql" else F(name)


def whole_numbers(rows: Iterable[tuple[str, int, Any]]) -> Iterator[list[tuple[str, int, Any]]]:
    """Pages of pupils in which no number is cut in two."""
    page: list[tuple[str, int, Any]] = []
    for _, same in groupby(rows, key=lambda row: row[0]):
        page += same
        if len(page) >= PAGE:
            yield page
            page = []
    if page:
        yield page


def as_json(flags: Iterable[Flag]) -> Iterator[str]:
    for flag in flags:
        yield json.dumps(
            {
                "pupil": flag.number,
                "rule": flag.rule,
                "from": flag.start.isoformat(),
                "crossed_on": flag.crossed_on.isoformat(),
                "code": flag.pupil,
            }
        )


def as_table(flags: Iterable[Flag]) -> Iterator[str]:
    yield f"{'leerling':<20} {'regel':<10} {'vanaf':<12} gepasseerd op"
    for flag in flags:
        yield f"{flag.number:<20} {flag.rule:<10} {flag.start.isoformat():<12} {flag.crossed_on.isoformat()}"
