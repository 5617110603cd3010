"""Addresses of meetings; part of the cases namespace."""

from __future__ import annotations

from django.urls import path

from cases.views import meetings

meeting_patterns = [
    path("afspraken/", meetings.meeting_list, name="meeting_list"),
    path("afspraken/<uuid:code>/", meetings.meeting_detail, name="meeting_detail"),
    path("afspraken/<uuid:code>/bevestigen/", meetings.meeting_confirm, name="meeting_confirm"),
    path("afspraken/<uuid:code>/niet-door/", meetings.meeting_cancel, name="meeting_cancel"),
]
