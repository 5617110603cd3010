"""Absence records, their reasons, and which registers were taken."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from attendance.models.pupils import Enrolment, Group, Pupil
from thuiszitters.accounts.models import School, User


class Reason(models.Model):
    """A code for absence with its three properties. `authorised` None: nobody has decided yet.

    `school` None: a code of every installation. A school's own code is a row with that school and the properties it
    maps to (`maps_to`), or with properties of its own. `luxury` marks holiday without permission, its own kind of
    report. A code with `retired_on` is kept for what stands under it; no record from that date on takes it.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code = models.CharField("code", max_length=80)
    label = models.CharField("omschrijving", max_length=60)
    counts = models.BooleanField("telt als afwezig", default=True)
    authorised = models.BooleanField("geoorloofd", null=True, blank=True)
    sick = models.BooleanField("ziek", default=False)
    luxury = models.BooleanField("luxeverzuim", default=False)
    minutes_required = models.BooleanField("minuten verplicht", default=False)
    maps_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_on = models.DateField("vervallen per", null=True, blank=True)

    class Meta:
        verbose_name = "reden"
        verbose_name_plural = "redenen"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(name="one_reason_per_code_and_school", fields=("school", "code")),
            models.UniqueConstraint(
                name="one_common_reason_per_code", fields=("code",), condition=Q(school__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.label


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: User) -> AbsenceQuerySet:
        """Records with a date inside an enrolment that `user` may see.

        One that lies outside every enrolment is a mistake of the school where the pupil was last before it, or came
        first after it: who may see that enrolment sees the record, or nobody could mend it.
        """
        end = Coalesce(OuterRef("last"), Value(date.max), output_field=models.DateField())
        inside = Enrolment.objects.filter(
            Q(last__isnull=True) | Q(last__gte=OuterRef("first")), pupil=OuterRef("pupil"), first__lte=end
        )
        of_pupil = Enrolment.objects.filter(pupil=OuterRef("pupil"))
        before = of_pupil.filter(first__lte=OuterRef("first")).order_by("-first")
        after = of_pupil.order_by("first")
        visible = Enrolment.objects.visible_to(user)
        nearest = Coalesce(Subquery(before.values("pk")[:1]), Subquery(after.values("pk")[:1]))
        return self.alias(nearest=nearest).filter(
            Exists(inside.visible_to(user)) | (~Exists(inside) & Q(nearest__in=visible.order_by().values("pk")))
        )

    def standing(self) -> AbsenceQuerySet:
        """Records that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class GroupAbsenceQuerySet(models.QuerySet["GroupAbsence"]):
    def visible_to(self, user: User) -> GroupAbsenceQuerySet:
        """Of which `user` may know every pupil: what can be taken back as one must be seen as one."""
        records = Absence.objects.filter(group_absence=OuterRef("pk"))
        hidden = records.exclude(pupil__in=Pupil.objects.visible_to(user).order_by().values("pk"))
        return self.filter(Exists(records), ~Exists(hidden))


class GroupAbsence(models.Model):
    """One absence recorded for several pupils at once: an excursion, a work placement, leave of a whole class.

    Each pupil has a record of its own (`records`), which can be changed like any other. `code` comes with the form, so
    that sending it twice records once. Taking it back withdraws the records that nobody changed since.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("minuten", null=True, blank=True)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+", verbose_name="reden")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="ingevoerd door")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = GroupAbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "groepsmelding"
        verbose_name_plural = "groepsmeldingen"
        ordering = ("-created_at", "pk")

    def __str__(self) -> str:
        return f"{self.reason} vanaf {self.first}"


class Absence(models.Model):
    """A record: absent on whole days from `first` to `last` (None: until further notice), or `minutes` of one date.

    `lesson` is the number of the missed lesson (lesuur), 0 when none was given. Of one pupil no two standing records
    claim the same minutes; the key of a record is pupil + first + lesson. A record belongs to the pupil, not to a
    school. Facts are not deleted but withdrawn; what a record was before is kept in AbsenceVersion.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="absences", verbose_name="leerling")
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("minuten", null=True, blank=True)
    lesson = models.PositiveSmallIntegerField("lesuur", default=0)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+", verbose_name="reden")
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ingevoerd door"
    )
    source = models.ForeignKey(
        "attendance.RegisterImport", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    group_absence = models.ForeignKey(
        GroupAbsence, on_delete=models.PROTECT, null=True, blank=True, related_name="records"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "verzuim"
        verbose_name_plural = "verzuim"
        ordering = ("pupil", "first", "lesson")
        constraints = (
            models.UniqueConstraint(
                name="one_standing_absence_per_pupil_start_and_lesson",
                fields=("pupil", "first", "lesson"),
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="absence_ends_on_or_after_its_start", condition=Q(last__isnull=True) | Q(last__gte=F("first"))
            ),
            models.CheckConstraint(
                name="part_of_a_day_is_of_one_date",
                condition=Q(minutes__isnull=True) | (Q(minutes__gt=0) & Q(last=F("first"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pupil} vanaf {self.first}: {self.reason}"

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class AbsenceVersion(models.Model):
    """What a record was before a change: never altered. `changed_by` None: an import (`source`). `why`: what who
    changed it says about it, asked for when a signal falls or moves with it."""

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="versions")
    first = models.DateField()
    last = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    lesson = models.PositiveSmallIntegerField(default=0)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey("attendance.RegisterImport", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("absence", "changed_at")

    def __str__(self) -> str:
        return f"{self.absence} tot {self.changed_at}"


class RegisterTaken(models.Model):
    """The register of a class was taken for a date: who is not marked was there."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "ingevuld register"
        verbose_name_plural = "ingevulde registers"
        ordering = ("group", "day")
        constraints = (models.UniqueConstraint(name="one_register_per_group_and_day", fields=("group", "day")),)

    def __str__(self) -> str:
        return f"{self.group} op {self.day}"


class RegisterReminder(models.Model):
    """Somebody is mailed on this day about classes that were not filled in: made before the mail, so that there is one
    a day. `sent_at` None: the mail server did not take it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "herinnering"
        verbose_name_plural = "herinneringen"
        ordering = ("day", "user")
        constraints = (models.UniqueConstraint(name="one_reminder_per_person_and_day", fields=("user", "day")),)

    def __str__(self) -> str:
        return f"{self.user} op {self.day}"
