"""All addresses. Paths are Dutch nouns; no personal data ever stands in one."""

from __future__ import annotations

from django.urls import include, path

from attendance.api.endpoints import api_urls
from thuiszitters.accounts.setup_site import set_up_site
from thuiszitters.components import component_list
from thuiszitters.health import health
from thuiszitters.today import today

urlpatterns = [
    path("", today, name="today"),
    path("beheer/onderdelen/", component_list, name="component_list"),
    path("beheer/", include("thuiszitters.accounts.urls")),
    path("verzuim/", include("attendance.urls")),
    path("gezond/", health, name="health"),
    path("account/", include("allauth.account.urls")),
    path("dossiers/", include("cases.urls")),
    path("tafel/", include("tables.urls")),
    path("api/v1/", api_urls()),
    path("beheer/inrichting/", set_up_site.urls),
]
