"""Whether the log is still what was sealed, in plain words."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from thuiszitters.audit.checking import Anchor
from thuiszitters.audit.services.sealing import verify, waiting_too_long


def read_anchor(text: str) -> Anchor:
    """What this command printed earlier: the number of a seal and its digest."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}:[0-9a-f]{64}", text):
        raise ArgumentTypeError("geef het anker zoals dit commando het toonde: nummer:zegel")
    number, digest = text.split(":")
    return Anchor(int(number), digest)


class Command(BaseCommand):
    help = (
        "Controleert of het logboek nog is zoals het verzegeld werd, en noemt het eerste dat niet klopt. Toont een "
        "anker: bewaar dat buiten deze computer. Met --anchor ziet het commando ook of het einde van het logboek is "
        "afgeknipt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=read_anchor, metavar="NUMMER:ZEGEL", help="een eerder bewaard anker")

    def handle(self, *_args: Any, **options: Any) -> None:
        verdict = verify(options["anchor"])
        if verdict.fault:
            raise CommandError(f"Het logboek klopt niet. {verdict.fault} Tot daar kloppen {verdict.batches} zegels.")
        self.stdout.write(f"Het logboek klopt: {verdict.batches} zegels, {verdict.entries} regels.")
        if late := waiting_too_long(timezone.now()):
            self.stdout.write(
                f"Let op: {late} regels wachten langer dan een dag op een zegel. Draait de taak audit.seal?"
            )
        if verdict.last:
            self.stdout.write(f"Anker: {verdict.last}")
