"""Addresses: the page on the API, and the tokens of programs."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import api

urlpatterns: list[URLPattern] = [
    path("api/", api.programs, name="programs"),
    path("api/tokens/new/", api.token_new, name="token_new"),
    path("api/tokens/<uuid:uid>/revoke/", api.token_revoke, name="token_revoke"),
]
