"""Addresses of measurement: one file for each area."""

from __future__ import annotations

from django.urls import include, path

from measurement.urls import (
    api,
    asking,
    boards,
    catalogue,
    core,
    curve,
    duties,
    handin,
    maps,
    protection,
    shifts,
    walks,
)

app_name = "measurement"

_pages = [
    *core.urlpatterns,
    *api.urlpatterns,
    *catalogue.urlpatterns,
    *duties.urlpatterns,
    *handin.urlpatterns,
    *asking.urlpatterns,
    *walks.urlpatterns,
    *shifts.urlpatterns,
    *boards.urlpatterns,
    *maps.urlpatterns,
    *curve.urlpatterns,
    *protection.urlpatterns,
]

urlpatterns = [path("<slug:initiative>/measurement/", include(_pages))]
