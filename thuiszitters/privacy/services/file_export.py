"""The file of one pupil as it is given: plain values, ready for JSON and for the letter. Made anew each time, kept
nowhere."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from attendance.models import Assignment
from cases.models import Report
from tables.models import TableEntry
from thuiszitters.accounts.glossary import GLOSSARY
from thuiszitters.accounts.models import User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy import rights_texts
from thuiszitters.privacy.models import Judgement, PrivacyRequest
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.pieces.source import Scope, at_school, of_case
from thuiszitters.privacy.redaction import BLACK, blacked
from thuiszitters.privacy.services.gathering import Row, date_in_words, in_words
from thuiszitters.privacy.services.requests import RequestRefusedError, why_no_file
from thuiszitters.privacy.services.reviewing import Review, review_of
from thuiszitters.privacy.services.term_rows import term_rows
from thuiszitters.privacy.typesetting import typeset

SCHEMA = "thuiszitters/inzage/1"
"""Goes up when a reader of the JSON would have to change."""
LETTER = Path(__file__).parent.parent / "letters" / "file.typ"
FORMS = {"pdf": "application/pdf", "json": "application/json; charset=utf-8"}


@transaction.atomic
def make_file(*, request: PrivacyRequest, form: str, today: date, by: User) -> bytes:
    """The file as PDF or JSON; that it was made, by whom and its digest stand in the log.

    Refused while one text was not judged as it stands now, and while it is not settled that whoever asks may have it.
    """
    if reason := why_no_file(request, today):
        raise RequestRefusedError(reason)
    review = review_of(request)
    if not review.is_complete:
        raise RequestRefusedError("Nog niet elke tekst is beoordeeld. Er gaat niets uit voordat dat gedaan is.")
    data = file_data(request, review, timezone.now())
    content = as_json(data) if form == "json" else as_pdf(data)
    record(
        Kind.EXPORT,
        "inzagebestand",
        row=request.code,
        subject=request.pupil.code,
        detail={
            "vorm": form,
            "sha256": sha256(content).hexdigest(),
            "rijen": sum(len(section["rows"]) for section in data["sections"]),
            "door": str(by.code),
        },
    )
    return content


def file_data(request: PrivacyRequest, review: Review, now: datetime) -> dict[str, Any]:
    """Everything that goes along, by the schema of docs/inzage.md. What was blacked out or left out is not in it."""
    pupil, today = request.pupil, timezone.localtime(now).date()
    judgements = review.judgements
    left_out = sum(1 for row in judgements.values() if row.left_out)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "made_on_in_words": date_in_words(today),
        "pupil": {"name": pupil.full_name, "birth_date": pupil.birth_date.isoformat()},
        "school": request.school.name,
        "received_on": request.received_on.isoformat(),
        "received_on_in_words": date_in_words(request.received_on),
        "about": {
            "purposes": list(rights_texts.PURPOSES),
            "sources": list(rights_texts.SOURCES),
            "recipients": recipients_of(request),
            "terms": terms(request, today),
            "rights": list(rights_texts.RIGHTS),
            "decisions": rights_texts.NO_MACHINE_DECIDES,
            "other_schools": rights_texts.OTHER_SCHOOLS,
            "withheld": rights_texts.WITHHELD if left_out or any(row.spans for row in judgements.values()) else "",
        },
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "rows": [row_data(row, judgements) for row in section.rows],
            }
            for section in review.sections
            if section.rows
        ],
    }
    data["words"] = words_used(json.dumps(data["sections"], ensure_ascii=False))
    return data


def row_data(row: Row, judgements: dict[str, Judgement]) -> dict[str, Any]:
    """A row with its values and what may be read of its texts."""
    fields = [
        {"name": value.name, "label": value.label, "value": value.value, "shown": value.shown} for value in row.values
    ]
    for text in row.texts:
        judged = judgements[text.digest]
        shown = f"{BLACK} {judged.reason}".strip() if judged.left_out else blacked(text.text, judged.spans)
        fields.append({"name": text.name, "label": text.label, "value": shown, "shown": shown})
    return {"source": row.source.model, "title": row.source.title, "fields": fields}


def recipients_of(request: PrivacyRequest) -> list[str]:
    """Who got to see something of this school's file, by what happened: kinds of people, and organisations by name."""
    pupil, school = request.pupil, request.school
    scope = Scope.of(pupil, school)
    sent = Report.objects.filter(at_school("school", "place")(scope), pupil=pupil, sent_at__isnull=False)
    placed = TableEntry.objects.filter(of_case("case__")(scope), case__pupil=pupil, placed_at__isnull=False)
    found = [f"Medewerkers van {school} die met de leerling werken; hieronder staat wie keek."]
    found += [
        f"De leerplichtambtenaar van {name}: de verstuurde meldingen."
        for name in sent.order_by("municipality__name").values_list("municipality__name", flat=True).distinct()
    ]
    found += [
        f"Het samenwerkingsverband{f' {name}' if name else ''} en leerplicht: op de Thuiszitterstafel."
        for name in placed.order_by("alliance__name").values_list("alliance__name", flat=True).distinct()
    ]
    here = Assignment.objects.filter(scope.during("first", "last"), pupil=pupil)
    assigned = here.select_related("user").order_by("first", "pk")
    found += [
        f"{row.user} ({row.get_role_display()}), {in_words(row.first)} tot {in_words(row.last) or 'nu'}."
        for row in assigned
    ]
    return found


def terms(request: PrivacyRequest, today: date) -> list[str]:
    """How long each kind of data is kept, with where that comes from."""
    return [
        f"{row.get_data_class_display()}: {row.length} nadat {row.get_start_event_display()}. {row.source}"
        for row in term_rows(Holder(request.school_id), today).values()
    ]


def words_used(text: str) -> list[dict[str, str]]:
    """Words of the field that stand in the file, each with one plain sentence."""
    return [
        {"word": word, "meaning": meaning}
        for word, meaning in GLOSSARY.items()
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    ]


def as_json(data: dict[str, Any]) -> bytes:
    """UTF-8, readable, keys always in the same order."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def as_pdf(data: dict[str, Any]) -> bytes:
    """The letter."""
    return typeset(LETTER, data, at=datetime.fromisoformat(data["made_at"]))
