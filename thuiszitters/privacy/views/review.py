"""Judging the texts of a file one by one, and handing the file out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.read_log import log_read
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.models.requests import HANDLES
from thuiszitters.privacy.redaction import parts
from thuiszitters.privacy.request_forms import JudgeForm
from thuiszitters.privacy.services.file_export import FORMS, make_file
from thuiszitters.privacy.services.naming import names_in, suggestions_in
from thuiszitters.privacy.services.requests import RequestRefusedError, why_no_file
from thuiszitters.privacy.services.reviewing import Piece, Review, give_second_look, judge, review_of
from thuiszitters.privacy.views.requests import request_for


def _inspection(request: StaffRequest, code: UUID) -> PrivacyRequest:
    row = request_for(request, code)
    if row.kind != PrivacyRequest.Kind.INSPECTION:
        raise Http404
    return row


@for_roles(*HANDLES)
def review_list(request: StaffRequest, code: UUID) -> HttpResponse:
    """All texts of the file, with what was said of each; and the file itself once nothing waits."""
    row = _inspection(request, code)
    log_read(request, page="inzageverzoek", subject_code=row.pupil.code)
    review = review_of(row)
    shown = [
        (piece, parts(piece.text.text, piece.judgement.spans if piece.judgement else ())) for piece in review.pieces
    ]
    context = {
        "row": row,
        "pupil": row.pupil,
        "review": review,
        "shown": shown,
        "why_no_file": why_no_file(row, clock_today()),
        "rows": sum(len(section.rows) for section in review.sections),
    }
    return render(request, "privacy/review_list.html", context)


def _piece(review: Review, digest: str) -> tuple[int, Piece]:
    for number, piece in enumerate(review.pieces, 1):
        if piece.text.digest == digest:
            return number, piece
    raise Http404


@for_roles(*HANDLES)
def review_text(request: StaffRequest, code: UUID, digest: str) -> HttpResponse:
    """One text: black out what is about others, or leave it out. Saved, the next one that waits comes."""
    row = _inspection(request, code)
    review = review_of(row)
    number, piece = _piece(review, digest)
    text = piece.text.text
    suggestions = suggestions_in(text, names_in([text], row.pupil, row.school))
    kept = piece.judgement
    initial = {
        "black": [one.words for one in suggestions if kept is None and one.is_likely],
        "phrases": "\n".join(part.text for part in parts(text, kept.spans) if part.is_black) if kept else "",
        "left_out": kept.left_out if kept else False,
        "reason": kept.reason if kept else "",
    }
    form = JudgeForm(
        request.POST if request.method == "POST" else None, text=text, suggestions=suggestions, initial=initial
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            return _judged(request, row, piece, form)
        status = 400
    else:
        log_read(request, page="inzageverzoek", subject_code=row.pupil.code)
    context = {
        "row": row,
        "pupil": row.pupil,
        "piece": piece,
        "number": number,
        "total": len(review.pieces),
        "parts": parts(text, [span for one in suggestions for span in one.spans]),
        "form": form,
    }
    return render(request, "privacy/review_text.html", context, status=status)


def _judged(request: StaffRequest, row: PrivacyRequest, piece: Piece, form: JudgeForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        judge(
            request=row,
            text=piece.text,
            spans=form.spans,
            left_out=given["left_out"],
            reason=given["reason"],
            by=request.user,
        )
    except RequestRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy:review_list", code=row.code)
    waiting = review_of(row).waiting
    if waiting:
        return redirect("privacy:review_text", code=row.code, digest=waiting[0].text.digest)
    messages.success(request, "Alle teksten zijn beoordeeld.")
    return redirect("privacy:review_list", code=row.code)


@for_roles(*HANDLES)
@require_POST
def second_look(request: StaffRequest, code: UUID) -> HttpResponse:
    """A colleague read along."""
    row = _inspection(request, code)
    try:
        left = give_second_look(request=row, seen=request.POST.get("seen", ""), by=request.user)
    except RequestRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        rest = f" De {left} die je zelf beoordeelde, leest een collega." if left else ""
        messages.success(request, f"Vastgelegd dat je hebt meegelezen.{rest}")
    return redirect("privacy:review_list", code=code)


@for_roles(*HANDLES, step_up=True)
@require_POST
def request_file(request: StaffRequest, code: UUID, form: str) -> HttpResponse:
    """The file, as PDF or JSON. Its name says nothing of the pupil, and nothing of it stays here."""
    row = _inspection(request, code)
    if form not in FORMS:
        raise Http404
    try:
        content = make_file(request=row, form=form, today=clock_today(), by=request.user)
    except RequestRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy:review_list", code=code)
    answer = HttpResponse(content, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="inzage.{form}"'
    return answer
