"""People and their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.query import QuerySet
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.reset_views import reset_page
from thuiszitters.accounts.roles import AT_ALLIANCE, AT_SCHOOL, Role
from thuiszitters.accounts.second_factor import factors_of, kind_of
from thuiszitters.accounts.services.invitations import send_invitation
from thuiszitters.accounts.services.sessions import end_sessions
from thuiszitters.accounts.setup_forms import AddRoleForm, AddUserForm, RoleForm
from thuiszitters.accounts.setup_site import Reach, ScopedChoices, SetUpAdmin, is_everywhere, reach_of, set_up_site
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

OTHER_PLACES = ("municipality", "youth_health")
"""Where no beheerder belongs: the superuser gives roles there."""


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


class CameFilter(admin.SimpleListFilter):
    """Who was invited and never came."""

    title = "of iemand al eens ingelogd heeft"
    parameter_name = "gekomen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nee", "nog nooit ingelogd"), ("ja", "heeft ingelogd")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        found = {"nee": True, "ja": False}.get(self.value() or "")
        return queryset if found is None else queryset.filter(last_login__isnull=found)


@admin.register(User, site=set_up_site)
class UserAdmin(SetUpAdmin):
    """People with a role, now or before, at an organisation within reach. Rights are no matter of this page: they
    follow from roles."""

    list_display = ("name", "email", "roles_now", "is_active", "has_logged_in", "invited_at", "leaves")
    list_filter = ("is_active", CameFilter)
    search_fields = ("name", "email")
    actions = ("invite_again", "log_out_everywhere")

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

    @admin.display(description="vertrek")
    def leaves(self, row: User) -> str:
        """The page on which everything of somebody who leaves is ended at once."""
        return format_html('<a href="{}">Vertrekt</a>', reverse("accounts:leaving", args=(row.code,)))

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("email", "name", "phone")
        return ("email", "name", "phone", "is_active", "has_logged_in", "second_factor")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """The address of somebody who has logged in is theirs: with another address somebody else could ask for a new
        password. Who works elsewhere too is not stopped here."""
        if obj is None:
            return ()
        fixed = ["has_logged_in", "second_factor"]
        if not is_everywhere(request):
            elsewhere = self.works_elsewhere(request, obj)
            fixed += ["email"] if obj.last_login is not None or elsewhere else []
            fixed += ["is_active"] if elsewhere or obj == request.user else []
        return tuple(fixed)

    def works_elsewhere(self, request: HttpRequest, person: User) -> bool:
        """Whether somebody has a role, now or from a later day on, at an organisation out of reach."""
        standing = Membership.objects.filter(Q(last__isnull=True) | Q(last__gte=today()), user=person)
        return standing.exclude(pk__in=here(person, reach_of(request.user))).exists()

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

    @admin.display(description="tweede stap")
    def second_factor(self, row: User) -> str:
        names = ", ".join(kind_of(factor) for factor in factors_of(row)) or "nog niet ingesteld"
        url = reverse("admin:accounts_user_second_factor", args=[row.pk])
        return format_html('{} · <a href="{}">Telefoon kwijt?</a>', names, url)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.reset_second_factor)
        vars(page).update(allowed_roles=frozenset({Role.BEHEERDER}), step_up=True)
        return [path("<int:pk>/tweede-stap/", page, name="accounts_user_second_factor"), *super().get_urls()]

    def reset_second_factor(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take away the second step of somebody who lost their phone, once this was said yes to."""
        person = get_object_or_404(self.get_queryset(request), pk=pk)
        refused = ""
        if not is_everywhere(request) and self.works_elsewhere(request, person):
            refused = "Deze persoon werkt ook ergens anders. Vraag het wie de hele installatie beheert."
        return reset_page(request, person, refused, self.admin_site.each_context(request))

    def inviting(self, request: HttpRequest, person: User) -> Callable[[], None]:
        def send() -> None:
            if send_invitation(user=person):
                self.message_user(request, f"{person.name} kreeg een mail om een wachtwoord te kiezen.")
            else:
                text = f"De uitnodiging van {person.name} kon niet worden verstuurd. Probeer het later opnieuw."
                self.message_user(request, text, messages.WARNING)

        return send

    @admin.action(description="Log overal uit")
    def log_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """What somebody has open ends at their next click; they log in again, or ask for a new password."""
        if not is_everywhere(request):  # who has left here is not ours to log out elsewhere
            standing = Membership.objects.filter(within(reach_of(request.user)), user=OuterRef("pk"))
            queryset = queryset.filter(Exists(standing.filter(Q(last__isnull=True) | Q(last__gte=today()))))
        for person in queryset:
            number = end_sessions(user=person)
            record(Kind.RIGHTS, "overal uitgelogd", row=person.code, detail={"sessies": number})
        self.message_user(request, f"{len(queryset)} mensen zijn overal uitgelogd.")

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
