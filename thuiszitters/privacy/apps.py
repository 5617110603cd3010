from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "thuiszitters.privacy"
    label = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from thuiszitters.privacy.audited import audit_changes  # noqa: PLC0415 - models are there only now

        audit_changes()
