"""Errors as problem details (RFC 9457), in Dutch, with for each field what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

CONTENT_TYPE = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "Dit is geen leesbaar verzoek",
    HTTPStatus.UNAUTHORIZED: "De sleutel ontbreekt of werkt niet",
    HTTPStatus.FORBIDDEN: "Deze sleutel mag dit niet",
    HTTPStatus.NOT_FOUND: "Niet gevonden",
    HTTPStatus.METHOD_NOT_ALLOWED: "Dit kan hier niet",
    HTTPStatus.CONFLICT: "Past niet bij wat er al staat",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Te groot",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Een of meer velden kloppen niet",
    HTTPStatus.TOO_MANY_REQUESTS: "Te veel verzoeken",
}
"""The kinds of problem. The HTTP status is the type: none has one of its own (`about:blank`)."""
VALUE_ERRORS = {
    "missing": "ontbreekt",
    "extra_forbidden": "is een onbekend veld",
    "string_too_short": "is leeg",
    "string_too_long": "is te lang",
    "json_invalid": "is geen JSON",
}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: where it stands in the request, and in words."""

    field: str
    detail: str


@dataclass(frozen=True)
class ProblemError(Exception):
    """Raised where something cannot be; answered as problem details."""

    status: HTTPStatus
    detail: str
    errors: tuple[FieldError, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.errors:
            found["errors"] = [asdict(error) for error in self.errors]
        return found

    def answer(self) -> HttpResponse:
        return JsonResponse(self.as_dict(), status=self.status, content_type=CONTENT_TYPE)


def install(api: NinjaAPI) -> None:
    """Have every error of `api` answered as problem details. What nobody foresaw stays a 500 without details."""

    def problem(_request: HttpRequest, error: Any) -> HttpResponse:
        return cast("ProblemError", error).answer()

    def not_found(_request: HttpRequest, _error: object) -> HttpResponse:
        return ProblemError(HTTPStatus.NOT_FOUND, "Dit adres is er niet, of niet voor deze school.").answer()

    def no_key(_request: HttpRequest, _error: object) -> HttpResponse:
        answer = ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "Stuur de sleutel mee als “Authorization: Bearer …”. Is hij verlopen? De beheerder maakt een nieuwe.",
        ).answer()
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    def too_many(_request: HttpRequest, _error: object) -> HttpResponse:
        return ProblemError(
            HTTPStatus.TOO_MANY_REQUESTS, "Wacht zo veel seconden als Retry-After zegt, of stuur meer in één keer."
        ).answer()

    def refused(_request: HttpRequest, error: Any) -> HttpResponse:
        return ProblemError(HTTPStatus(error.status_code), "De inhoud kan niet gelezen worden: stuur JSON.").answer()

    def too_big(_request: HttpRequest, _error: object) -> HttpResponse:
        return ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Verdeel dit over meer verzoeken.").answer()

    def invalid(_request: HttpRequest, error: Any) -> HttpResponse:
        return ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Er is niets opgeslagen.", tuple(field_errors(error.errors))
        ).answer()

    api.add_exception_handler(ProblemError, problem)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(HttpError, refused)
    api.add_exception_handler(AuthenticationError, no_key)
    api.add_exception_handler(Throttled, too_many)
    api.add_exception_handler(RequestDataTooBig, too_big)
    api.add_exception_handler(ValidationError, invalid)


def field_errors(errors: Iterable[dict[str, Any]]) -> Iterable[FieldError]:
    """What the check of the fields found, without the value that was sent: an answer may end up in somebody's log."""
    for error in errors:
        place = [str(part) for part in error["loc"] if part not in {"body", "path", "query", "payload"}]
        message = str(error.get("ctx", {}).get("error", "")) or VALUE_ERRORS.get(error["type"], "klopt niet")
        yield FieldError(".".join(place) or "verzoek", message)
