from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thuiszitters.privacy.services.ledger import LedgerError, ledger_path, replay


class Command(BaseCommand):
    help = "Vernietigt na het terugzetten van een back-up opnieuw wat na die back-up vernietigd was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=None, help="het bestand (standaard: in DESTRUCTION_LEDGER_DIR)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"] or ledger_path()
        try:
            result = replay(path)
        except LedgerError as error:
            raise CommandError(str(error)) from error
        if result.unknown:
            self.stderr.write(
                f"{result.unknown} regels gaan over een school of samenwerkingsverband dat hier niet staat."
            )
        if result.missing:
            pupils = f"{result.pupils} leerling{'' if result.pupils == 1 else 'en'}"
            self.stdout.write(
                f"{result.missing} vernietigingen waren hier niet bekend. Van {pupils} is opnieuw vernietigd wat er "
                "stond."
            )
        if result.other_key:
            raise CommandError(
                f"Nog niet klaar: {result.other_key} regels zijn met een andere sleutel geschreven en overgeslagen. "
                "Wat daarin staat, en wat daarop wacht, kan er nog zijn. Zet DIGEST_KEY op de sleutel van toen, draai "
                "dit, zet de sleutel van nu terug en draai dit nog een keer. Laat tot dan niemand inloggen."
            )
        if not result.missing:
            self.stdout.write("Er ontbrak niets: wat vernietigd is, is er niet.")
