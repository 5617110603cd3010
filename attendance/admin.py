"""The beheerder's set-up of schools, classes and municipalities. No pupil and no absence is registered here.

The days, timetable, codes and norms of a school or alliance have pages of their own, which tell the effect of a change
before it is saved (views/setup). Here a new school gets its first timetable, and the superuser keeps what holds for
everybody.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, Prefetch, Q
from django.db.models.query import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from attendance.models import Enrolment, Group, GroupMentor, GroupTeacher, NormRow, Reason
from attendance.models.pupils import holds_on
from attendance.services.schools import WEEKDAYS, recount_norms, recount_reason, recount_school
from attendance.setup_forms import GroupMentorForm, GroupTeacherForm, NormForm, SchoolForm
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import Membership, Municipality, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import Reach, SetUpAdmin, is_everywhere, reach_of, set_up_site

COUNTED_WITH = ("sector", "region", "lesson_minutes", *WEEKDAYS)
"""What the days and minutes of a school are counted with: changed on a page of its own."""
REASON_PROPERTIES = ("counts", "authorised", "sick", "luxury", "minutes_required")
AT_SCHOOL_FILTER = ("school", admin.RelatedOnlyFieldListFilter)


@admin.register(School, site=set_up_site)
class SchoolAdmin(SetUpAdmin):
    form = SchoolForm
    list_display = ("name", "brin", "sector", "region", "alliance", "complete_through")
    list_select_related = ("alliance",)
    readonly_fields = ("complete_through",)
    fixed_fields = ("brin", "alliance", *COUNTED_WITH)
    fieldsets = (
        (None, {"fields": ("brin", "name", "sector", "region", "alliance", "municipality", "complete_through")}),
        (
            "Standaardrooster",
            {
                "description": "In minuten onderwijs per dag. 0: geen les. Wijzigen doe je bij Inrichten, Schooljaar.",
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
        if change and {"alliance", *COUNTED_WITH} & set(form.changed_data):
            recount_school(school=obj)


@admin.register(Municipality, site=set_up_site)
class MunicipalityAdmin(SetUpAdmin):
    """Those that own schools and their pupils live in. A name from a file is right once somebody said so; from then on
    it is the same for everybody."""

    step_up = False
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
    step_up = False
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
    role = Role.MENTOR
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
            mentors = Membership.objects.current(today()).filter(role=self.role, school__in=reach.schools)
            return User.objects.filter(pk__in=mentors.values("user"), is_active=True)
        return super().choices(model, reach)

    @admin.display(description="school")
    def school(self, row: GroupMentor) -> str:
        return str(row.group.school)


@admin.register(GroupTeacher, site=set_up_site)
class GroupTeacherAdmin(GroupMentorAdmin):
    """Who takes the lessons of a class in VO."""

    form = GroupTeacherForm
    role = Role.DOCENT


class EverybodysAdmin(SetUpAdmin):
    """What holds at every school is kept by the superuser. Schools and alliances have pages of their own for theirs."""

    step_up = False

    def rows(self, found: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        """Django looks a row up before it asks whether somebody may see it."""
        return found.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_everywhere(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_everywhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_everywhere(request)


@admin.register(Reason, site=set_up_site)
class ReasonAdmin(EverybodysAdmin):
    """The common codes."""

    list_display = ("label", "code", "counts", "authorised", "sick")
    fields = ("code", "label", *REASON_PROPERTIES)
    adds = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(school=None)

    def save_model(self, request: HttpRequest, obj: Reason, form: ModelForm[Reason], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and set(REASON_PROPERTIES) & set(form.changed_data):
            recount_reason(reason=obj)


@admin.register(NormRow, site=set_up_site)
class NormAdmin(EverybodysAdmin):
    """The norms of everybody. One is ended, not removed: what it caused refers to it."""

    form = NormForm
    adds = False
    list_display = ("rule", "amount", "valid_from", "valid_until", "source")
    list_filter = ("rule",)
    fields = (
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(alliance=None)

    def save_model(self, request: HttpRequest, obj: NormRow, form: ModelForm[NormRow], change: bool) -> None:
        super().save_model(request, obj, form, change)
        recount_norms(alliance=None)
