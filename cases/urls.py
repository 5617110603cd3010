"""Addresses of cases, their reports and their meetings."""

from __future__ import annotations

from django.urls import URLPattern

from cases.case_urls import case_patterns
from cases.meeting_urls import meeting_patterns
from cases.report_urls import report_patterns

app_name = "cases"
urlpatterns: list[URLPattern] = [
    *case_patterns,
    *meeting_patterns,
    *report_patterns,
]
