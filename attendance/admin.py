"""The beheerder's set-up of schools, classes, own days, reasons and norms. No pupil and no absence is registered here.

What the clocks depend on is changed through the services, which have the pupils that it touches evaluated again.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Prefetch, Q
from django.db.models.query import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from attendance.models import CalendarException, Enrolment, Group, GroupMentor, NormRow, Reason
from attendance.models.calendar import ExceptionKind
from attendance.models.pupils import holds_on
from attendance.services.schools import (
    add_own_days,
    recount_norm,
    recount_reason,
    recount_school,
    remove_own_days,
)
from attendance.setup_forms import GroupMentorForm, NormForm, OwnDaysForm, ReasonForm, SchoolForm
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import Membership, Municipality, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import Reach, SetUpAdmin, is_everywhere, reach_of, set_up_site

COUNTED_WITH = frozenset(
    {"sector", "region", "alliance", "lesson_minutes", "monday", "tuesday", "wednesday", "thursday", "friday"}
)
"""What the clocks of a school's pupils depend on."""
REASON_PROPERTIES = ("counts", "authorised", "sick", "luxury", "minutes_required")
AT_SCHOOL_FILTER = ("school", admin.RelatedOnlyFieldListFilter)


@admin.register(School, site=set_up_site)
class SchoolAdmin(SetUpAdmin):
    form = SchoolForm
    list_display = ("name", "brin", "sector", "region", "alliance", "complete_through")
    list_select_related = ("alliance",)
    readonly_fields = ("complete_through",)
    fixed_fields = ("brin", "alliance")
    fieldsets = (
        (None, {"fields": ("brin", "name", "sector", "region", "alliance", "municipality", "complete_through")}),
        (
            "Standaardrooster",
            {
                "description": "In minuten onderwijs per dag. 0: geen les. Een wijziging telt voor alle dagen opnieuw.",
                "fields": (
                    ("monday", "tuesday", "wednesday", "thursday", "friday"),
                    ("lesson_minutes", "morning_minutes"),
                ),
            },
        ),
    )

    def rows(self, found: QuerySet[School], reach: Reach) -> QuerySet[School]:
        return found.filter(pk__in=reach.schools)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new school belongs to an alliance of whoever adds it."""
        reach = reach_of(request.user)
        return reach.everything or reach.alliances.exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "alliance" and not is_everywhere(request):
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: School, form: ModelForm[School], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and COUNTED_WITH & set(form.changed_data):
            recount_school(school=obj)


@admin.register(Municipality, site=set_up_site)
class MunicipalityAdmin(SetUpAdmin):
    """Those that own schools and their pupils live in. A name from a file is right once somebody said so; from then on
    it is the same for everybody."""

    adds = False
    fields = ("name", "confirmed")
    list_display = ("name", "confirmed")
    list_filter = ("confirmed",)
    ordering = ("confirmed", "name")
    actions = ("confirm",)

    def rows(self, found: QuerySet[Municipality], reach: Reach) -> QuerySet[Municipality]:
        here = Enrolment.objects.filter(Q(school__in=reach.schools) | Q(place__in=reach.schools))
        return found.filter(
            Q(pk__in=reach.schools.values("municipality")) | Q(pk__in=here.values("pupil__municipality"))
        )

    def may_change(self, reach: Reach, row: Municipality) -> bool:
        return not row.confirmed

    @admin.action(description="Bevestig de naam")
    def confirm(self, request: HttpRequest, queryset: QuerySet[Municipality]) -> None:
        queryset.filter(confirmed=False).update(confirmed=True)
        self.message_user(request, "De gekozen gemeenten zijn bevestigd.")


@admin.register(Group, site=set_up_site)
class GroupAdmin(SetUpAdmin):
    fields = ("school", "name")
    fixed_fields = ("school",)
    list_display = ("name", "school", "mentors_now")
    list_filter = (AT_SCHOOL_FILTER,)
    list_select_related = ("school",)
    search_fields = ("name",)

    def rows(self, found: QuerySet[Group], reach: Reach) -> QuerySet[Group]:
        return found.filter(school__in=reach.schools)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        now = GroupMentor.objects.filter(holds_on(today())).select_related("user")
        return super().get_queryset(request).prefetch_related(Prefetch("mentors", now, to_attr="now"))

    @admin.display(description="mentor")
    def mentors_now(self, row: Group) -> str:
        return ", ".join(str(mentor.user) for mentor in getattr(row, "now", ()))


@admin.register(GroupMentor, site=set_up_site)
class GroupMentorAdmin(SetUpAdmin):
    form = GroupMentorForm
    fields = ("group", "user", "first", "last")
    fixed_fields = ("group", "user", "first")
    list_display = ("group", "school", "user", "first", "last")
    list_filter = (("group__school", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("group__school", "user")

    def rows(self, found: QuerySet[GroupMentor], reach: Reach) -> QuerySet[GroupMentor]:
        return found.filter(group__school__in=reach.schools)

    def choices(self, model: type[Model], reach: Reach) -> QuerySet[Any] | None:
        if model is Group:
            return Group.objects.filter(school__in=reach.schools)
        if model is User:
            mentors = Membership.objects.current(today()).filter(role=Role.MENTOR, school__in=reach.schools)
            return User.objects.filter(pk__in=mentors.values("user"), is_active=True)
        return super().choices(model, reach)

    @admin.display(description="school")
    def school(self, row: GroupMentor) -> str:
        return str(row.group.school)


@admin.register(CalendarException, site=set_up_site)
class CalendarExceptionAdmin(SetUpAdmin):
    """Added and removed, never changed: both have the pupils of those days evaluated."""

    form = OwnDaysForm
    changes = False
    deletes = True
    list_display = ("school", "kind", "first", "last", "description")
    list_filter = (AT_SCHOOL_FILTER, "kind")
    list_select_related = ("school",)
    ordering = ("-first",)

    def rows(self, found: QuerySet[CalendarException], reach: Reach) -> QuerySet[CalendarException]:
        return found.filter(school__in=reach.schools)

    def save_model(self, request: HttpRequest, obj: CalendarException, form: Any, change: bool) -> None:
        added = add_own_days(
            school=obj.school,
            first=obj.first,
            last=obj.last,
            kind=ExceptionKind(obj.kind),
            description=obj.description,
        )
        obj.pk = added.pk

    def delete_model(self, request: HttpRequest, obj: CalendarException) -> None:
        remove_own_days(own_days=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarException]) -> None:
        for row in queryset.select_related("school"):
            remove_own_days(own_days=row)


@admin.register(Reason, site=set_up_site)
class ReasonAdmin(SetUpAdmin):
    """Common codes are seen by everybody and kept by the superuser; a school adds its own codes."""

    list_display = ("label", "code", "school", "maps_to", "counts", "authorised", "sick")
    list_filter = (AT_SCHOOL_FILTER,)
    list_select_related = ("school", "maps_to")
    fixed_fields = ("school", "code")

    def rows(self, found: QuerySet[Reason], reach: Reach) -> QuerySet[Reason]:
        return found.filter(Q(school=None) | Q(school__in=reach.schools))

    def may_change(self, reach: Reach, row: Reason) -> bool:
        return row.school_id is not None

    def choices(self, model: type[Model], reach: Reach) -> QuerySet[Any] | None:
        return Reason.objects.filter(school=None) if model is Reason else super().choices(model, reach)

    def get_fields(self, request: HttpRequest, obj: Reason | None = None) -> tuple[str, ...]:
        if obj is not None and obj.school_id is None:
            return ("code", "label", *REASON_PROPERTIES)
        return ("school", "code", "label", "maps_to")

    def get_form(self, request: HttpRequest, obj: Reason | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None or obj.school_id is not None:
            kwargs["form"] = ReasonForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Reason, form: ModelForm[Reason], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"maps_to", *REASON_PROPERTIES} & set(form.changed_data):
            recount_reason(reason=obj)


@admin.register(NormRow, site=set_up_site)
class NormAdmin(SetUpAdmin):
    """The norms of everybody are seen; an alliance has norms of its own beside them. A norm is ended, not removed: what
    it caused refers to it."""

    form = NormForm
    fixed_fields: ClassVar[tuple[str, ...]] = ("alliance", "rule")
    list_display = ("rule", "amount", "alliance", "valid_from", "valid_until", "source")
    list_filter = ("rule",)
    list_select_related = ("alliance",)
    fields = (
        "alliance",
        "rule",
        "amount",
        "reading",
        "calendar_days",
        "weeks",
        "gap_days",
        "min_weeks",
        "valid_from",
        "valid_until",
        "source",
    )

    def rows(self, found: QuerySet[NormRow], reach: Reach) -> QuerySet[NormRow]:
        mine = Q(alliance__in=reach.alliances) | Q(alliance__in=reach.schools.values("alliance"))
        return found.filter(Q(alliance=None) | mine)

    def may_change(self, reach: Reach, row: NormRow) -> bool:
        return row.alliance_id is not None and reach.alliances.filter(pk=row.alliance_id).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        reach = reach_of(request.user)
        return reach.everything or reach.alliances.exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "alliance" and not is_everywhere(request):
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: NormRow, form: ModelForm[NormRow], change: bool) -> None:
        super().save_model(request, obj, form, change)
        recount_norm(norm=obj)
