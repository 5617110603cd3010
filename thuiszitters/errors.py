"""What somebody sees of an error of ours: a number to call about, and nothing of what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from thuiszitters.audit.origin import origin


def server_error(_request: HttpRequest) -> HttpResponseServerError:
    """The page for status 500. It asks nothing of the database, which may be what fails."""
    return HttpResponseServerError(render_to_string("500.html", {"request_id": origin().request_id}))
