"""Write docs/toegang.md from the matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from thuiszitters.accounts.access_docs import access_page


class Command(BaseCommand):
    help = "Schrijf docs/toegang.md: wie ziet wat, en waarom."

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "toegang.md"
        path.write_text(access_page(), encoding="utf-8")
        self.stdout.write(f"Geschreven: {path}")
