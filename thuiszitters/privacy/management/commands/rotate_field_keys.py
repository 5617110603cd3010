"""Writes what is encrypted anew under the first key, or says what is not yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thuiszitters.privacy.services.key_rotation import rotate_keys


class Command(BaseCommand):
    help = "Versleutelt alles opnieuw met de eerste sleutel van FIELD_KEYS. Kan naast het gewone werk, en nog eens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verify", action="store_true", help="schrijf niets; zeg wat nog onder een oude sleutel staat"
        )

    def handle(self, *args: Any, verify: bool, **options: Any) -> None:
        old = unreadable = 0
        for place in rotate_keys(write=not verify):
            old += place.old
            unreadable += place.unreadable
            if place.done or place.renewed or place.old or place.unreadable:
                self.stdout.write(
                    f"{place.label}: {place.done} goed, {place.renewed} opnieuw versleuteld, "
                    f"{place.old} onder een oude sleutel, {place.unreadable} onleesbaar"
                )
        if unreadable:
            raise CommandError(f"{unreadable} gegevens passen op geen van de sleutels. Zet de oude sleutel terug.")
        if old:
            raise CommandError(f"{old} gegevens staan nog onder een oude sleutel. Haal die nog niet weg.")
        self.stdout.write("Alles staat onder de eerste sleutel.")
