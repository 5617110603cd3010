"""Trying a destruction: everything happens as it would, and nothing of it stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.db import transaction

from attendance.models import Enrolment
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import KeptCount, RunItem, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.runs import RunRefusedError, approve, propose


@dataclass
class Rehearsed:
    """What would happen. `parts`: by holder and class how many pupils; `rows`: by table before and after; `blocked`:
    by reason how many parts stay."""

    parts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    skipped: Counter[str] = field(default_factory=Counter)
    blocked: Counter[str] = field(default_factory=Counter)
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    whole: int = 0
    kept: int = 0


def rehearse(*, today: date, left_on: date | None = None) -> Rehearsed:
    """Propose, approve and carry out for every school and alliance as if it were `today`, and take it all back.
    `left_on`: as if everybody who is enrolled without an end left on that day."""
    result = Rehearsed()
    with transaction.atomic():
        if left_on is not None:
            Enrolment.objects.filter(last=None, first__lte=left_on).update(last=left_on)
        proposer = User.objects.create_user("proef-voorstel@rehearsal.invalid", name="Proef, voorstel")
        approver = User.objects.create_user("proef-akkoord@rehearsal.invalid", name="Proef, akkoord")
        before, runs = table_sizes(), []
        kept_before = KeptCount.objects.count()
        # A table first: what the schools have rests on it.
        for organisation in [*Alliance.objects.all(), *School.objects.all()]:
            of_school = isinstance(organisation, School)
            holder = Holder(organisation.pk, None) if of_school else Holder(None, organisation.pk)
            for part in past_their_term([holder], today=today):
                result.blocked.update(block.label for block in part.blocks)
            try:
                run = propose(holder=holder, by=proposer, today=today)
            except RunRefusedError:
                continue
            runs.append(run.code)
            approve(run=run, by=approver)
            destroy_run(run.pk, today=today)
            for data_class, status, why in run.items.order_by().values_list("data_class", "status", "why"):
                if status == RunItem.Status.DONE:
                    result.parts[str(organisation)][DataClass(data_class).label] += 1
                else:
                    result.skipped[why or RunItem.Status(status).label] += 1
        after = table_sizes()
        result.rows = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        gone = Tombstone.objects.filter(run_code__in=runs, whole=True)
        result.whole = gone.order_by().values("pupil_key").distinct().count()
        result.kept = KeptCount.objects.count() - kept_before
        transaction.set_rollback(True)
    return result


def table_sizes() -> dict[str, int]:
    """Rows by table, of the apps that know pupils."""
    return {
        str(model._meta.verbose_name_plural): model._default_manager.count()  # noqa: SLF001 - so Django calls it
        for name in ("attendance", "cases", "tables")
        for model in apps.get_app_config(name).get_models()
    }
