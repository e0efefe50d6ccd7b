"""Addresses: goals by the five steps of targeted universalism."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import goal_entries as entries
from agenda.views import goal_steps as steps
from agenda.views import goals as views

_GOAL = "goals/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("goals/", views.goals, name="goals"),
    path("goals/new/", steps.goal_new, name="goal_new"),
    path(_GOAL, views.goal, name="goal"),
    path(f"{_GOAL}1/", steps.goal_universal, name="goal_universal"),
    path(f"{_GOAL}2/", steps.goal_everyone, name="goal_everyone"),
    path(f"{_GOAL}3/", steps.goal_groups, name="goal_groups"),
    path(f"{_GOAL}4/", steps.goal_structures, name="goal_structures"),
    path(f"{_GOAL}5/", steps.goal_strategies, name="goal_strategies"),
    path(f"{_GOAL}renew/", views.goal_renew, name="goal_renew"),
    path(f"{_GOAL}discard/", views.goal_discard, name="goal_discard"),
    path(f"{_GOAL}barriers/new/", entries.goal_barrier_new, name="goal_barrier_new"),
    path(f"{_GOAL}strategies/new/", entries.goal_strategy_new, name="goal_strategy_new"),
    path(f"{_GOAL}not-yet/new/", entries.goal_not_yet_new, name="goal_not_yet_new"),
    path(f"{_GOAL}entries/<uuid:uid>/", entries.goal_entry, name="goal_entry"),
    path(f"{_GOAL}entries/<uuid:uid>/remove/", entries.goal_entry_remove, name="goal_entry_remove"),
    path(f"{_GOAL}entries/<uuid:uid>/evidence/", entries.goal_cite, name="goal_cite"),
    path(f"{_GOAL}entries/<uuid:uid>/evidence/remove/", entries.goal_uncite, name="goal_uncite"),
]
