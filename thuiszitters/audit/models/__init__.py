"""The log and its seals, a file per noun."""

from thuiszitters.audit.models.entries import AppendOnlyError, AppendOnlyQuerySet, Entry, Opening
from thuiszitters.audit.models.seals import Expiry, Seal

__all__ = ("AppendOnlyError", "AppendOnlyQuerySet", "Entry", "Expiry", "Opening", "Seal")
