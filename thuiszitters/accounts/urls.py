"""Addresses under /beheer/."""

from __future__ import annotations

from django.urls import path

from thuiszitters.accounts import leaving_views, login_views, views

app_name = "accounts"
urlpatterns = [
    path("inzage/", views.read_log, name="read_log"),
    path("vertrek/", leaving_views.leaving_list, name="leaving_list"),
    path("vertrek/<uuid:code>/", leaving_views.leaving, name="leaving"),
    path("ingelogd/", login_views.own_sessions, name="own_sessions"),
    path("ingelogd/nog/", login_views.session_state, name="session_state"),
    path("inzage/bestand/", views.log_file, name="log_file"),
]
