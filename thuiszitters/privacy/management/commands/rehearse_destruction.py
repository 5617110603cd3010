from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.privacy.services.rehearsal import rehearse


class Command(BaseCommand):
    help = "Laat zien wat er op een dag vernietigd zou worden. Er verandert niets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="alsof het deze dag is (jjjj-mm-dd)")
        parser.add_argument(
            "--left-on", type=date.fromisoformat, default=None, help="alsof iedereen die er nog is op deze dag vertrok"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or clock_today()
        result = rehearse(today=today, left_on=options["left_on"])
        self.stdout.write(f"Proef op {today:%d-%m-%Y}. Alles is teruggedraaid.\n")
        for holder, counts in result.parts.items():
            self.stdout.write(f"\n{holder}")
            for name, amount in counts.items():
                self.stdout.write(f"  {name}: {amount} leerling{'' if amount == 1 else 'en'}")
        for title, counts in (("Blijft staan", result.blocked), ("Overgeslagen", result.skipped)):
            if counts:
                self.stdout.write(f"\n{title}")
                for why, amount in counts.items():
                    self.stdout.write(f"  {why}: {amount}")
        self.stdout.write("\nRijen vóór en na")
        for name, (before, after) in sorted(result.rows.items()):
            self.stdout.write(f"  {name}: {before} → {after}")
        self.stdout.write(
            f"\nLeerlingen van wie niets over is: {result.whole}. Bewaarde aantallen: {result.kept} regels."
        )
