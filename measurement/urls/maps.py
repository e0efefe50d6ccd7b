"""Addresses: maps of places, then and now."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import maps, outlines, then_and_now

_MAP = "maps/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("maps/", maps.overview, name="maps"),
    path("indicators/<slug:slug>/map/", maps.place_map, name="place_map"),
    path("maps/outlines/", outlines.outlines_new, name="outlines"),
    path("maps/outlines/<uuid:uid>/", outlines.outlines_match, name="outlines_match"),
    path("maps/new/", then_and_now.new, name="historic_map_new"),
    path(_MAP, then_and_now.then_and_now, name="then_and_now"),
    path(_MAP + "picture/", then_and_now.picture, name="historic_map_picture"),
    path(_MAP + "edit/", then_and_now.edit, name="historic_map_edit"),
    path(_MAP + "grades/", then_and_now.grades, name="historic_map_grades"),
    path(_MAP + "publish/", then_and_now.publish, name="historic_map_publish"),
    path(_MAP + "take-back/", then_and_now.take_back, name="historic_map_take_back"),
]
