from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thuiszitters.demo.people import logins_text


class Command(BaseCommand):
    help = "Toont met welke adressen men in de demo kan inloggen."

    def handle(self, *args: Any, **options: Any) -> None:
        text = logins_text() if settings.MODE == "embedded" else ""
        if not text:
            raise CommandError("Hier staan geen demogegevens.")
        self.stdout.write(text)
