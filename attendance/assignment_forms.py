"""Whom to involve with a pupil."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.access_forms import clean_term, table_field, term_field
from attendance.access_rules import usual_last
from attendance.models import Assignment
from attendance.models.pupils import holds_on
from thuiszitters.accounts.models import Membership, School
from thuiszitters.accounts.roles import Role


def experts_for(schools: QuerySet[School], today: date) -> QuerySet[Membership]:
    """Who can be involved by these schools: gedragsdeskundigen of the schools and their alliances, and jeugdartsen."""
    own = Q(school__in=schools.order_by().values("pk")) | Q(alliance__in=schools.order_by().values("alliance"))
    return (
        Membership.objects.current(today)
        .filter((Q(role=Role.GEDRAGSDESKUNDIGE) & own) | Q(role=Role.JEUGDARTS), user__is_active=True)
        .select_related("user", "school", "alliance", "youth_health")
        .order_by("role", "user__name", "pk")
    )


class ExpertField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user}, {obj}"


class AssignForm(forms.Form):
    """Somebody, and until when at most."""

    expert = ExpertField(
        Membership.objects.none(),
        label="Wie",
        to_field_name="code",
        empty_label="kies iemand",
        error_messages={"required": "Kies wie je wilt betrekken."},
    )
    last = term_field()
    for_table = table_field()

    def __init__(self, *args: Any, experts: QuerySet[Membership], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["expert"].queryset = experts  # type: ignore[attr-defined]
        self.fields["last"].initial = usual_last(today, weeks=settings.OUTSIDER_WEEKS)

    def clean_last(self) -> date:
        return clean_term(self.cleaned_data["last"], self.today)


def involved_with(pupil_id: int, today: date) -> QuerySet[Assignment]:
    """Who sees this pupil today because somebody involved them; who ends first on top."""
    rows = Assignment.objects.filter(holds_on(today), pupil=pupil_id)
    return rows.select_related("user", "by").order_by("last", "pk")


def earlier_involved(pupil_id: int, today: date) -> QuerySet[Assignment]:
    """Who saw this pupil before, and how that ended; the last one first."""
    rows = Assignment.objects.filter(pupil=pupil_id, last__lt=today)
    return rows.select_related("user", "by", "ended_by").order_by("-last", "-pk")
