"""Addresses of persoonsgebonden nummers."""

from __future__ import annotations

from django.urls import URLPattern, path

from thuiszitters.privacy.views import numbers

number_patterns: list[URLPattern] = [
    path("nummers/", numbers.number_use, name="number_use"),
    path("nummers/<uuid:code>/aan/", numbers.number_use_on, name="number_use_on"),
    path("nummers/<uuid:code>/uit/", numbers.number_use_off, name="number_use_off"),
    path("leerling/<uuid:code>/nummer/", numbers.number, name="number"),
    path("leerling/<uuid:code>/nummer/tonen/", numbers.number_reveal, name="number_reveal"),
    path("leerling/<uuid:code>/nummer/wissen/", numbers.number_remove, name="number_remove"),
]
