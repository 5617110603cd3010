"""Addresses of reports, at school and at leerplicht; part of the cases namespace."""

from __future__ import annotations

from django.urls import path

from cases.views import leerplicht, reports

report_patterns = [
    path("meldingen/", reports.report_list, name="report_list"),
    path("<uuid:code>/melding-maken/", reports.report_start, name="report_start"),
    path("meldingen/<uuid:code>/", reports.report_detail, name="report_detail"),
    path("meldingen/<uuid:code>/klaarzetten/", reports.report_prepare, name="report_prepare"),
    path("meldingen/<uuid:code>/laten-vervallen/", reports.report_drop, name="report_drop"),
    path("meldingen/<uuid:code>/vraag/", reports.report_return, name="report_return"),
    path("meldingen/<uuid:code>/versturen/", reports.report_send, name="report_send"),
    path("meldingen/<uuid:code>/intrekken/", reports.report_withdraw, name="report_withdraw"),
    path("meldingen/<uuid:code>/antwoord/", reports.report_reply, name="report_reply"),
    path("leerplicht/", leerplicht.inbox, name="inbox"),
    path("leerplicht/<uuid:code>/", leerplicht.report_received, name="report_received"),
    path("leerplicht/<uuid:code>/status/", leerplicht.report_answer, name="report_answer"),
    path("leerplicht/<uuid:code>/vraag/", leerplicht.report_ask, name="report_ask"),
]
