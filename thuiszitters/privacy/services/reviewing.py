"""Judging the free texts of a file one by one, before anything of it goes out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from thuiszitters.accounts.models import User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.models import Judgement, PrivacyRequest
from thuiszitters.privacy.redaction import merged
from thuiszitters.privacy.services.gathering import FreeText, Section, gather
from thuiszitters.privacy.services.requests import RequestRefusedError


@dataclass(frozen=True)
class Piece:
    """One text to be judged, wherever it stands: `where` names the rows, the first one is enough to know it by."""

    text: FreeText
    where: tuple[str, ...]
    judgement: Judgement | None


@dataclass(frozen=True)
class Review:
    """All texts of a file, in the order of the file, with what was said of each."""

    sections: list[Section]
    pieces: list[Piece]

    @property
    def waiting(self) -> list[Piece]:
        """Those that nobody judged as they stand now."""
        return [piece for piece in self.pieces if piece.judgement is None]

    @property
    def is_complete(self) -> bool:
        return not self.waiting

    @property
    def unread(self) -> list[Piece]:
        """Those of which no colleague read the judgement yet."""
        return [piece for piece in self.pieces if piece.judgement is not None and not piece.judgement.second_look_at]

    @property
    def judgements(self) -> dict[str, Judgement]:
        return {piece.text.digest: piece.judgement for piece in self.pieces if piece.judgement is not None}

    @property
    def seen(self) -> str:
        """What a page of this showed: which texts, and which judgement of each. Another one when any of them changed;
        the same when somebody only read along."""
        rows = sorted((digest, row.judged_at.isoformat()) for digest, row in self.judgements.items())
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def review_of(request: PrivacyRequest) -> Review:
    """The file as it is now against what was judged. A text that changed counts as not judged."""
    sections = gather(request.pupil, request.school)
    judged = {row.text_digest: row for row in request.judgements.select_related("judged_by", "second_look_by")}
    found: dict[str, tuple[FreeText, list[str]]] = {}
    for section in sections:
        for row in section.rows:
            when = next((value.shown for value in row.values if value.name in {"day", "at", "first", "created_at"}), "")
            for text in row.texts:
                kept = found.setdefault(text.digest, (text, []))
                kept[1].append(f"{row.source.title}: {text.label}" + (f", {when}" if when else ""))
    pieces = [Piece(text, tuple(where), judged.get(digest)) for digest, (text, where) in found.items()]
    return Review(sections, pieces)


@transaction.atomic
def judge(
    *,
    request: PrivacyRequest,
    text: FreeText,
    spans: Iterable[Sequence[int]],
    left_out: bool,
    reason: str,
    by: User,
) -> Judgement:
    """Say what of this text goes along. May be said again; the last word counts, and a second look at it is void."""
    if not request.is_open:
        raise RequestRefusedError("Dit verzoek is al beantwoord. De teksten kunnen niet meer worden beoordeeld.")
    row, _ = Judgement.objects.update_or_create(
        request=request,
        text_digest=text.digest,
        defaults={
            "spans": [] if left_out else [list(span) for span in merged(spans, text.text)],
            "left_out": left_out,
            "reason": reason,
            "judged_by": by,
            "judged_at": timezone.now(),
            "second_look_by": None,
            "second_look_at": None,
        },
    )
    return row


@transaction.atomic
def give_second_look(*, request: PrivacyRequest, seen: str, by: User) -> int:
    """A colleague read along, once everything is judged: with the texts that somebody else judged. `seen`: of the
    review that they read. How many texts still wait for a second look, which are those that `by` judged.

    Raises RequestRefusedError, also when a text or a judgement changed since they read it: then nothing is recorded.
    """
    if not request.is_open:
        raise RequestRefusedError("Dit verzoek is al beantwoord.")
    # Locked before they are read: who judges a text anew waits, and then makes the second look void.
    locked = list(request.judgements.select_for_update().order_by("pk").values_list("pk", flat=True))
    review = review_of(request)
    if not review.is_complete:
        raise RequestRefusedError("Nog niet elke tekst is beoordeeld. Lees daarna mee.")
    if review.seen != seen:
        raise RequestRefusedError(
            "Terwijl je meelas, is een tekst of een oordeel veranderd. Er is niets vastgelegd. Lees de teksten "
            "hieronder zoals ze nu zijn, en leg daarna vast dat je meelas."
        )
    shown = {row.pk for row in review.judgements.values()}
    unread = Judgement.objects.filter(pk__in=shown.intersection(locked), second_look_at=None)
    if not unread.exclude(judged_by=by).update(second_look_at=timezone.now(), second_look_by=by):
        raise RequestRefusedError(
            "Jij hebt deze teksten zelf beoordeeld. Vraag een collega om mee te lezen."
            if unread.exists()
            else "Bij elke tekst is al meegelezen."
        )
    record(Kind.CHANGE, "tweede blik op een inzageverzoek", row=request.code, subject=request.pupil.code)
    return unread.count()
