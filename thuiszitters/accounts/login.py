"""How people log in: with an account that was made for them, never by signing up themselves.

The answer to somebody who does not get in is the same for every reason, and costs the same work.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from thuiszitters.accounts.browsers import browser_of, is_known, remember
from thuiszitters.accounts.later import do_later
from thuiszitters.accounts.models import LoginProvider, User
from thuiszitters.accounts.proof import AskAgain
from thuiszitters.accounts.timeouts import begin
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

METHODS = {"password": "wachtwoord", "socialaccount": "school", "mfa": "tweede stap"}
MESSAGES = {
    "email_password_mismatch": "Dit e-mailadres of wachtwoord is niet correct.",
    "too_many_login_attempts": "Er is te vaak geprobeerd in te loggen. Probeer het over een kwartier opnieuw.",
    "incorrect_password": "Dit wachtwoord is niet correct.",
    "only_through_school": "Je logt in via je school. Gebruik de knop van je school op deze pagina.",
}


class AccountAdapter(AskAgain):
    error_messages = DefaultAccountAdapter.error_messages | MESSAGES

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library calls it so
        """Accounts are made by the beheerder."""
        return False

    # ------------------------------------------------------------------------------------- who does not get in

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses after too many attempts. The person is told once: it may be somebody else who tried."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            address = credentials.get("email", "").lower()
            if cache.add(f"lock-out:{hashed(address)}", value=True, timeout=settings.LOCK_OUT_MINUTES * 60):
                code = record_failure("geblokkeerd", address)
                do_later("accounts.tell_of_lock_out", str(code or uuid.uuid4()))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and LoginProvider.objects.only_way_for(user) is not None:
            # Only who knows the password gets to know this.
            record_failure("wachtwoord mag niet", user.email)
            raise self.validation_error("only_through_school")
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 - the same
        record_failure("wachtwoord", credentials.get("email", "").lower())

    def send_password_reset_mail(self, user: User, email: str, context: Any) -> None:  # noqa: ARG002 - the same
        """Later: whether anybody has an address cannot be told from the answer, and not from how long it takes."""
        do_later("accounts.send_password_link", str(user.code))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """An address that nobody here has gets no mail, but costs as much as one that somebody has."""
        if template_prefix == "account/email/unknown_account":
            do_later("accounts.send_password_link", str(uuid.uuid4()))
        else:
            super().send_mail(template_prefix, email, context)

    # ------------------------------------------------------------------------------------- who gets in

    def login(self, request: HttpRequest, user: User) -> None:
        vars(request)["is_first_login"] = user.last_login is None
        super().login(request, user)
        begin(request.session)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Write down that, and how, somebody logged in. In an unknown browser they get a mail about it, but for the
        first time of all: that follows on the invitation."""
        response = super().post_login(request, user, **kwargs)
        how = [METHODS.get(each["method"], each["method"]) for each in get_authentication_records(request, user)]
        browser, is_new = browser_of(request), not is_known(request, user)
        record(
            Kind.LOGIN,
            how[0] if how else "wachtwoord",
            actor=user.code,
            detail={"hoe": how, "browser": browser, "nieuwe browser": is_new},
        )
        remember(response, request, user)
        if is_new and not vars(request).get("is_first_login"):
            do_later("accounts.tell_of_new_browser", str(user.code), browser, timezone.now().isoformat())
        return cast("HttpResponse", response)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record(Kind.LOGOUT, "zelf", actor=request.user.code)
            UserSession.objects.filter(session_key=request.session.session_key).delete()
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Other sessions than this one end by it: they go with the old password."""
        super().set_password(user, password)
        record(Kind.RIGHTS, "wachtwoord gekozen", subject=None, actor=user.code)


def record_failure(why: str, address: str) -> uuid.UUID | None:
    """Write down that nobody got in; the code of whose account it was, or None.

    Of an address that is not known here only a keyed hash is kept: people type passwords there too.
    """
    code = User.objects.filter(email=address).values_list("code", flat=True).first()
    detail = {} if code else {"adres": hashed(address)}
    record(Kind.LOGIN_FAILED, why, actor=code, detail=detail)
    return code


def hashed(address: str) -> str:
    """The same for the same address, and of no use without the secret of the installation."""
    return salted_hmac("thuiszitters.accounts.login", address, algorithm="sha256").hexdigest()[:16]
