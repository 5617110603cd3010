"""Logging in with the account of school (OpenID Connect): only who was invited, only through their own organisation.

The library keeps the state of each attempt, PKCE and the steps of logging in. What it leaves out stands here: the
signature of the answer, the nonce, and whom of our people the answer is about.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.deferred import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from thuiszitters.accounts.models import LoginProvider, ProviderKind, School, User
from thuiszitters.accounts.outward import Session, UnreachableError
from thuiszitters.accounts.school_claims import Claims, believed_email, has_second_factor
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

logger = logging.getLogger(__name__)

SECOND_FACTOR = "second_factor_at_school"
"""Key in the session: of whom, and when, a service of school said that a second factor was used that counts here."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a key pair. With a shared secret, or without a signature, anybody could make an answer."""
CLOCKS_APART = 60
"""Seconds that the clock of a service may differ from ours."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def second_factor_at_school(request: HttpRequest, user: User) -> int | None:
    """When (seconds since 1970) `user` logged in at school in this session, with a second factor that counts here."""
    found = request.session.get(SECOND_FACTOR) or {}
    return found.get("at") if found.get("user") == str(user.code) else None


def connection(code: str) -> LoginProvider:
    """The connection that is in use under this code. SocialApp.DoesNotExist, as the library wants it."""
    try:
        return LoginProvider.objects.active().get(code=code)
    except (LoginProvider.DoesNotExist, ValidationError) as error:
        raise SocialApp.DoesNotExist from error


def discovered(row: LoginProvider) -> dict[str, Any]:
    """What the service publishes about itself. UnreachableError, with a sentence for the beheerder, when that is not
    what it should be."""
    with Session() as session:
        answer = session.get(f"{row.issuer.rstrip('/')}/.well-known/openid-configuration")
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in ENDPOINTS):
        raise UnreachableError("De dienst vertelt niet waar er ingelogd kan worden.")
    if found.get("issuer") != row.issuer:
        raise UnreachableError("De dienst noemt zichzelf anders dan het adres dat hier staat.")
    return found


class SchoolOAuth2Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Speaks with the service of one connection."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = discovered(self.get_provider().row)
        return self._openid_config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Who the answer is about: the claims of the signed token, and what else the service tells about the same
        person."""
        provider = self.get_provider()
        claims = self.signed_claims(app, str(kwargs["response"].get("id_token") or ""))
        if provider.row.kind != ProviderKind.ENTRA and self.openid_config.get("userinfo_endpoint"):
            more = self._fetch_user_info(token.token)
            if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else")
            claims = more | claims
        login = provider.sociallogin_from_response(request, claims)
        login.claims = claims
        return login

    def signed_claims(self, app: SocialApp, token: str) -> dict[str, Any]:
        """The claims of a token that this service signed for us, and that is valid now. OAuth2Error otherwise."""
        row = self.get_provider().row
        with Session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        try:
            header = jwt.get_unverified_header(token)
            keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in {None, "sig"}]
            key = next((key for key in keys if key.key_id == header.get("kid")), keys[0] if len(keys) == 1 else None)
            if key is None:
                raise OAuth2Error("no key of the service fits")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=row.issuer,
                audience=app.client_id,
                leeway=CLOCKS_APART,
                options={"require": ["exp", "iat", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the token is not valid") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("the token is for somebody else as well")
        return claims

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("school_callback", kwargs={"code": app.provider_id}))


class SchoolProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """One connection, as the library sees it. Nothing of a request but where to go afterwards changes what is asked."""

    oauth2_adapter_class = SchoolOAuth2Adapter

    def __init__(self, request: HttpRequest, app: SocialApp, row: LoginProvider) -> None:
        super().__init__(request, app=app)
        self.row = row

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        kept = super().get_redirect_from_request_kwargs(request)
        return {name: value for name, value in kept.items() if name == "next_url"} | {"process": "login"}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        asked = {"auth_params": {"nonce": nonce}, "nonce": nonce}
        return cast("HttpResponse", super().redirect(request, process, next_url, data, **asked))

    def extract_uid(self, data: Claims) -> str:
        """By service and subject, as the standard says; as a digest, which tells nothing."""
        return hashlib.sha256(f"{self.row.issuer}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: Claims) -> dict[str, Any]:  # noqa: ARG002 - the library asks
        """Nothing of what a service tells is kept."""
        return {}

    def extract_common_fields(self, data: Claims) -> dict[str, Any]:  # noqa: ARG002 - the same
        return {}

    def extract_email_addresses(self, data: Claims) -> list[Any]:  # noqa: ARG002 - the same
        return []


class SchoolAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom an answer of a service is about, and whether they get in."""

    def get_requests_session(self) -> Session:
        return Session()

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - as the library calls it
        provider: Any = None,
        client_id: Any = None,
    ) -> list[SocialApp]:
        """The connections in use; their secrets stand encrypted in a table of our own, not in the library's."""
        rows = LoginProvider.objects.active()
        if provider and provider != OpenIDConnectProvider.id:
            rows = rows.filter(pk=connection(provider).pk)
        if client_id:
            rows = rows.filter(client_id=client_id)
        return [app_of(row) for row in rows]

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> SchoolProvider:
        row = connection(provider)
        if client_id and row.client_id != client_id:
            raise SocialApp.DoesNotExist
        return SchoolProvider(request, app_of(row), row)

    def list_providers(self, request: HttpRequest) -> list[SchoolProvider]:
        return [SchoolProvider(request, app_of(row), row) for row in LoginProvider.objects.active()]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - the same
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Not by the library: an address counts once, for the first time, and under conditions. See `person`."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        error = kwargs.get("exception")
        raise ImmediateHttpResponse(refused(request, provider.row, str(error or kwargs.get("error") or "")[:100]))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only who may comes past here, as one of our users. It answers the question of this very session."""
        row, claims = sociallogin.provider.row, sociallogin.claims
        if not constant_time_compare(str(claims["nonce"]), str(sociallogin.state.get("nonce") or secrets.token_hex())):
            raise ImmediateHttpResponse(refused(request, row, "nonce"))
        user = sociallogin.user if sociallogin.is_existing else person(row, claims)
        if user is None or not user.is_active or user.is_superuser or not row.serves(user):
            why = "niemand" if user is None else "hoort niet bij deze koppeling"
            raise ImmediateHttpResponse(refused(request, row, why, user))
        if not sociallogin.is_existing:
            link(sociallogin, user)
        if has_second_factor(claims, row.second_factor_values):
            request.session[SECOND_FACTOR] = {"user": str(user.code), "at": int(time.time())}
        else:
            request.session.pop(SECOND_FACTOR, None)


def app_of(row: LoginProvider) -> SocialApp:
    """A connection as the library wants it, never saved."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=str(row.code),
        name=row.name,
        client_id=row.client_id,
        secret=row.client_secret,
        settings={"server_url": row.issuer, "oauth_pkce_enabled": True, "scope": ["openid", "profile", "email"]},
    )


def person(row: LoginProvider, claims: Claims) -> User | None:
    """Who logs in through this connection for the first time: by an address that is certainly theirs. Somebody who is
    known under another subject already is not taken over by a second one."""
    schools = row.schools.all() if row.schools.exists() else School.objects.filter(alliance=row.alliance)
    email = believed_email(
        ProviderKind(row.kind),
        claims,
        domains=set(row.domains.lower().split()),
        brins=set(schools.order_by().values_list("brin", flat=True)),
    )
    found = User.objects.filter(email=email, is_active=True).first() if email else None
    if found is None or SocialAccount.objects.filter(user=found, provider=str(row.code)).exists():
        return None
    return found


def link(sociallogin: SocialLogin, user: User) -> None:
    """From now on this subject is this user, whatever happens to their address."""
    sociallogin.user = sociallogin.account.user = user
    try:
        with transaction.atomic():
            sociallogin.account.save()
    except IntegrityError:  # the same person, twice at the same moment: the first made the link
        logger.info("a link with an account of school was made meanwhile")
    record(Kind.RIGHTS, "gekoppeld aan account van school", actor=user.code, row=sociallogin.provider.row.code)


def refused(request: HttpRequest, row: LoginProvider, why: str, user: User | None = None) -> HttpResponse:
    """One calm page, whatever the reason. The log knows it: who helps somebody can look there."""
    record(Kind.LOGIN_FAILED, "school", actor=user.code if user else None, row=row.code, detail={"waarom": why})
    return render(request, "account/school_refused.html", {"school": row.name}, status=403)
