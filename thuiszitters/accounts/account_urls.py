"""The pages of the library for logging in that this application has. Those it does not, have no address: on the one
for e-mail addresses anybody could give themselves another address to log in with, without a proof that it is theirs."""

from __future__ import annotations

from allauth.account import urls as library

KEPT = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",  # says that it is closed
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)
urlpatterns = [page for page in library.urlpatterns if page.name in KEPT]
