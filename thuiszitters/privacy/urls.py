"""Addresses under /privacy/."""

from __future__ import annotations

from django.urls import URLPattern, path

from thuiszitters.privacy.alert_urls import alert_patterns
from thuiszitters.privacy.number_urls import number_patterns
from thuiszitters.privacy.request_urls import request_patterns
from thuiszitters.privacy.views import holds, readers, retention, terms

app_name = "privacy"
urlpatterns: list[URLPattern] = [
    path("leerling/<uuid:code>/wie/", readers.who_can_see, name="who_can_see"),
    path("leerling/<uuid:code>/wie/op-papier/", readers.for_parents, name="for_parents"),
    *alert_patterns,
    *number_patterns,
    *request_patterns,
    path("bewaren/", retention.retention, name="retention"),
    path("bewaren/termijnen/<uuid:code>/", terms.term_list, name="term_list"),
    path("bewaren/termijnen/<uuid:code>/<slug:data_class>/", terms.term_change, name="term_change"),
    path("bewaren/<uuid:code>/", retention.retention_preview, name="retention_preview"),
    path("bewaren/<uuid:code>/voorstel/", retention.run_propose, name="run_propose"),
    path("vernietigingen/<uuid:code>/", retention.run_detail, name="run_detail"),
    path("vernietigingen/<uuid:code>/akkoord/", retention.run_approve, name="run_approve"),
    path("vernietigingen/<uuid:code>/intrekken/", retention.run_withdraw, name="run_withdraw"),
    path("vernietigingen/<uuid:code>/protocol.pdf", retention.run_protocol, {"form": "pdf"}, name="run_protocol_pdf"),
    path("vernietigingen/<uuid:code>/protocol.csv", retention.run_protocol, {"form": "csv"}, name="run_protocol_csv"),
    path("blokkades/", holds.hold_list, name="hold_list"),
    path("blokkades/<uuid:code>/opheffen/", holds.hold_lift, name="hold_lift"),
]
