"""The register per lesson, in VO: who teaches a class, which lessons were taken, and who was missing in them.

These rows are what teachers saw. They are not absence yet: services/lesson_settling.py makes records of them.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from attendance.engine.lesson_day import Seen
from attendance.models.absences import Absence, Reason
from attendance.models.pupils import ENDS_ON_OR_AFTER_ITS_START, Group, Pupil
from thuiszitters.accounts.models import User


class GroupTeacher(models.Model):
    """Somebody teaches a class for a period. They also hold the role docent at the school (Membership)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="teachers", verbose_name="klas")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name="docent")
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "docent van een klas"
        verbose_name_plural = "docenten van klassen"
        constraints = (
            models.CheckConstraint(name="teacher_ends_on_or_after_its_start", condition=ENDS_ON_OR_AFTER_ITS_START),
        )

    def __str__(self) -> str:
        return f"{self.user} voor {self.group}"


class LessonTaken(models.Model):
    """A lesson of a class was taken (who is not marked was there), or did not take place (`cancelled`).

    It never becomes "not taken" again: what was known of others by it would be gone.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    lesson = models.PositiveSmallIntegerField("lesuur")
    cancelled = models.BooleanField("valt uit", default=False)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "ingevulde les"
        verbose_name_plural = "ingevulde lessen"
        ordering = ("group", "day", "lesson")
        constraints = (
            models.UniqueConstraint(name="one_lesson_per_group_day_and_number", fields=("group", "day", "lesson")),
        )

    def __str__(self) -> str:
        return f"les {self.lesson} van {self.group} op {self.day}"


class LessonMarkQuerySet(models.QuerySet["LessonMark"]):
    def standing(self) -> LessonMarkQuerySet:
        """Marks that were not replaced."""
        return self.filter(replaced_at__isnull=True)


class LessonMark(models.Model):
    """What a teacher noted of a pupil in a lesson. Who has no mark in a lesson that was taken was there.

    `seen` present is noted only of whom it does not speak for itself: absent by a record, or with a timetable of their
    own. A mark is not changed but replaced: `replaced_at`, `replaced_by`.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    lesson = models.PositiveSmallIntegerField("lesuur")
    seen = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Seen])
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField("minuten te laat", default=0)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = LessonMarkQuerySet.as_manager()

    class Meta:
        verbose_name = "leerling in een les"
        verbose_name_plural = "leerlingen in lessen"
        ordering = ("group", "day", "lesson", "pupil")
        constraints = (
            models.UniqueConstraint(
                name="one_standing_mark_per_pupil_and_lesson",
                fields=("pupil", "group", "day", "lesson"),
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_lesson_mark_has_what_it_needs",
                condition=Q(seen=Seen.PRESENT, reason__isnull=True, minutes=0)
                | Q(seen=Seen.ABSENT, reason__isnull=False, minutes=0)
                | Q(seen=Seen.LATE, reason__isnull=False, minutes__gt=0),
            ),
        )
        indexes = (models.Index(fields=("group", "day")), models.Index(fields=("pupil", "day")))

    def __str__(self) -> str:
        return f"{self.pupil} in les {self.lesson} op {self.day}: {self.seen}"


class SettledAbsence(models.Model):
    """A record that was made of lessons, with what was written. As long as it still says that, the lessons keep it;
    once somebody changed or withdrew it by hand, it is theirs."""

    absence = models.OneToOneField(Absence, on_delete=models.CASCADE, related_name="settled")
    lesson = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(null=True)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("absence",)

    def __str__(self) -> str:
        return f"uit de lessen: {self.absence}"
