"""The report (melding) to leerplicht, from draft to answer. Nothing here talks to DUO: a person retypes it there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from attendance.models import Crossing, Pupil
from cases.models.case import Case
from cases.models.informed import ParentsInformed
from thuiszitters.accounts.encryption import EncryptedJSONField, EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import Role


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """COO, zorgcoach and schoolleider of the school that runs it and of the school of enrolment, the administratie
        of the latter once it is no draft, and, once sent, leerplicht of the municipality it was sent to."""
        grants = grants_of(user)
        found = Q(pk__in=[])
        if schools := grants.school_ids({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER}):
            found |= Q(place__in=schools) | Q(school__in=schools)
        if schools := grants.school_ids({Role.ADMINISTRATIE}):
            found |= Q(school__in=schools) & ~Q(status=Report.Status.DRAFT)
        if municipalities := grants.municipality_ids({Role.LEERPLICHT}):
            found |= Q(municipality__in=municipalities, sent_at__isnull=False)
        return self.filter(found)

    def drafts(self) -> ReportQuerySet:
        """Not sent and not dropped."""
        return self.filter(status__in=Report.BEFORE_SENDING)


class Report(models.Model):
    """One report about one pupil. Field names follow the legal list (Besluit verzuimmelding, bijlage).

    `school` is the school of enrolment, whose administratie sends; `place` where the pupil is taught, whose COO
    prepares. `specification` lists what was missed: [["2026-11-03", minutes, lessons or null, reason label], ...].
    `sent_facts` is what the receiver was told at sending and never changes; `no_longer_matches` tells the sender that
    the facts have since.
    """

    class Kind(models.TextChoices):
        HOURS_16 = "16_uur", "16 uur in 4 weken"
        LRV = "lrv", "langdurig relatief verzuim (> 4 weken)"
        LUXURY = "luxe", "luxeverzuim"
        OTHER = "overig", "overig verzuim"
        RMC = "rmc", "RMC / Doorstroompunt (18+)"

    class Status(models.TextChoices):
        DRAFT = "concept", "concept"
        AT_OFFICE = "bij_administratie", "bij de administratie"
        RETURNED = "teruggestuurd", "terug met een vraag"
        SENT = "geregistreerd", "Geregistreerd"
        IN_HAND = "in_behandeling", "In behandeling"
        NOTED = "ter_kennisgeving", "Ter kennisgeving aangenomen"
        CLOSED = "afgesloten", "Afgesloten"
        WITHDRAWN = "ingetrokken", "Ingetrokken"
        DROPPED = "vervallen", "vervallen concept"

    BEFORE_SENDING = (Status.DRAFT, Status.AT_OFFICE, Status.RETURNED)

    class ClosedReason(models.TextChoices):
        """Reden afgesloten, as the Besluit verzuimmelding lists them."""

        BACK = "terug", "terug naar school of opleiding hervat"
        OTHER_EDUCATION = "andere_opleiding", "uitgeschreven naar andere opleiding"
        WORK = "werk", "uitgeschreven naar werk"
        OTHER = "overig", "uitgeschreven, overig"
        DIED = "overleden", "overleden"
        LONG_SICK = "langdurig_ziek", "geen verzuim: langdurig ziek"
        LEGITIMATE = "legitiem", "geen verzuim: legitiem afwezig"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+", verbose_name="leerling")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="+", verbose_name="school van inschrijving"
    )
    place = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="leslocatie")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="woongemeente"
    )
    kind = models.CharField("soort melding", max_length=8, choices=Kind.choices)
    status = models.CharField("status", max_length=18, choices=Status.choices, default=Status.DRAFT)
    due_on = models.DateField("versturen uiterlijk op")
    first_day = models.DateField("begindatum")
    last_day = models.DateField("einddatum", null=True, blank=True)
    supposed_reason = EncryptedTextField("vermoedelijke reden", max_length=200, blank=True)
    all_lessons_missed = models.BooleanField("alle lessen gemist", default=False)
    school_actions = EncryptedTextField("wat de school heeft gedaan", blank=True)
    action_wanted = models.BooleanField("actie van de gemeente gewenst", default=True)
    no_action_reason = EncryptedTextField("toelichting als geen actie gewenst is", max_length=200, blank=True)
    reporter_name = models.CharField("naam melder", max_length=120, blank=True)
    reporter_role = models.CharField("functie melder", max_length=60, blank=True)
    reporter_phone = models.CharField("telefoon melder", max_length=20, blank=True)
    reporter_email = models.EmailField("e-mail melder", blank=True)
    contact_phone = EncryptedTextField("telefoon ouder of leerling", max_length=20, blank=True)
    other_address = EncryptedTextField("afwijkend verblijfadres", max_length=200, blank=True)
    specification = models.JSONField(default=list)
    informed = models.ForeignKey(ParentsInformed, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    question = EncryptedTextField("vraag van de administratie", blank=True)
    waiting_for_school = models.BooleanField("wacht op de school", default=False)
    duo_number = models.CharField("meldingsnummer DUO", max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_facts = EncryptedJSONField(null=True, blank=True)
    no_longer_matches = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = EncryptedTextField("bericht van leerplicht", blank=True)
    closed_reason = models.CharField("reden afgesloten", max_length=20, choices=ClosedReason.choices, blank=True)
    contact_name = models.CharField("contactpersoon leerplicht", max_length=120, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "melding"
        verbose_name_plural = "meldingen"
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_open_draft_per_pupil",
                fields=("pupil",),
                condition=Q(status__in=("concept", "bij_administratie", "teruggestuurd")),
            ),
            models.CheckConstraint(
                name="a_sent_report_says_who_what_and_where",
                condition=Q(sent_at__isnull=True)
                | Q(
                    sent_by__isnull=False, sent_facts__isnull=False, municipality__isnull=False, informed__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="a_closed_report_has_a_legal_reason", condition=~Q(status="afgesloten") | ~Q(closed_reason="")
            ),
        )

    def __str__(self) -> str:
        return f"melding {self.get_kind_display()}"


class ReportEvent(models.Model):
    """One step of a report's status: never changed."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=18, choices=Report.Status.choices)
    text = EncryptedTextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("report", "at", "pk")

    def __str__(self) -> str:
        return f"{self.report}: {self.status}"
