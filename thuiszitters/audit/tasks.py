"""What runs by itself. Each task can run twice, late, or beside itself."""

from __future__ import annotations

from celery import shared_task

from thuiszitters.audit.services.sealing import seal_waiting


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what was written to the log."""
    seal_waiting()
