"""The school's own free and open days, and the norms with their periods."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from attendance.engine.facts import Reading, Rule
from thuiszitters.accounts.models import Alliance, School

RULE_LABELS: dict[Rule, str] = {
    Rule.HOME_2W: "2 weken thuis",
    Rule.HOME_4W: "4 weken thuis",
    Rule.HOME_3M: "3 maanden thuis",
    Rule.LRV: "4 weken ongeoorloofd afwezig",
    Rule.HOURS_16: "16 uur ongeoorloofd in 4 lesweken",
    Rule.SICK_4X: "4 ziekmeldingen in 12 lesweken",
    Rule.SICK_7D: "7 schooldagen achter elkaar ziek",
    Rule.STRUCTURAL: "structureel afwezig",
}
RULE_CHOICES = [(rule.value, label) for rule, label in RULE_LABELS.items()]


class ExceptionKind(models.TextChoices):
    CLOSED = "vrij", "vrij"
    OPEN = "open", "open"


class CalendarException(models.Model):
    """Days on which this school is free, or open although the region or the country is not. Those of one school do not
    overlap; a Saturday or Sunday is never open."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name="school")
    first = models.DateField("van")
    last = models.DateField("tot en met")
    kind = models.CharField("soort", max_length=4, choices=ExceptionKind.choices)
    description = models.CharField("omschrijving", max_length=80, blank=True)

    class Meta:
        verbose_name = "eigen dag van een school"
        verbose_name_plural = "eigen dagen van scholen"
        ordering = ("school", "first")
        constraints = (
            models.CheckConstraint(
                name="exception_ends_on_or_after_its_start", condition=Q(last__gte=models.F("first"))
            ),
            models.UniqueConstraint(name="one_exception_per_school_and_start", fields=("school", "first")),
        )

    def __str__(self) -> str:
        return f"{self.school}: {self.kind} {self.first} – {self.last}"


class NormRow(models.Model):
    """One threshold with the period in which it is valid (engine.facts.Norm tells what the numbers mean per rule).

    `alliance` None is the norm of everybody; an alliance's own row for a rule and date goes before it.
    A new installation has the default rows (a data migration). `source` says in Dutch where the norm comes from.
    """

    alliance = models.ForeignKey(
        Alliance, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="samenwerkingsverband"
    )
    rule = models.CharField("regel", max_length=12, choices=RULE_CHOICES)
    amount = models.PositiveSmallIntegerField("aantal")
    reading = models.CharField(
        "telling",
        max_length=8,
        choices=[(Reading.SCHOOL.value, "schooldagen"), (Reading.CALENDAR.value, "kalenderdagen")],
        default=Reading.SCHOOL.value,
    )
    calendar_days = models.PositiveSmallIntegerField("kalenderdagen", default=0)
    weeks = models.PositiveSmallIntegerField("lesweken", default=0)
    gap_days = models.PositiveSmallIntegerField("dagen tussen twee signalen", default=0)
    min_weeks = models.PositiveSmallIntegerField("minimum aantal lesweken", default=0)
    valid_from = models.DateField("geldig van", null=True, blank=True)
    valid_until = models.DateField("geldig tot en met", null=True, blank=True)
    source = models.CharField("bron", max_length=200)

    class Meta:
        verbose_name = "norm"
        verbose_name_plural = "normen"
        ordering = ("alliance", "rule", "valid_from")

    def __str__(self) -> str:
        return f"{self.get_rule_display()} ({self.amount})"
