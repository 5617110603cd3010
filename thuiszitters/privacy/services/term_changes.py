"""An alliance chooses how long a class of data is kept. Rows are added and never changed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import DestructionRun, RetentionTerm
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.term_rows import term_rows
from thuiszitters.privacy.term_bounds import why_not
from thuiszitters.privacy.terms import Term


class TermRefusedError(Exception):
    """The text is Dutch, says what to do, and is shown as it is."""


def change_term(
    *, alliance: Alliance, data_class: DataClass, years: int, months: int, why: str, by: User, today: date
) -> RetentionTerm:
    """From today on the data of this class of the schools of `alliance` is kept so long, also what is there already.

    The start event stays what it is. Again on the same day is a row more, which counts from then on: a slip need not
    stand a day. It shows in the next list: `terms_then` and `changed_since` are about the others. Raises
    TermRefusedError.
    """
    if text := why_not(data_class, years, months):
        raise TermRefusedError(text)
    with transaction.atomic():
        lock_terms(alliance.pk)
        now = term_rows(Holder(alliance_id=alliance.pk), today).get(data_class)
        if now is None:
            raise TermRefusedError("Voor deze gegevens is nog geen begin van de termijn vastgesteld.")
        if (now.years * 12 + now.months) == years * 12 + months:
            raise TermRefusedError("Dit is de termijn die nu geldt.")
        return RetentionTerm.objects.create(
            alliance=alliance,
            data_class=data_class,
            years=years,
            months=months,
            start_event=now.start_event,
            source=f"Gekozen door {alliance}: {why}"[:400],
            valid_from=today,
            by=by,
        )


def lock_terms(alliance_id: int | None) -> None:
    """Until the transaction ends nobody chooses a term for this alliance. None: of the terms of everybody nobody
    does."""
    if alliance_id is not None:
        Alliance.objects.select_for_update(of=("self",), no_key=True).get(pk=alliance_id)


def terms_then(run: DestructionRun) -> list[Term]:
    """The terms as they stood when `run` was proposed: what was chosen later is for the next list."""
    return RetentionTerm.objects.filter(Q(by=None) | Q(at__lte=run.proposed_at)).as_terms()


def changed_since(run: DestructionRun) -> bool:
    """Whether a term was chosen after `run` was proposed that holds for its holder. Until the transaction of who asks
    ends, nobody chooses one."""
    alliance_id = run.alliance_id
    if run.school_id is not None:
        alliance_id = School.objects.values_list("alliance", flat=True).get(pk=run.school_id)
    lock_terms(alliance_id)
    of_holder = Q(alliance=None) | Q(alliance=alliance_id)
    return RetentionTerm.objects.filter(of_holder, by__isnull=False, at__gt=run.proposed_at).exists()
