"""Addresses of equity."""

from __future__ import annotations

from django.urls import include, path

from equity.views import dimensions, ledger, policy, strategies, waivers

app_name = "equity"

_pages = [
    path("", strategies.strategies, name="strategies"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/ledger.csv", ledger.ledger_csv, name="ledger_csv"),
    path("ledger/<uuid:uid>/", ledger.ledger_entry, name="ledger_entry"),
    path("dimensions/", dimensions.dimensions, name="dimensions"),
    path("dimensions/new/", dimensions.dimension_new, name="dimension_new"),
    path("dimensions/<slug:code>/", dimensions.dimension, name="dimension"),
    path("dimensions/<slug:code>/groups/new/", dimensions.group_new, name="group_new"),
    path("dimensions/<slug:code>/names/", dimensions.dimension_names, name="dimension_names"),
    path("dimensions/<slug:code>/revise/", dimensions.dimension_revise, name="dimension_revise"),
    path("policy/", policy.policy, name="policy"),
    path("policy/looser/", policy.loosening_new, name="loosening_new"),
    path("policy/looser/<uuid:uid>/drop/", policy.loosening_drop, name="loosening_drop"),
    path("waivers/", waivers.waivers, name="waivers"),
    path("waivers/new/", waivers.waiver_new, name="waiver_new"),
    path("waivers/<uuid:uid>/", waivers.waiver, name="waiver"),
    path("waivers/<uuid:uid>/agree/", waivers.waiver_agree, name="waiver_agree"),
    path("waivers/<uuid:uid>/refuse/", waivers.waiver_refuse, name="waiver_refuse"),
]

urlpatterns = [path("<slug:initiative>/equity/", include(_pages))]
