"""The beheerder's set-up in Django's admin: who may enter, and which rows somebody reaches there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, ClassVar, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Field, ForeignKey, Model, Q
from django.db.models.query import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.views.decorators.cache import never_cache

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.accounts.proof import ask_for_proof
from thuiszitters.accounts.roles import Role

ELSEWHERE = frozenset({"login", "logout", "password_change", "password_change_done"})
"""Pages of Django's admin that the application has pages of its own for."""
READ_ONLY = frozenset({"changelist_view", "history_view"})
"""Pages of a model that change nothing as long as nothing is sent."""
ViewType = TypeVar("ViewType", bound=Callable[..., Any])


@dataclass(frozen=True)
class Reach:
    """The organisations that somebody sets up: own schools and alliances, and the schools of those alliances.

    `everything` is for the superuser who installed the application: there is no role for that.
    """

    everything: bool
    schools: QuerySet[School]
    alliances: QuerySet[Alliance]


def reach_of(user: User | AnonymousUser) -> Reach:
    """What `user` sets up today; nothing for who is no beheerder."""
    if user.is_active and user.is_superuser:
        return Reach(everything=True, schools=School.objects.all(), alliances=Alliance.objects.all())
    grants = grants_of(user)
    alliances = grants.alliance_ids({Role.BEHEERDER})
    mine = Q(pk__in=grants.school_ids({Role.BEHEERDER})) | Q(alliance__in=alliances)
    return Reach(
        everything=False,
        schools=School.objects.filter(mine),
        alliances=Alliance.objects.filter(pk__in=alliances),
    )


def needs_proof(view: Callable[..., Any], request: HttpRequest) -> bool:
    """Whether this page of Django's admin gives or takes rights: see SetUpAdmin.step_up. Looking at a list is free,
    what is done to chosen rows is a change."""
    if not getattr(getattr(view, "__self__", None), "step_up", False):
        return False
    return view.__name__ not in READ_ONLY or request.method not in {"GET", "HEAD"}


class SetUpSite(admin.AdminSite):
    """Django's admin for whoever is beheerder today. No pupil, absence or file is registered here."""

    site_title = "Inrichting"
    site_header = "Inrichting"
    index_title = "Wat wil je inrichten?"
    empty_value_display = "–"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and (user.is_superuser or grants_of(user).has(Role.BEHEERDER))

    def admin_view(self, view: ViewType, cacheable: bool = False) -> ViewType:
        """Others get 403, as on every page of the application; the CSRF check is that of the middleware."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            if needs_proof(view, request) and (answer := ask_for_proof(request)) is not None:
                return answer
            return cast("HttpResponseBase", view(request, *args, **kwargs))

        return cast("ViewType", update_wrapper(inner if cacheable else never_cache(inner), view))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the pages to log in and out: the application has its own."""
        found = [row for row in super().get_urls() if getattr(row, "name", None) not in ELSEWHERE]
        for row in found:
            if isinstance(row, URLPattern):
                vars(row.callback).pop("login_url", None)
        return found


set_up_site = SetUpSite(name="admin")


class ScopedChoices(BaseModelAdmin):  # type: ignore[type-arg]
    """Only what is within reach can be chosen; so it is also refused when somebody posts anything else."""

    def choices(self, model: type[Model], reach: Reach) -> QuerySet[Any] | None:
        """The rows of another model to choose from; None: all."""
        if model is School:
            return reach.schools
        return reach.alliances if model is Alliance else None

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        chosen = self.choices(db_field.remote_field.model, reach_of(request.user))
        if chosen is not None:
            kwargs["queryset"] = chosen
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """A choice is a choice: what is not there yet is added on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, ModelChoiceField) and hasattr(field.widget, "widget"):
            field.widget = field.widget.widget
        return field


class SetUpAdmin(ScopedChoices, admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows of the own organisation only. Nothing is deleted, unless a class says otherwise."""

    list_per_page = 50
    adds: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    deletes: ClassVar[bool] = False
    fixed_fields: ClassVar[tuple[str, ...]] = ()
    """What cannot be changed once the row is there, except by the superuser."""
    step_up: ClassVar[bool] = True
    """Whether who adds or changes a row has to have proved lately who they are. No only where rows give nobody anything
    to see or to do."""

    def rows(self, found: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
        """Those of `found` within reach. The superuser is not asked."""
        raise NotImplementedError

    def may_change(self, reach: Reach, row: Any) -> bool:
        """Whether a row that is seen may be changed too."""
        return self.changes and row is not None and reach is not None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        reach, found = reach_of(request.user), super().get_queryset(request)
        return found if reach.everything else found.filter(pk__in=self.rows(found, reach).order_by().values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        always = tuple(super().get_readonly_fields(request, obj))
        return always if obj is None or is_everywhere(request) else (*always, *self.fixed_fields)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return set_up_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return set_up_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds or is_everywhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.changes
        reach = reach_of(request.user)
        return self.changes and (reach.everything or self.may_change(reach, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletes


def is_everywhere(request: HttpRequest) -> bool:
    """Whether this is the superuser."""
    return reach_of(request.user).everything
