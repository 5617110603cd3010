"""What every answer tells the browser, whoever made it: a page, a file, a redirect or an error."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ON_EVERYTHING = {
    # No other site may take our answers in, and nothing that does not allow it is taken in here.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
"""For what is no page: opened on its own it runs nothing, and belongs to no site."""


def headers_of_everything(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware: also what others answer passes here, such as static files and redirects to TLS."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ON_EVERYTHING.items():
            response.headers[name] = value
        if is_download(response):
            response.headers["Content-Security-Policy"] = NO_PAGE
        response.headers.setdefault("Content-Security-Policy", NO_PAGE)
        return response

    return middleware


def is_download(response: HttpResponse) -> bool:
    """Whether a browser keeps this as a file instead of showing it."""
    return response.headers.get("Content-Disposition", "").startswith("attachment")
