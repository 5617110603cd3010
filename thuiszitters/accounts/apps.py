from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thuiszitters.accounts"
    label = "accounts"
    verbose_name = "Organisaties en gebruikers"
