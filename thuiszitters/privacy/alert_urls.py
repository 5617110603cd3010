"""Addresses of what was out of the ordinary in who opened what."""

from __future__ import annotations

from django.urls import URLPattern, path

from thuiszitters.privacy.views import alerts

alert_patterns: list[URLPattern] = [
    path("opvallend/", alerts.alert_list, name="alert_list"),
    path("opvallend/<uuid:code>/", alerts.alert_detail, name="alert_detail"),
    path("opvallend/<uuid:code>/oordeel/", alerts.alert_judge, name="alert_judge"),
]
