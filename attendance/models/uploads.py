"""Files that somebody uploads: waiting to be looked through, and to be imported by a job."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from attendance.models.imports import RegisterImport
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role


class FileKind(models.TextChoices):
    """What a file holds; the values are the kinds of attendance.importing.run."""

    ABSENCES = "absences", "verzuim"
    PUPILS = "pupils", "leerlingen"
    TIMETABLES = "timetables", "eigen roosters"
    EXEMPTIONS = "exemptions", "vrijstellingen"
    CALENDAR = "calendar", "vrije dagen van de school"
    SCHOOLS = "schools", "scholen"


IMPORTS_FOR_SCHOOL = frozenset({Role.ADMINISTRATIE, Role.COO})
"""Roles that import what is about pupils: they see every pupil of their school anyway."""
KINDS_FOR_SCHOOL = (FileKind.ABSENCES, FileKind.PUPILS, FileKind.TIMETABLES, FileKind.EXEMPTIONS)
KINDS_FOR_BEHEERDER = (FileKind.CALENDAR, FileKind.SCHOOLS)
"""Files without a person in them."""


class Status(models.TextChoices):
    """How far an upload is. What waits for a job or is in its hands is told apart by `claimed_at`."""

    TO_CHECK = "controleren", "wordt gecontroleerd"
    TO_MAP = "kolommen", "wacht op de kolommen"
    CHECKED = "gecontroleerd", "gecontroleerd, nog niet ingelezen"
    TO_IMPORT = "inlezen", "wordt ingelezen"
    DONE = "klaar", "ingelezen"
    REFUSED = "geweigerd", "kan niet worden ingelezen"
    CANCELLED = "gestopt", "gestopt"


IN_A_JOB = (Status.TO_CHECK, Status.TO_IMPORT)
FINAL = (Status.DONE, Status.REFUSED, Status.CANCELLED)


class FileUploadQuerySet(models.QuerySet["FileUpload"]):
    def visible_to(self, user: User) -> FileUploadQuerySet:
        """Those of the own school, also by a colleague; for a beheerder the own ones about schools and their days."""
        grants = grants_of(user)
        mine = Q(kind__in=KINDS_FOR_SCHOOL, school__in=grants.school_ids(IMPORTS_FOR_SCHOOL))
        if grants.has(Role.BEHEERDER):
            mine |= Q(kind__in=KINDS_FOR_BEHEERDER, by=user)
        return self.filter(mine)

    def open(self) -> FileUploadQuerySet:
        """Those of which somebody still expects something."""
        return self.exclude(status__in=FINAL)


class FileUpload(models.Model):
    """One file on its way in. Its name is not kept: it can hold that of a child.

    `form_key` is of the form with which it was sent, so that sending twice makes one upload. `school` None: a file of a
    beheerder about more schools. `may_withdraw` None: nobody had to be asked.

    A job works on it while `claim` and `claimed_at` are set; `alive_at` is when it last said something, `told` what:
    words, done, total. `columns` are those of the file, each with some values, and `found` is what the check came to.
    The values go when the file goes.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_key = models.UUIDField(editable=False)
    kind = models.CharField("soort", max_length=12, choices=FileKind.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    size = models.PositiveBigIntegerField("grootte in bytes", default=0)
    through = models.DateField("compleet tot en met", null=True, blank=True)
    covers_first = models.DateField("volledig van", null=True, blank=True)
    covers_last = models.DateField("volledig tot en met", null=True, blank=True)
    status = models.CharField("stand", max_length=14, choices=Status.choices, default=Status.TO_CHECK)
    message = models.TextField("wat er mis is", blank=True)
    columns = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(null=True, blank=True)
    found = models.JSONField(default=dict, blank=True)
    told = models.JSONField(default=dict, blank=True)
    may_move_through = models.BooleanField(default=False)
    may_withdraw = models.BooleanField(null=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    alive_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    register_import = models.OneToOneField(
        RegisterImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="upload"
    )

    objects = FileUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "geüpload bestand"
        verbose_name_plural = "geüploade bestanden"
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(name="a_form_makes_one_upload", fields=("by", "form_key")),
            models.UniqueConstraint(
                name="one_file_at_a_time_goes_into_a_school",
                fields=("school",),
                condition=Q(status=Status.TO_IMPORT, claim__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_file_at_a_time_about_more_schools",
                fields=("status",),
                condition=Q(status=Status.TO_IMPORT, claim__isnull=False, school__isnull=True),
            ),
            models.CheckConstraint(
                name="a_claim_has_a_time",
                condition=Q(claim__isnull=True, claimed_at__isnull=True)
                | Q(claim__isnull=False, claimed_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("school", "-at"), name="uploads_of_a_school"),)

    def __str__(self) -> str:
        return f"upload {self.pk} ({self.kind})"

    @property
    def in_a_job(self) -> bool:
        """Whether a job works on it, or soon will."""
        return self.status in IN_A_JOB

    @property
    def started(self) -> bool:
        """Whether a job has it in hand."""
        return self.claim is not None

    @property
    def has_file(self) -> bool:
        """Whether the file may still be there: it goes when the upload has come to its end."""
        return self.status not in FINAL


class FilePart(models.Model):
    """A piece of an uploaded file, in the database: there every web and job process finds it, on whatever machine, and
    nothing of it lies under an address."""

    upload = models.ForeignKey(FileUpload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = "deel van een bestand"
        verbose_name_plural = "delen van bestanden"
        ordering = ("upload", "number")
        constraints = (models.UniqueConstraint(name="one_part_per_number", fields=("upload", "number")),)

    def __str__(self) -> str:
        return f"deel {self.number} van {self.upload}"


class RefusedLine(models.Model):
    """A row that does not go in, with its cells as they stand in the file: to be mended and uploaded again. Kept for
    some days only."""

    upload = models.ForeignKey(FileUpload, on_delete=models.CASCADE, related_name="refused_lines")
    line = models.PositiveIntegerField("regel")
    column = models.CharField("kolom", max_length=200, blank=True)
    reason = models.TextField("reden")
    remedy = models.TextField("wat je kunt doen")
    cells = models.JSONField(default=list)

    class Meta:
        verbose_name = "geweigerde rij"
        verbose_name_plural = "geweigerde rijen"
        ordering = ("upload", "line", "pk")

    def __str__(self) -> str:
        return f"regel {self.line} van {self.upload}"


class ColumnMapping(models.Model):
    """Which column of a school's files is which of ours: chosen once by hand, used every next time.

    `columns`: name in the file, in lower case → ours, or empty to pass it over.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField("soort", max_length=12, choices=FileKind.choices)
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "kolommen van een school"
        verbose_name_plural = "kolommen van scholen"
        ordering = ("school", "kind")
        constraints = (
            models.UniqueConstraint(name="one_mapping_per_school_and_kind", fields=("school", "kind")),
            models.UniqueConstraint(
                name="one_mapping_per_kind_without_school", fields=("kind",), condition=Q(school__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"kolommen van {self.school or 'alle scholen'} ({self.kind})"
