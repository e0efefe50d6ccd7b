"""Addresses: protection presets and what was hidden."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import protection, rolling_up

_RELEASE = "releases/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("protection/", protection.protection, name="protection"),
    path(_RELEASE + "roll-up/", rolling_up.release_roll_up, name="release_roll_up"),
    path(_RELEASE + "offer/", rolling_up.release_offer, name="release_offer"),
]
