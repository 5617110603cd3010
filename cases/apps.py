from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from cases.audited import audit_changes  # noqa: PLC0415 - models are there only now

        audit_changes()
