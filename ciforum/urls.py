"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("measurement.urls")),
    path("", include("equity.urls")),
    path("", include("backbone.urls")),
    path("", include("ciforum.people.urls")),
]
