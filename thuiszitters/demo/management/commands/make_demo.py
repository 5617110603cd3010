from __future__ import annotations

from argparse import SUPPRESS
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.demo.generate import SEED
from thuiszitters.demo.make import make_demo
from thuiszitters.demo.wipe import NotADemoError, is_empty_or_unfinished


class Command(BaseCommand):
    help = "Maakt de demogegevens (opnieuw): verzonnen scholen, leerlingen, verzuim en dossiers rond vandaag."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="alleen als er nog niets in de database staat")
        parser.add_argument("--seed", type=int, default=SEED, help="een ander getal geeft andere leerlingen")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help=SUPPRESS)
        parser.add_argument("--share", type=float, default=1.0, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty_or_unfinished():
            return
        day = options["today"] or clock_today()
        try:
            make_demo(today=day, seed=options["seed"], share=options["share"], say=self.stdout.write)
        except NotADemoError as refusal:
            raise CommandError(str(refusal)) from refusal
