"""The beheerder's set-up of organisations, people and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.query import QuerySet
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest

from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import Alliance, Membership, User, YouthHealth
from thuiszitters.accounts.roles import AT_ALLIANCE, AT_SCHOOL, Role
from thuiszitters.accounts.services.invitations import send_invitation
from thuiszitters.accounts.setup_forms import AddRoleForm, AddUserForm, RoleForm
from thuiszitters.accounts.setup_site import Reach, ScopedChoices, SetUpAdmin, is_everywhere, reach_of, set_up_site

OTHER_PLACES = ("municipality", "youth_health")
"""Where no beheerder belongs: the superuser gives roles there."""


@admin.register(Alliance, site=set_up_site)
class AllianceAdmin(SetUpAdmin):
    fields = ("name",)
    adds = False

    def rows(self, found: QuerySet[Alliance], reach: Reach) -> QuerySet[Alliance]:
        return found.filter(pk__in=reach.alliances)


@admin.register(YouthHealth, site=set_up_site)
class YouthHealthAdmin(SetUpAdmin):
    """Organisations that work for many schools: everybody sees them, the superuser keeps them."""

    fields = ("name",)
    adds = False

    def rows(self, found: QuerySet[YouthHealth], reach: Reach) -> QuerySet[YouthHealth]:
        return found

    def may_change(self, reach: Reach, row: YouthHealth) -> bool:
        return reach.everything


def within(reach: Reach) -> Q:
    """Memberships at an organisation within reach."""
    return Q(school__in=reach.schools) | Q(alliance__in=reach.alliances)


def role_choices(reach: Reach) -> list[tuple[str, str]]:
    """The roles that can be given at the organisations within reach."""
    roles = frozenset(Role)
    if not reach.everything:
        roles = AT_SCHOOL | AT_ALLIANCE if reach.alliances.exists() else AT_SCHOOL
    return [(role.value, role.label) for role in Role if role in roles]


def place_fields(request: HttpRequest) -> tuple[str, ...]:
    """The kinds of organisation at which the one who asks gives roles."""
    reach = reach_of(request.user)
    if reach.everything:
        return ("school", "alliance", *OTHER_PLACES)
    return ("school", "alliance") if reach.alliances.exists() else ("school",)


class RoleChoices(ScopedChoices):
    """Only roles that go with the organisations within reach."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role" and isinstance(field, ChoiceField):
            field.choices = [("", "---------"), *role_choices(reach_of(request.user))]
        return field


class FirstRoleInline(RoleChoices, admin.TabularInline):  # type: ignore[type-arg]
    """The role of a new account: without, nobody could find it back."""

    model = Membership
    form = RoleForm
    extra = 0
    min_num = 1
    can_delete = False
    verbose_name_plural = "rol"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("role", *place_fields(request), "first", "last")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership, site=set_up_site)
class MembershipAdmin(RoleChoices, SetUpAdmin):
    """A role is given and ended; what it was is kept. Nobody gives, ends or lengthens a role of their own."""

    list_display = ("user", "role", "place", "first", "last")
    list_filter = ("role", ("school", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "school", "alliance", "municipality", "youth_health")
    search_fields = ("user__name", "user__email")

    @admin.display(description="organisatie")
    def place(self, row: Membership) -> str:
        return str(row.organisation)

    def rows(self, found: QuerySet[Membership], reach: Reach) -> QuerySet[Membership]:
        return found.filter(within(reach))

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("email", "role", *place_fields(request), "first", "last")
        return ("user", "role", "place", "first", "last")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return () if obj is None else ("user", "role", "place", "first")

    def get_form(
        self,
        request: HttpRequest,
        obj: Membership | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        giver = request.user

        class ByThisPerson(AddRoleForm):
            class Meta(AddRoleForm.Meta):
                pass

            def clean_email(self) -> str:
                email = super().clean_email()
                if self.instance.user == giver and not giver.is_superuser:
                    self.add_error("email", "Je kunt jezelf geen rol geven. Vraag een andere beheerder.")
                return email

        kwargs |= {"form": ByThisPerson, "fields": ("role", *place_fields(request), "first", "last")}
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        own = obj is not None and obj.user_id == request.user.pk and not is_everywhere(request)
        return not own and super().has_change_permission(request, obj)


@admin.register(User, site=set_up_site)
class UserAdmin(SetUpAdmin):
    """People with a role, now or before, at an organisation within reach. Rights are no matter of this page: they
    follow from roles."""

    list_display = ("name", "email", "roles_now", "is_active", "has_logged_in")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    actions = ("invite_again",)

    def rows(self, found: QuerySet[User], reach: Reach) -> QuerySet[User]:
        here = Membership.objects.filter(within(reach), user=OuterRef("pk"))
        return found.filter(Exists(here), is_superuser=False)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        reach = reach_of(request.user)
        shown = Membership.objects.current(today())
        shown = shown if reach.everything else shown.filter(within(reach))
        shown = shown.select_related("school", "alliance", "municipality", "youth_health")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", shown, to_attr="current"))

    @admin.display(description="rollen")
    def roles_now(self, row: User) -> str:
        return ", ".join(str(membership) for membership in getattr(row, "current", ()))

    @admin.display(description="heeft ingelogd", boolean=True)
    def has_logged_in(self, row: User) -> bool:
        return row.last_login is not None

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("email", "name", "phone") if obj is None else ("email", "name", "phone", "is_active", "has_logged_in")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """The address of somebody who has logged in is theirs: with another address somebody else could ask for a new
        password. Who works elsewhere too is not stopped here."""
        if obj is None:
            return ()
        fixed = ["has_logged_in"]
        if not is_everywhere(request):
            elsewhere = self.works_elsewhere(request, obj)
            fixed += ["email"] if obj.last_login is not None or elsewhere else []
            fixed += ["is_active"] if elsewhere or obj == request.user else []
        return tuple(fixed)

    def works_elsewhere(self, request: HttpRequest, person: User) -> bool:
        """Whether somebody has a role now at an organisation out of reach."""
        reach = reach_of(request.user)
        return Membership.objects.current(today()).filter(user=person).exclude(pk__in=here(person, reach)).exists()

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [FirstRoleInline] if obj is None else []

    def get_form(
        self,
        request: HttpRequest,
        obj: User | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        kwargs |= {"form": AddUserForm} if obj is None else {}
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        transaction.on_commit(self.inviting(request, obj))

    def inviting(self, request: HttpRequest, person: User) -> Callable[[], None]:
        def send() -> None:
            if send_invitation(user=person):
                self.message_user(request, f"{person.name} kreeg een mail om een wachtwoord te kiezen.")
            else:
                text = f"De uitnodiging van {person.name} kon niet worden verstuurd. Probeer het later opnieuw."
                self.message_user(request, text, messages.WARNING)

        return send

    @admin.action(description="Stuur opnieuw een uitnodiging")
    def invite_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Only to who has not logged in yet: others ask for a new password themselves."""
        waiting = queryset.filter(last_login=None, is_active=True)
        for person in waiting:
            transaction.on_commit(self.inviting(request, person))
        if not waiting:
            self.message_user(request, "Deze mensen hebben al eens ingelogd.", messages.WARNING)


def here(person: User, reach: Reach) -> QuerySet[Membership]:
    """The memberships of somebody at organisations within reach."""
    return Membership.objects.filter(within(reach), user=person)
