"""All addresses."""

from __future__ import annotations

from django.urls import include, path

from ciforum.people.admin import site
from measurement.api.routes import open_to_all

urlpatterns = [
    path("admin/", site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", open_to_all()),
    path("", include("measurement.urls")),
    path("", include("agenda.urls")),
    path("", include("equity.urls")),
    path("", include("backbone.urls")),
    path("", include("ciforum.people.urls")),
]

handler400 = "ciforum.people.views.errors.bad_request"
handler500 = "ciforum.people.views.errors.server_error"
