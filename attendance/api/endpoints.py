"""The API for systems that push. Every operation needs a token of a school, and writes for that school only."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Path, Status
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from attendance.api import problems
from attendance.api.contract import (
    AbsenceBatch,
    AbsenceIn,
    AbsenceOut,
    BatchOut,
    CompleteIn,
    CompleteOut,
    Outcome,
    Problem,
    PupilBatch,
    PupilIn,
    SourceId,
    Verdict,
)
from attendance.api.problems import FieldError, ProblemError
from attendance.importing.run import run_import
from attendance.models import Absence, ApiToken
from attendance.models.api import Scope
from attendance.services.api_tokens import token_of
from attendance.services.pushed import Pushed, Received, push_absences, pushed_absence, withdraw_pushed
from attendance.services.schools import declare_complete
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import School
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

DESCRIPTION = """Voor systemen van scholen die hun gegevens zelf aanleveren. De beheerder maakt per school en per
systeem een sleutel. Een verzoek mag altijd herhaald worden: wat er al staat verandert niet. De woorden zijn die van de
bestanden."""


class Token(HttpBearer):
    """The school's key, as a bearer token."""

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        return token_of(token, today=today())


class PerToken(SimpleRateThrottle):
    """So many requests a token; the count stands in the cache, which the web processes share."""

    scope = "token"

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"api-token-{token(request).pk}"


def token(request: HttpRequest) -> ApiToken:
    """The key of this request."""
    return cast("ApiToken", request.auth)  # type: ignore[attr-defined]


def token_for(request: HttpRequest, scope: Scope) -> ApiToken:
    """The key of this request, when it may be used for `scope`."""
    found = token(request)
    if scope not in found.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, f"De sleutel is niet gemaakt om {scope.label}.")
    kind = Kind.READ if request.method == "GET" else Kind.CHANGE
    record(kind, "koppeling", row=found.code, actor=found.made_by.code, why="met een sleutel", detail={"mag": scope})
    return found


class DescribedAPI(NinjaAPI):
    """An API whose description says that errors are problem details."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        response["content"] = {problems.CONTENT_TYPE: response["content"]["application/json"]}
        return schema


api = DescribedAPI(
    title="Thuiszitters",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Token(),
    throttle=PerToken(settings.API_RATE),
    urls_namespace="api",
)
problems.install(api)

REFUSED = dict.fromkeys(
    (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    Problem,
)
NOT_THERE = REFUSED | {HTTPStatus.NOT_FOUND: Problem}
CLASHES = REFUSED | {HTTPStatus.CONFLICT: Problem}


@api.put(
    "/verzuim/{bron_id}",
    response={HTTPStatus.OK: AbsenceOut, HTTPStatus.CREATED: AbsenceOut} | CLASHES,
    summary="Een afwezigheid aanleveren",
    operation_id="verzuim_aanleveren",
)
def absence_put(request: HttpRequest, bron_id: Path[SourceId], payload: AbsenceIn) -> Status[AbsenceOut]:
    """Hetzelfde bron_id is altijd dezelfde afwezigheid: zo krijgt “tot nader bericht” een einde."""
    key = token_for(request, Scope.ABSENCES)
    (received,) = push_absences(token=key, records=[pushed(bron_id, payload)], today=today())
    if received.verdict == "geweigerd":
        status = HTTPStatus.CONFLICT if received.clashes else HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError(
            status, "Er is niets opgeslagen.", (FieldError(received.field or "verzoek", received.message),)
        )
    status = HTTPStatus.CREATED if received.verdict == "nieuw" else HTTPStatus.OK
    return Status(status, as_sent(bron_id, standing(key, bron_id)))


@api.get(
    "/verzuim/{bron_id}",
    response={HTTPStatus.OK: AbsenceOut} | NOT_THERE,
    summary="Een aangeleverde afwezigheid teruglezen",
    operation_id="verzuim_lezen",
)
def absence_get(request: HttpRequest, bron_id: Path[SourceId]) -> AbsenceOut:
    """Zoals die er nu staat; iemand op school kan haar gewijzigd hebben."""
    return as_sent(bron_id, standing(token_for(request, Scope.ABSENCES), bron_id))


@api.delete(
    "/verzuim/{bron_id}",
    response={HTTPStatus.NO_CONTENT: None} | NOT_THERE,
    summary="Een afwezigheid intrekken",
    operation_id="verzuim_intrekken",
)
def absence_delete(request: HttpRequest, bron_id: Path[SourceId]) -> Status[None]:
    """Ze bestond niet. Ze telt niet meer mee; dat ze er stond blijft bewaard."""
    key = token_for(request, Scope.ABSENCES)
    if not withdraw_pushed(token=key, source_id=bron_id, today=today()):
        raise ProblemError(HTTPStatus.NOT_FOUND, "Onder dit bron_id heeft deze school niets aangeleverd.")
    return Status(HTTPStatus.NO_CONTENT, None)


@api.post(
    "/verzuim",
    response={HTTPStatus.OK: BatchOut} | REFUSED,
    summary="Veel afwezigheden in één keer",
    operation_id="verzuim_batch",
)
def absence_batch(request: HttpRequest, payload: AbsenceBatch) -> BatchOut:
    """Elke regel zoals bij één tegelijk. Wat niet kan staat per regel in het antwoord; de rest gaat erin."""
    key = token_for(request, Scope.ABSENCES)
    records = [pushed(item.bron_id, item) for item in payload.verzuim]
    return batch_of(push_absences(token=key, records=records, today=today()))


@api.post(
    "/leerlingen",
    response={HTTPStatus.OK: BatchOut} | REFUSED,
    summary="Leerlingen en hun inschrijvingen",
    operation_id="leerlingen_batch",
)
def pupil_batch(request: HttpRequest, payload: PupilBatch) -> BatchOut:
    """Dezelfde leerling is: hetzelfde nummer, dezelfde geboortedatum en achternaam. Een nieuwe klas komt erbij."""
    key = token_for(request, Scope.PUPILS)
    file = as_file(payload.leerlingen, key.school)
    result = run_import(kind="pupils", file=file, today=today(), school=key.school)
    refused = {
        row.line - 1: Received("geweigerd", row.column, f"{row.reason} ({row.remedy})") for row in result.refusals
    }
    return BatchOut(
        nieuw=result.created,
        gewijzigd=result.updated,
        gelijk=result.unchanged,
        geweigerd=result.refused,
        regels=[outcome(nr, row) for nr, row in sorted(refused.items())],
    )


@api.put(
    "/compleet",
    response={HTTPStatus.OK: CompleteOut} | REFUSED,
    summary="Tot en met welke dag het verzuim compleet is",
    operation_id="compleet_melden",
)
def complete_put(request: HttpRequest, payload: CompleteIn) -> CompleteOut:
    """Wie tot en met deze dag niet afwezig gemeld is, was er. Meld dit pas als alles van die dag is aangeleverd."""
    key = token_for(request, Scope.COMPLETE)
    if payload.tot_en_met > today():
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Er is niets opgeslagen.",
            (FieldError("tot_en_met", "ligt in de toekomst"),),
        )
    moved = declare_complete(school=key.school, through=payload.tot_en_met)
    key.school.refresh_from_db(fields=["complete_through"])
    return CompleteOut(tot_en_met=key.school.complete_through or payload.tot_en_met, verschoven=moved)


# From their words to ours, and back


def pushed(source_id: str, sent: AbsenceIn) -> Pushed:
    return Pushed(source_id, sent.leerlingnummer, sent.van, sent.tot, sent.reden, sent.minuten, sent.lesuur or 0)


def standing(key: ApiToken, source_id: str) -> Absence:
    found = pushed_absence(token=key, source_id=source_id)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "Onder dit bron_id heeft deze school niets aangeleverd.")
    return found


def as_sent(source_id: str, absence: Absence) -> AbsenceOut:
    return AbsenceOut(
        bron_id=source_id,
        leerlingnummer=absence.pupil.number,
        van=absence.first,
        tot=absence.last,
        reden=absence.reason.code,
        minuten=absence.minutes,
        lesuur=absence.lesson or None,
        ingetrokken=absence.withdrawn_at is not None,
    )


def batch_of(answers: Sequence[Received]) -> BatchOut:
    counts: dict[Verdict, int] = {"nieuw": 0, "gewijzigd": 0, "gelijk": 0, "geweigerd": 0}
    for answer in answers:
        counts[answer.verdict] += 1
    return BatchOut(**counts, regels=[outcome(nr, answer) for nr, answer in enumerate(answers, start=1)])


def outcome(nr: int, answer: Received) -> Outcome:
    return Outcome(nr=nr, resultaat=answer.verdict, veld=answer.field, melding=answer.message)


def as_file(sent: Sequence[PupilIn], school: School) -> io.BytesIO:
    """The rows as the file that a school could have handed in: one set of rules for both."""
    columns = list(PupilIn.model_fields)
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerow([*columns, "brin"])
    for item in sent:
        values: dict[str, Any] = item.model_dump(mode="json")
        rows.writerow(["" if values[name] is None else values[name] for name in columns] + [school.brin])
    return io.BytesIO(text.getvalue().encode())


# Addresses


def open_to_keys(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No log-in page: the key is asked for by the operation itself. A method that is not there is a problem too."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            problem = ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, f"Dit adres kent {answer['Allow']}.").answer()
            problem["Allow"] = answer["Allow"]
            return problem
        return answer

    return login_not_required(wrapped)


def api_urls() -> tuple[list[URLResolver | URLPattern], str, str]:
    """What the list of addresses takes in."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = open_to_keys(pattern.callback)
    return patterns, app_name, namespace
