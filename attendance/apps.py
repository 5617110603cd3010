from __future__ import annotations

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = "Verzuim"

    def ready(self) -> None:
        from attendance.audited import audit_changes  # noqa: PLC0415 - models are there only now

        audit_changes()
