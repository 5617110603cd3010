"""Logging in with the account of school."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import URLValidator
from django.db import models

from thuiszitters.accounts.clock import today
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.models.memberships import Membership
from thuiszitters.accounts.models.organisations import Alliance, School
from thuiszitters.accounts.models.users import User


class ProviderKind(models.TextChoices):
    """Which service says who somebody is: each has its own way to say whether an address is really theirs."""

    ENTRA = "entra", "Microsoft Entra ID"
    SURFCONEXT = "surfconext", "SURFconext"
    ENTREE = "entree", "Entree Federatie"
    OTHER = "other", "anders (OpenID Connect)"


class LoginProviderQuerySet(models.QuerySet["LoginProvider"]):
    def active(self) -> LoginProviderQuerySet:
        return self.filter(is_active=True)

    def only_way_for(self, user: User) -> LoginProvider | None:
        """The connection through which `user` has to log in, if they may not use a password."""
        if user.is_superuser:
            return None
        strict = self.active().filter(password_allowed=False).prefetch_related("schools").order_by("name")
        return next((row for row in strict if row.vouches_for(user.email) and row.serves(user)), None)


class LoginProvider(models.Model):
    """A connection to a service of school that says who somebody is (OpenID Connect).

    It is for the people of one alliance with all its schools (`alliance`), or of some schools. `domains`: the e-mail
    domains of which the service may say that an address is somebody's, a line each. `second_factor_values`: what the
    service says (acr or amr) of who used a second factor there, with spaces between; empty: nothing counts as one.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam op de knop", max_length=60)
    kind = models.CharField("soort", max_length=12, choices=ProviderKind.choices)
    issuer = models.CharField(
        "adres van de dienst (issuer)",
        max_length=200,
        validators=[URLValidator(["https", "http"])],
        help_text="Precies zoals de dienst het noemt, zoals https://login.microsoftonline.com/<tenant>/v2.0",
    )
    client_id = models.CharField("client-id", max_length=200)
    client_secret = EncryptedTextField("client-secret")
    alliance = models.ForeignKey(
        Alliance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="samenwerkingsverband",
        help_text="Voor iedereen die bij het verband of een school ervan werkt.",
    )
    schools = models.ManyToManyField(
        School,
        blank=True,
        related_name="+",
        verbose_name="alleen voor deze scholen",
        help_text="Leeg: voor het hele verband.",
    )
    domains = models.TextField("e-maildomeinen", help_text="Eén per regel, zoals mijnschool.nl.")
    password_allowed = models.BooleanField("wachtwoord mag ook", default=True)
    second_factor_values = models.CharField("geldt als tweede stap", max_length=300, blank=True)
    is_active = models.BooleanField("in gebruik", default=False)

    objects = LoginProviderQuerySet.as_manager()

    class Meta:
        verbose_name = "inloggen via school"
        verbose_name_plural = "inloggen via school"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def vouches_for(self, email: str) -> bool:
        """Whether the domain of this address is one of this connection."""
        return email.rpartition("@")[2].lower() in self.domains.lower().split()

    def serves(self, user: User) -> bool:
        """Whether `user` works now at an organisation of this connection, and nowhere else.

        Nowhere else: who sets up a connection can let anybody in as its people. That may not open the files of an
        organisation with which they have nothing to do.
        """
        schools = {row.pk for row in self.schools.all()}
        rows: Any = Membership.objects.current(today()).filter(user=user).select_related("school").order_by()
        places = list(rows)
        return bool(places) and all(self._holds(row, schools) for row in places)

    def _holds(self, row: Membership, schools: set[int]) -> bool:
        if schools:
            return row.school_id in schools
        at = row.school.alliance_id if row.school else row.alliance_id
        return self.alliance_id is not None and at == self.alliance_id
