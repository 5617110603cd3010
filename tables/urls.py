"""Addresses of the Thuiszitterstafel."""

from __future__ import annotations

from django.urls import path

from tables import views

app_name = "tables"
urlpatterns = [
    path("", views.board, name="board"),
    path("leerling/<uuid:code>/zetten/", views.place_pupil, name="place_pupil"),
    path("dossier/<uuid:code>/", views.entries_of_case, name="entries_of_case"),
    path("<uuid:code>/", views.entry_detail, name="entry_detail"),
    path("<uuid:code>/fase/", views.entry_phase, name="entry_phase"),
    path("<uuid:code>/nu-niet/", views.entry_decline, name="entry_decline"),
]
