"""Pages are read and forms are sent; nothing else is done with them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

PAGE_METHODS = ("GET", "HEAD", "POST")
API = "/api/"
"""Its operations say themselves by which methods they go."""


def page_methods_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: 405 for every other method, before any view could take it for a GET."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in PAGE_METHODS or request.path_info.startswith(API):
            return get_response(request)
        return HttpResponseNotAllowed(PAGE_METHODS)

    return middleware
