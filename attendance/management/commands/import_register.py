"""python manage.py import_register KIND FILE"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attendance.importing.cells import normal_brin, parsed_day
from attendance.importing.refusals import RefusedFile
from attendance.importing.result import ImportResult
from attendance.importing.run import KINDS, run_import
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import School

PROGRESS_SECONDS = 2


class Command(BaseCommand):
    """Refusals and remarks go to stderr; the last line of stdout is the summary, also when nothing could be read.

    Status 0 if no row was refused.
    """

    help = "Leest een bestand uit de schooladministratie in. Zie docs/bestanden.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="CSV-bestand, rekenblad (.xlsx) of, bij pupils, EDEXML (.xml)"
        )
        parser.add_argument("--through", metavar="DATE", help="het verzuim is compleet tot en met deze datum")
        parser.add_argument("--school", metavar="BRIN", help="de school waarover het bestand gaat, zoals 00AB01")
        parser.add_argument("--dry-run", action="store_true", help="tel wat er zou gebeuren; verander niets")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="verander niets als er een rij geweigerd wordt"
        )

        parser.add_argument(
            "--complete",
            nargs=2,
            metavar=("FROM", "UNTIL"),
            help="het verzuimbestand bevat al het verzuim van --school in deze periode: wat er niet in staat vervalt",
        )
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="laat ook meer dan een tiende van het verzuim van --complete vervallen",
        )
        parser.add_argument(
            "--queue-unknown",
            action="store_true",
            help="laat rijen met een onbekende redencode wachten tot die gekoppeld is",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            through = date_named(options["through"]) if options["through"] else None
            school = school_named(options["school"]) if options["school"] else None
            first, last = options["complete"] or (None, None)
            with options["file"].open("rb") as file:
                result = run_import(
                    kind=options["kind"],
                    file=file,
                    today=today(),
                    through=through,
                    school=school,
                    dry_run=options["dry_run"],
                    all_or_nothing=options["all_or_nothing"],
                    progress=self.progress(),
                    complete=(date_named(first), date_named(last)) if first and last else None,
                    confirmed=options["confirm"],
                    queue_unknown=options["queue_unknown"],
                )
        except (OSError, RefusedFile) as error:
            self.stdout.write(ImportResult(options["kind"]).summary)
            why = unreadable(options["file"], error) if isinstance(error, OSError) else str(error)
            raise CommandError(why) from error
        self.report(result, dry_run=options["dry_run"])
        if result.refused or (result.needs_confirmation and not result.applied and not options["dry_run"]):
            sys.exit(1)

    def report(self, result: ImportResult, *, dry_run: bool) -> None:
        """Say what was ignored and refused, and then the summary."""
        for remark in result.remarks:
            self.stderr.write(remark)
        if result.ignored_columns:
            self.stderr.write(f"Deze kolommen zijn overgeslagen: {', '.join(result.ignored_columns)}.")
        for refusal in result.refusals:
            self.stderr.write(str(refusal))
        if result.skipped:
            self.stderr.write(f"Overgeslagen, want niet van belang: {result.skipped}.")
        if dry_run:
            self.stderr.write("Dit was een proef: er is niets veranderd.")
        elif result.needs_confirmation and not result.applied:
            self.stderr.write("Er is niets veranderd. Klopt dit, geef het bestand dan nog eens met --confirm.")
        elif not result.applied:
            self.stderr.write("Er is niets veranderd: bij --all-or-nothing moeten alle rijen goed zijn.")
        self.report_silence(result)
        for school in result.completed_schools:
            self.stderr.write(f"{school.brin} is compleet tot en met {school.complete_through:%d-%m-%Y}.")
        self.stdout.write(result.summary)

    def report_silence(self, result: ImportResult) -> None:
        """Say what waits, was skipped, and is not in a complete file."""
        told = {
            "rij(en) wachten tot hun redencode gekoppeld is": result.waiting,
            "rij(en) overgeslagen: geen verzuim, of een latere rij zegt het opnieuw": result.skipped,
            f"van {result.standing} ingelezen meldingen in deze periode staan niet in het bestand en vervallen": (
                result.would_withdraw
            ),
            "melding(en) die iemand invoerde of een andere school inlas staan niet in het bestand; die blijven": len(
                result.unnamed
            ),
        }
        for what, number in told.items():
            if number:
                self.stderr.write(f"{number} {what}.")
        if result.nothing_withdrawn_because:
            self.stderr.write(f"Er vervalt niets. {result.nothing_withdrawn_because}")

    def progress(self) -> Any:
        """Tells how far a long import is, every few seconds."""
        told = time.monotonic()

        def tell(what: str, done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                self.stderr.write(f"{done} van {total} {what}")

        return tell


def unreadable(path: Path, error: OSError) -> str:
    """Why a file cannot be read, and what to do."""
    if path.is_dir():
        return f"{path} is een map. Noem een bestand."
    if isinstance(error, FileNotFoundError):
        return f"{path} bestaat niet. Controleer de naam en de map."
    return f"{path} is niet te lezen ({error.strerror}). Controleer of u het mag openen."


def date_named(text: str) -> date:
    found = parsed_day(text.strip())
    if found is None:
        raise RefusedFile(f"“{text}” is geen datum. Schrijf dd-mm-jjjj of jjjj-mm-dd.")
    return found


def school_named(text: str) -> School:
    brin = normal_brin(text.strip())
    school = School.objects.filter(brin=brin).first() if brin else None
    if school is None:
        raise RefusedFile(f"School “{text}” is niet bekend. Schrijf BRIN met vestiging, zoals 00AB01.")
    return school
