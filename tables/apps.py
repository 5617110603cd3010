from __future__ import annotations

from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "tables"
    verbose_name = "Thuiszitterstafel"

    def ready(self) -> None:
        from tables.audited import audit_changes  # noqa: PLC0415 - models are there only now

        audit_changes()
