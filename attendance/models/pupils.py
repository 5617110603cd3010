"""The pupil, where they are enrolled, and what makes their days differ from the school's."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from attendance.models.access import EmergencyAccess
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Municipality, School, User
from thuiszitters.accounts.roles import ASSIGNED, CASE_WORKERS, IN_AN_EMERGENCY, LOOKS_IN, SCHOOL_WIDE, Role

ENDS_ON_OR_AFTER_ITS_START = Q(last__isnull=True) | Q(last__gte=F("first"))


def holds_on(day: date, prefix: str = "") -> Q:
    """Rows with `first` and `last` that hold on `day`."""
    return (Q(**{f"{prefix}last__isnull": True}) | Q(**{f"{prefix}last__gte": day})) & Q(**{f"{prefix}first__lte": day})


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: User) -> GroupQuerySet:
        """Classes whose register `user` may open today, or one lesson of it: a mentor's and a docent's own, and for
        school-wide roles all of the school."""
        grants = grants_of(user)
        found = Q(pk__in=self.model.objects.with_whole_register(user).values("pk"))
        if schools := grants.school_ids({Role.DOCENT}):
            taught = self.model.objects.filter(holds_on(grants.day, "teachers__"), teachers__user=user)
            found |= Q(school__in=schools, pk__in=taught.values("pk"))
        return self.filter(found)

    def with_whole_register(self, user: User) -> GroupQuerySet:
        """Those of which `user` may see more than a lesson: who was absent before, and why."""
        grants = grants_of(user)
        found = Q(school__in=grants.school_ids(SCHOOL_WIDE))
        if schools := grants.school_ids({Role.MENTOR}):
            mine = GroupMentor.objects.filter(holds_on(grants.day), user=user)
            found |= Q(school__in=schools, pk__in=mine.values("group"))
        return self.filter(found)


class Group(models.Model):
    """A class at the place of teaching."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    name = models.CharField("klas", max_length=40)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "klas"
        verbose_name_plural = "klassen"
        ordering = ("school", "name")
        constraints = (models.UniqueConstraint(name="one_group_per_name_and_school", fields=("school", "name")),)

    def __str__(self) -> str:
        return self.name


class GroupMentor(models.Model):
    """Somebody is mentor of a class for a period. They also hold the role mentor at the school (Membership)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="mentors", verbose_name="klas")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name="mentor")
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "mentor van een klas"
        verbose_name_plural = "mentoren van klassen"
        constraints = (
            models.CheckConstraint(name="mentor_ends_on_or_after_its_start", condition=ENDS_ON_OR_AFTER_ITS_START),
        )

    def __str__(self) -> str:
        return f"{self.user} van {self.group}"


class EndEducation(models.TextChoices):
    """Education that ends the kwalificatieplicht without a startkwalificatie."""

    PRO = "pro", "praktijkonderwijs"
    VSO_WORK = "vso_arbeid", "vso arbeidsmarkt"
    VSO_DAYCARE = "vso_dagbesteding", "vso dagbesteding"


class PupilQuerySet(models.QuerySet["Pupil"]):
    def visible_to(self, user: User) -> PupilQuerySet:
        """Pupils that `user` may know of today.

        School-wide roles: everybody ever enrolled or taught at their school (which dates they see is a matter of the
        enrolment). Mentor: who is in their class today. Assigned roles: who they are assigned or invited to today.
        On a page that only reads also who they were let in to read about.
        """
        found = Q(pk__in=self.model.objects.worked_with(user).values("pk"))
        if grants_of(user).reading:
            found |= Q(pk__in=self.model.objects.looked_in_on(user).values("pk"))
        return self.filter(found)

    def worked_with(self, user: User) -> PupilQuerySet:
        """Those of `visible_to` about whom `user` may also write, as far as the page lets them."""
        grants = grants_of(user)
        found = Q(pk__in=self.model.objects.mentored_or_assigned(user).values("pk"))
        if schools := grants.school_ids(SCHOOL_WIDE):
            at_school = Enrolment.objects.filter(Q(school__in=schools) | Q(place__in=schools))
            found |= Q(pk__in=at_school.values("pupil"))
        return self.filter(found)

    def mentored_or_assigned(self, user: User) -> PupilQuerySet:
        """Pupils that `user` sees because of a class or an assignment, today."""
        grants = grants_of(user)
        today = grants.day
        found = Q(pk__in=[])
        if grants.has(Role.MENTOR):
            groups = GroupMentor.objects.filter(
                holds_on(today), user=user, group__school__in=grants.school_ids({Role.MENTOR})
            )
            found |= Q(
                pk__in=Enrolment.objects.filter(holds_on(today), group__in=groups.values("group")).values("pupil")
            )
        if roles := ASSIGNED & grants.roles:
            mine = Assignment.objects.filter(holds_on(today), user=user, role__in=roles)
            found |= Q(pk__in=mine.values("pupil"))
        return self.filter(found)

    def looked_in_on(self, user: User) -> PupilQuerySet:
        """Pupils about whom `user` may read and nothing else: let in for a time, or in an emergency."""
        grants = grants_of(user)
        found = Q(pk__in=[])
        if roles := LOOKS_IN & grants.roles:
            mine = Assignment.objects.filter(holds_on(grants.day), user=user, role__in=roles)
            found |= Q(pk__in=mine.values("pupil"))
        if roles := IN_AN_EMERGENCY & grants.roles:
            open_now = EmergencyAccess.objects.open(timezone.now()).filter(user=user, role__in=roles)
            found |= Q(pk__in=open_now.values("pupil"))
        return self.filter(found)

    def in_name_order(self) -> PupilQuerySet:
        """By surname without its prefix: Van den Berg stands under B."""
        return self.order_by("surname_key", "first_name", "pk")


class Pupil(models.Model):
    """A child. `number` is the school's own; the same number with another birth date or surname is another child.

    `surname_key` is the surname without case and accents, for recognising and sorting. `years_before`: full school
    years before the first enrolment known here; None: not known.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("leerlingnummer", max_length=20, db_index=True)
    first_name = models.CharField("roepnaam", max_length=60)
    prefix = models.CharField("tussenvoegsel", max_length=20, blank=True)
    surname = models.CharField("achternaam", max_length=80)
    surname_key = models.CharField(max_length=80, editable=False)
    birth_date = models.DateField("geboortedatum")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="woongemeente"
    )
    startkwalificatie_on = models.DateField("startkwalificatie op", null=True, blank=True)
    years_before = models.PositiveSmallIntegerField("schooljaren vóór deze inschrijving", null=True, blank=True)
    end_education = models.CharField("eindonderwijs", max_length=16, choices=EndEducation.choices, blank=True)

    objects = PupilQuerySet.as_manager()

    class Meta:
        verbose_name = "leerling"
        verbose_name_plural = "leerlingen"
        ordering = ("surname_key", "first_name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_pupil_per_number_birth_date_and_surname", fields=("number", "birth_date", "surname_key")
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def is_worked_with_by(self, user: User) -> bool:
        """Whether `user` may also write about this pupil, as far as the page lets them. Asks the database."""
        return Pupil.objects.worked_with(user).filter(pk=self.pk).exists()

    @property
    def full_name(self) -> str:
        """Sam van den Berg."""
        return " ".join(part for part in (self.first_name, self.prefix, self.surname) if part)

    @property
    def identity(self) -> tuple[str, date, str]:
        """Who is the same child."""
        return self.number, self.birth_date, self.surname_key

    @property
    def list_name(self) -> str:
        """Berg, Sam van den."""
        return f"{self.surname}, {' '.join(part for part in (self.first_name, self.prefix) if part)}"


class LeavingReason(models.TextChoices):
    OTHER_SCHOOL = "andere_school", "andere school"
    DIPLOMA = "diploma", "diploma"
    ABROAD = "buitenland", "buitenland"
    DIED = "overleden", "overleden"
    OTHER = "overig", "overig"


FINAL_REASONS = frozenset({LeavingReason.DIPLOMA, LeavingReason.ABROAD, LeavingReason.DIED})
"""After these nobody is expected at school: every run ends on the last day."""


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> EnrolmentQuerySet:
        """Enrolments whose dates `user` may see: after a move each school sees its own; others see those of their
        pupils.
        """
        grants = grants_of(user)
        found = Q(pk__in=[])
        if schools := grants.school_ids(SCHOOL_WIDE):
            found |= Q(school__in=schools) | Q(place__in=schools)
        if grants.has(Role.MENTOR):
            groups = GroupMentor.objects.filter(
                holds_on(grants.day), user=user, group__school__in=grants.school_ids({Role.MENTOR})
            )
            found |= Q(group__in=groups.values("group")) & holds_on(grants.day)
        if roles := ASSIGNED & grants.roles:
            mine = Assignment.objects.filter(holds_on(grants.day), user=user, role__in=roles)
            found |= Q(pupil__in=mine.values("pupil"))
        if grants.reading:
            found |= Q(pupil__in=Pupil.objects.looked_in_on(user).values("pk"))
        return self.filter(found)

    def on(self, day: date) -> EnrolmentQuerySet:
        return self.filter(holds_on(day))


class Enrolment(models.Model):
    """A pupil is enrolled at `school` (stamschool) and taught at `place`, which is the same school unless said
    otherwise.

    `group` is the class at `place` now; earlier classes of the same enrolment are PastGroup rows.
    Enrolments of one pupil do not overlap (kept by the services and the import).
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="enrolments", verbose_name="leerling")
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="+", verbose_name="school van inschrijving"
    )
    place = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="plaats van onderwijs")
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="klas"
    )
    first = models.DateField("ingeschreven van")
    last = models.DateField("ingeschreven tot en met", null=True, blank=True)
    leaving_reason = models.CharField("uitstroomreden", max_length=16, choices=LeavingReason.choices, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inschrijving"
        verbose_name_plural = "inschrijvingen"
        ordering = ("pupil", "first")
        constraints = (
            models.CheckConstraint(name="enrolment_ends_on_or_after_its_start", condition=ENDS_ON_OR_AFTER_ITS_START),
            models.UniqueConstraint(
                name="one_enrolment_per_pupil_school_and_start", fields=("pupil", "school", "first")
            ),
        )
        indexes = (models.Index(fields=("place", "first")), models.Index(fields=("group", "first")))

    def __str__(self) -> str:
        return f"{self.pupil} op {self.school} vanaf {self.first}"


class PastGroup(models.Model):
    """The class of an enrolment up to and including `last`, before it became the next one. Needed to know which
    register was the pupil's on an earlier date."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="past_groups")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+", null=True)
    last = models.DateField()

    class Meta:
        ordering = ("enrolment", "last")
        constraints = (
            models.UniqueConstraint(name="one_past_group_per_enrolment_and_date", fields=("enrolment", "last")),
        )

    def __str__(self) -> str:
        return f"{self.group} tot en met {self.last}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> AssignmentQuerySet:
        """COO and zorgcoach: those of the pupils who are enrolled or taught at their school today."""
        grants = grants_of(user)
        schools = grants.school_ids(CASE_WORKERS)
        here = Enrolment.objects.filter(Q(school__in=schools) | Q(place__in=schools), holds_on(grants.day))
        return self.filter(pupil__in=here.values("pupil"))


class Assignment(models.Model):
    """A gedragsdeskundige is assigned to a pupil, or a jeugdarts invited, for a period; nothing else shows them the
    pupil. Or somebody of school staff was let in to read about a pupil who is not theirs (LOOKS_IN).

    `for_table`: ends by itself when the pupil leaves the Thuiszitterstafel. `ended_at`: somebody ended it before its
    time; `last` is then the day before, also when it began that same day.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="assignments", verbose_name="leerling")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name="wie")
    role = models.CharField(
        "rol",
        max_length=20,
        choices=[(role.value, role.label) for role in Role if role in ASSIGNED | LOOKS_IN],
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="door")
    first = models.DateField("van")
    last = models.DateField("tot en met")
    for_table = models.BooleanField("eindigt met de tafel", default=False)
    ended_at = models.DateTimeField("beëindigd", null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField("waarom beëindigd", max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "toewijzing"
        verbose_name_plural = "toewijzingen"
        ordering = ("pupil", "first")
        constraints = (
            models.CheckConstraint(
                name="assignment_ends_on_or_after_its_start",
                condition=Q(last__gte=F("first")) | Q(ended_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}) bij {self.pupil}"
