"""Addresses: committees and seats."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import committees, seats

urlpatterns: list[URLPattern] = [
    path("committees/", committees.committees, name="committees"),
    path("committees/new/", committees.committee_new, name="committee_new"),
    path("committees/<slug:slug>/", committees.committee, name="committee"),
    path("committees/<slug:slug>/edit/", committees.committee_edit, name="committee_edit"),
    path("committees/<slug:slug>/offer/", seats.seat_offer, name="seat_offer"),
    path("seats/<uuid:uid>/", seats.seat, name="seat"),
    path("seats/<uuid:uid>/choose/", seats.seat_choose, name="seat_choose"),
    path("seats/<uuid:uid>/take/", seats.seat_take, name="seat_take"),
    path("seats/<uuid:uid>/alternate/", seats.seat_alternate, name="seat_alternate"),
    path("seats/<uuid:uid>/prefer/", seats.seat_prefer, name="seat_prefer"),
    path("seats/<uuid:uid>/end/", seats.seat_end, name="seat_end"),
]
