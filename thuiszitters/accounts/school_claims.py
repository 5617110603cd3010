"""What a service of school says about somebody, and what of it is believed. Plain rules: no request, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from thuiszitters.accounts.models import ProviderKind

Claims = Mapping[str, Any]
MANY_TENANTS = ("/common/", "/organizations/", "/consumers/")
"""Addresses of Microsoft where anybody's tenant answers."""


def is_for_one_tenant(issuer: str) -> bool:
    """Whether an address of Microsoft is that of one organisation."""
    return not any(part in f"{issuer.lower()}/" for part in MANY_TENANTS)


def believed_email(kind: ProviderKind, claims: Claims, *, domains: Collection[str], brins: Collection[str]) -> str:
    """The e-mail address that is certainly this person's, in small letters; empty when none is.

    `domains`: those of the connection; an address elsewhere is never believed. `brins`: of its schools.
    """
    email = _address(claims.get("email"))
    if kind == ProviderKind.ENTRA:
        email = _entra_address(claims, email)
    elif kind == ProviderKind.SURFCONEXT:
        # The home organisation is set by the federation for each institution; without it the sender is not known.
        email = email if _plain(claims, "schachomeorganization").lower() in domains else ""
    elif kind == ProviderKind.ENTREE:
        home = _plain(claims, "nledupersonhomeorganizationid").upper()
        email = email if home and any(home in {brin, brin[:4]} for brin in brins) else ""
    elif claims.get("email_verified") is not True:
        email = ""
    return email if email.rpartition("@")[2] in domains else ""


def _entra_address(claims: Claims, email: str) -> str:
    """Anybody with an account there can have any text as `email`; so only with the word of Microsoft that the domain is
    the tenant's own (`xms_edov`). Without that the name to log in with, whose domain is always the tenant's, for a
    member (`acct` 0): a guest logs in with an address of elsewhere."""
    tenant = str(claims.get("tid", ""))
    if not tenant or f"/{tenant}/" not in str(claims.get("iss", "")):
        return ""
    if claims.get("idp") not in {None, claims.get("iss")} or str(claims.get("acct", "0")) != "0":
        return ""
    if str(claims.get("xms_edov", "")).lower() in {"1", "true"}:
        return email
    return _address(claims.get("preferred_username")) if str(claims.get("acct", "")) == "0" else ""


def has_second_factor(claims: Claims, accepted: str) -> bool:
    """Whether the service says (in acr or amr) that a second factor was used, in one of the `accepted` words."""
    said = claims.get("amr") or []
    words = {str(word) for word in said} if isinstance(said, list) else {str(said)}
    words.add(str(claims.get("acr", "")))
    return bool(words & set(accepted.split()))


def _address(said: Any) -> str:
    """An address as we write it; empty for what is none."""
    try:
        validate_email(said)
    except ValidationError:
        return ""
    return str(said).lower() if str(said).isascii() else ""


def _plain(claims: Claims, name: str) -> str:
    """A claim by a name of which services differ in capitals and underscores; of more values the first."""
    for key, value in claims.items():
        if key.replace("_", "").lower() == name:
            found = value[0] if isinstance(value, list) and value else value
            return str(found or "")
    return ""
