"""Forms of the set-up in Django's admin: schools, mentors and the norms of everybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from attendance.models import GroupMentor, GroupTeacher, NormRow
from thuiszitters.accounts.models import Membership, School, Sector
from thuiszitters.accounts.roles import Role

ENDS_TOO_EARLY = "De laatste dag ligt vóór de eerste."


class SchoolForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = School
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("sector") == Sector.VO and not data.get("lesson_minutes"):
            self.add_error("lesson_minutes", "Vul voor een vo-school de lengte van een les in, zoals 50.")
        return data


class GroupMentorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who is mentor of a class also has the role at its school: without, the class does not appear."""

    role = Role.MENTOR

    class Meta:
        model = GroupMentor
        fields = ("group", "user", "first", "last")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        group = data.get("group") or getattr(self.instance, "group", None)
        user = data.get("user") or getattr(self.instance, "user", None)
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", ENDS_TOO_EARLY)
        elif group and user and first:
            held = Membership.objects.filter(
                Q(last__isnull=True) | Q(last__gte=first), user=user, role=self.role, school=group.school
            )
            if not held.exists():
                raise forms.ValidationError(
                    f"{user} heeft niet de rol {self.role.label} bij {group.school}. Voeg die eerst toe."
                )
        return data


class GroupTeacherForm(GroupMentorForm):
    """The same of who teaches a class."""

    role = Role.DOCENT

    class Meta:
        model = GroupTeacher
        fields = ("group", "user", "first", "last")


class NormForm(forms.ModelForm):  # type: ignore[type-arg]
    """Of one rule no two norms of everybody hold on the same day."""

    class Meta:
        model = NormRow
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", ENDS_TOO_EARLY)
            return data
        rule = data.get("rule") or self.instance.rule
        others = NormRow.objects.filter(rule=rule, alliance=None).exclude(pk=self.instance.pk)
        if first:
            others = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first))
        if last:
            others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=last))
        if others.exists():
            raise forms.ValidationError(
                "In deze periode is er al een norm voor deze regel. Geef die eerst een laatste dag."
            )
        return data
