from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thuiszitters.accounts"
    label = "accounts"
    verbose_name = "Organisaties en gebruikers"

    def ready(self) -> None:
        from thuiszitters.accounts.audited import audit_changes  # noqa: PLC0415 - models are there only now

        audit_changes()
