"""What a parent or pupil asks under the AVG (art. 15, 16 and 21), and how each free text in the file was judged."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from attendance.models import Pupil
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

HANDLES = frozenset({Role.COO, Role.SCHOOLLEIDER})
"""Who deals with requests about pupils of their school."""
DAYS_TO_FETCH = 14
"""So long the file can be made after the request was answered."""


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    def visible_to(self, user: User) -> PrivacyRequestQuerySet:
        """COO and schoolleider: those that their school handles. FG: that they exist, of the own schools."""
        grants = grants_of(user)
        found = Q(school__in=grants.school_ids({*HANDLES, Role.FG}))
        if alliances := grants.alliance_ids({Role.FG}):
            found |= Q(school__alliance__in=alliances)
        return self.filter(found)

    def open(self) -> PrivacyRequestQuerySet:
        return self.filter(answered_at__isnull=True)


class PrivacyRequest(models.Model):
    """Somebody asked to see, correct or stop something. `school` is the one that answers: each school answers for its
    own file.

    `due_on` follows `received_on` and whether it was extended. `consent` is what the pupil (from 16) said of a request
    by another. `decision` and what comes with it are there once it was answered. `statement` is what parent or pupil
    wants kept with the file (art. 16).
    """

    class Kind(models.TextChoices):
        INSPECTION = "inzage", "inzage"
        CORRECTION = "correctie", "correctie"
        OBJECTION = "bezwaar", "bezwaar"

    class AskedBy(models.TextChoices):
        PARENT = "ouder_gezag", "ouder of voogd met gezag"
        PARENT_WITHOUT = "ouder_zonder_gezag", "ouder zonder gezag"
        PUPIL = "leerling", "de leerling zelf"
        REPRESENTATIVE = "vertegenwoordiger", "vertegenwoordiger met een machtiging"

    class Identity(models.TextChoices):
        DOCUMENT = "gezien", "identiteitsbewijs gezien (geen kopie bewaard)"
        KNOWN = "bekend", "bekend op school en persoonlijk gesproken"
        CALLED_BACK = "teruggebeld", "teruggebeld op het nummer uit de administratie"

    class Consent(models.TextChoices):
        YES = "ja", "ja, de leerling vindt het goed"
        NO = "nee", "nee, de leerling wil dit niet"
        NOT_ASKED = "niet_gevraagd", "nog niet gevraagd"

    class Decision(models.TextChoices):
        DONE = "gedaan", "gedaan wat is gevraagd"
        PARTLY = "deels", "deels gedaan"
        REFUSED = "afgewezen", "afgewezen"
        WITHDRAWN = "ingetrokken", "ingetrokken door wie het vroeg"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("wat wordt gevraagd", max_length=10, choices=Kind.choices)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+", verbose_name="leerling")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    asked_by = models.CharField("wie vraagt het", max_length=20, choices=AskedBy.choices)
    asker_name = EncryptedTextField("naam van wie het vraagt", max_length=120)
    received_on = models.DateField("ontvangen op")
    due_on = models.DateField("antwoord uiterlijk op")
    question = EncryptedTextField("wat er precies gevraagd wordt", blank=True)
    identity = models.CharField("hoe is vastgesteld wie dit is", max_length=12, choices=Identity.choices, blank=True)
    consent = models.CharField("wat vindt de leerling", max_length=14, choices=Consent.choices, blank=True)
    weighed = EncryptedTextField("waarom mag deze persoon dit", max_length=500, blank=True)
    entitled_at = models.DateTimeField(null=True, blank=True)
    entitled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    extended_on = models.DateField("verlengd op", null=True, blank=True)
    extended_reason = EncryptedTextField("waarom verlengd", max_length=300, blank=True)
    decision = models.CharField("besluit", max_length=12, choices=Decision.choices, blank=True)
    decision_reason = EncryptedTextField("toelichting", max_length=1000, blank=True)
    told = EncryptedTextField("wie dit gehoord heeft", max_length=300, blank=True)
    statement = EncryptedTextField("verklaring van ouder of leerling", max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "privacyverzoek"
        verbose_name_plural = "privacyverzoeken"
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="an_answered_request_says_what_and_by_whom",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, decision="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="who_may_have_it_was_weighed_by_somebody",
                condition=Q(entitled_at__isnull=True, entitled_by__isnull=True)
                | (Q(entitled_at__isnull=False, entitled_by__isnull=False) & ~Q(identity="")),
            ),
        )
        indexes = (models.Index(fields=("school", "due_on"), name="open_privacy_requests"),)

    def __str__(self) -> str:
        return f"verzoek om {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def fetch_until(self) -> date | None:
        """The last day on which the file can be made; None: as long as the request is open."""
        if self.answered_at is None:
            return None
        return timezone.localtime(self.answered_at).date() + timedelta(days=DAYS_TO_FETCH)


class Judgement(models.Model):
    """Somebody read one free text and said what of it may go along. By the text, not by the row that holds it: a text
    that changes has to be judged again, and one that stands in the file twice is judged once.

    `spans` are the parts that were blacked out, as [first, after-last] positions in the text, which itself stays as it
    was. `left_out`: nothing of it goes along; `reason` says why. `second_look_*`: a colleague read along; it counts
    until the text is judged anew.
    """

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="judgements")
    text_digest = models.CharField(max_length=64)
    spans = models.JSONField(default=list)
    left_out = models.BooleanField(default=False)
    reason = EncryptedTextField(max_length=300, blank=True)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(default=timezone.now)
    second_look_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    second_look_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "beoordeelde tekst"
        verbose_name_plural = "beoordeelde teksten"
        ordering = ("request", "pk")
        constraints = (
            models.UniqueConstraint(name="one_judgement_per_request_and_text", fields=("request", "text_digest")),
            models.CheckConstraint(name="a_text_left_out_has_a_reason", condition=Q(left_out=False) | ~Q(reason="")),
            models.CheckConstraint(
                name="a_second_look_is_by_somebody_else",
                condition=Q(second_look_by__isnull=True, second_look_at__isnull=True)
                | (Q(second_look_by__isnull=False, second_look_at__isnull=False) & ~Q(second_look_by=F("judged_by"))),
            ),
        )

    def __str__(self) -> str:
        return "weggelaten" if self.left_out else f"{len(self.spans)} keer zwart"
