"""Wiring of the project (above all apps) and accounts (below all apps)."""

from thuiszitters.celery import app as celery_app

__all__ = ("celery_app",)
