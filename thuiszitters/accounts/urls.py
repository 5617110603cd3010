"""Addresses under /beheer/."""

from __future__ import annotations

from django.urls import path

from thuiszitters.accounts import views

app_name = "accounts"
urlpatterns = [
    path("inzage/", views.read_log, name="read_log"),
]
