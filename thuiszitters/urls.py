"""All addresses. Paths are Dutch nouns; no personal data ever stands in one."""

from __future__ import annotations

from django.urls import include, path

from attendance.api.endpoints import api_urls
from thuiszitters.accounts.login_views import school_callback, school_login
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
    path("account/school/<uuid:code>/", school_login, name="school_login"),
    path("account/school/<uuid:code>/terug/", school_callback, name="school_callback"),
    path("account/2fa/", include("thuiszitters.accounts.factor_urls")),
    path("account/", include("thuiszitters.accounts.account_urls")),
    path("dossiers/", include("cases.urls")),
    path("tafel/", include("tables.urls")),
    path("privacy/", include("thuiszitters.privacy.urls")),
    path("api/v1/", api_urls()),
    path("beheer/inrichting/", set_up_site.urls),
]
handler500 = "thuiszitters.errors.server_error"
