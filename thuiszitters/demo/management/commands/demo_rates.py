from __future__ import annotations

from argparse import SUPPRESS
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.demo.generate import SEED, generate
from thuiszitters.demo.known import stages
from thuiszitters.demo.moment import played_on
from thuiszitters.demo.people import logins_text
from thuiszitters.demo.rates import absence_table, dutch, load_table, most_new_in_a_week, unanswered_now


class Command(BaseCommand):
    help = "Telt wat de demogegevens van mensen vragen: de cijfers in docs/demo.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--today", type=date.fromisoformat, default=None, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not logins_text():
            raise CommandError("Hier staan geen demogegevens. Maak ze met make_demo.")
        today = options["today"] or clock_today()
        demo = generate(today=today, seed=options["seed"])
        first = stages(demo)[1]
        with played_on(today):
            new, lines, monday = most_new_in_a_week(first=first, last=today)
            busiest = f"Drukste week vanaf {monday:%d-%m-%Y}, per 1.000 leerlingen per schooldag"
            parts = [
                absence_table(demo),
                [f"Van {first:%d-%m-%Y} tot en met {today:%d-%m-%Y}:"],
                load_table(first=first, last=today),
                [f"{busiest}: {dutch(new)} signalen, in {dutch(lines)} regels in Nieuw."],
                unanswered_now(),
            ]
        self.stdout.write("\n\n".join("\n".join(part) for part in parts))
