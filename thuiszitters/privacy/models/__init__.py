"""A file per noun."""

from thuiszitters.privacy.models.alerts import Alert, AlertJudgement
from thuiszitters.privacy.models.holds import LegalHold
from thuiszitters.privacy.models.numbers import NumberUse, PersonNumber
from thuiszitters.privacy.models.requests import Judgement, PrivacyRequest
from thuiszitters.privacy.models.retention_terms import RetentionTerm
from thuiszitters.privacy.models.runs import DestructionRun, RunItem
from thuiszitters.privacy.models.tombstones import KeptCount, Tombstone

__all__ = (
    "Alert",
    "AlertJudgement",
    "DestructionRun",
    "Judgement",
    "KeptCount",
    "LegalHold",
    "NumberUse",
    "PersonNumber",
    "PrivacyRequest",
    "RetentionTerm",
    "RunItem",
    "Tombstone",
)
