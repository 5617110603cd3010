"""Logging in with the account of school."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models.query import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from thuiszitters.accounts.addresses import address_of
from thuiszitters.accounts.models import LoginProvider
from thuiszitters.accounts.outward import UnreachableError
from thuiszitters.accounts.provider_forms import LoginProviderForm
from thuiszitters.accounts.school_login import discovered
from thuiszitters.accounts.setup_site import Reach, SetUpAdmin, reach_of, set_up_site
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record


@admin.register(LoginProvider, site=set_up_site)
class LoginProviderAdmin(SetUpAdmin):
    """Logging in with the account of school. The beheerder of an alliance sets it up, for its own schools."""

    form = LoginProviderForm
    change_form_template = "admin/accounts/loginprovider/change_form.html"
    list_display = ("name", "kind", "alliance", "is_active", "password_allowed")
    readonly_fields = ("callback",)
    fields = (*LoginProviderForm.Meta.fields, "callback")

    @admin.display(description="redirect URI")
    def callback(self, row: LoginProvider) -> str:
        """What the service has to know of us."""
        if not row.pk:
            return "Dat staat hier zodra je bewaart."
        return address_of("school_callback", code=row.code)

    def rows(self, found: QuerySet[LoginProvider], reach: Reach) -> QuerySet[LoginProvider]:
        return found.filter(alliance__in=reach.alliances)

    def may_set_up(self, request: HttpRequest) -> bool:
        reach = reach_of(request.user)
        return reach.everything or reach.alliances.exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and self.may_set_up(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and self.may_set_up(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_set_up(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.may_set_up(request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = reach_of(request.user).schools
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: LoginProvider, form: ModelForm[LoginProvider], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        record(Kind.RIGHTS, "inloggen via school ingesteld", row=obj.code, detail={"velden": sorted(form.changed_data)})

    def response_add(self, request: HttpRequest, obj: LoginProvider, post_url_continue: str | None = None) -> Any:
        return self.after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: LoginProvider) -> Any:
        return self.after_saving(request, obj) or super().response_change(request, obj)

    def after_saving(self, request: HttpRequest, obj: LoginProvider) -> HttpResponse | None:
        """Try the connection, if that button was the one; and stay on the page."""
        if "_probeer" not in request.POST:
            return None
        try:
            discovered(obj)
        except UnreachableError as error:
            self.message_user(request, f"Opgeslagen, maar de verbinding lukt niet. {error}", messages.WARNING)
        else:
            text = "Opgeslagen. De dienst antwoordt en noemt zich zoals hier staat. Probeer nu zelf in te loggen."
            self.message_user(request, text)
        return redirect("admin:accounts_loginprovider_change", obj.pk)
