"""Addresses: turning the curve, what groups are compared with, where a number comes from."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import curve, explain

_INDICATOR = "indicators/<slug:slug>/"
_QUESTION = _INDICATOR + "curve/<slug:question>/"

urlpatterns: list[URLPattern] = [
    path(_QUESTION, curve.curve_history, name="curve_history"),
    path(_QUESTION + "write/", curve.curve_note, name="curve_note"),
    path(_INDICATOR + "explain/<uuid:period>/<str:place>/", explain.explain, name="explain"),
    path(_INDICATOR + "compare/", curve.comparison, name="comparison"),
]
