"""Addresses: systems change."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import shift_steps, shift_voices, shifts

_SHIFT = "shifts/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/timeline/", shifts.shift_timeline, name="shift_timeline"),
    path("shifts/shifts.csv", shifts.shifts_csv, name="shifts_csv"),
    path("shifts/new/", shift_steps.shift_new, name="shift_new"),
    path(_SHIFT, shifts.shift, name="shift"),
    path(_SHIFT + "edit/", shift_steps.shift_edit, name="shift_edit"),
    path(_SHIFT + "aims/", shift_steps.shift_aim, name="shift_aim"),
    path(_SHIFT + "claim/", shift_steps.shift_claim, name="shift_claim"),
    path(_SHIFT + "confirm/", shift_steps.shift_confirm, name="shift_confirm"),
    path(_SHIFT + "dispute/", shift_steps.shift_dispute, name="shift_dispute"),
    path(_SHIFT + "withdraw/", shift_steps.shift_withdraw, name="shift_withdraw"),
    path(_SHIFT + "again/", shift_steps.shift_again, name="shift_again"),
    path(_SHIFT + "evidence/", shift_voices.shift_evidence, name="shift_evidence"),
    path(
        _SHIFT + "evidence/<uuid:row>/drop/",
        shift_voices.shift_evidence_drop,
        name="shift_evidence_drop",
    ),
    path(_SHIFT + "voice/", shift_voices.shift_voice, name="shift_voice"),
    path(_SHIFT + "voices/<uuid:voice>/answer/", shift_voices.shift_answer, name="shift_answer"),
]
