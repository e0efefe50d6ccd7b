"""Addresses: the catalogue of indicators, agreements, packs and crosswalks."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import agreements, catalogue, crosswalks, packs

_AGREEMENT = "agreements/<uuid:uid>/"
_CROSSWALK = "crosswalks/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue.csv", catalogue.catalogue_csv, name="catalogue_csv"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path(_AGREEMENT, agreements.agreement, name="agreement"),
    path(_AGREEMENT + "renew/", agreements.agreement_renew, name="agreement_renew"),
    path(_AGREEMENT + "end/", agreements.agreement_end, name="agreement_end"),
    path(_AGREEMENT + "file/", agreements.agreement_file, name="agreement_file"),
    path("packs/", packs.packs, name="packs"),
    path("packs/own/", packs.pack_own, name="pack_own"),
    path("packs/template.csv", packs.pack_template, name="pack_template"),
    path("packs/inside/", packs.pack, name="pack"),
    path("crosswalks/", crosswalks.crosswalks, name="crosswalks"),
    path("crosswalks/new/", crosswalks.crosswalk_new, name="crosswalk_new"),
    path(
        "crosswalks/versions/<slug:code>/",
        crosswalks.crosswalk_versions,
        name="crosswalk_versions",
    ),
    path(_CROSSWALK, crosswalks.crosswalk, name="crosswalk"),
    path(_CROSSWALK + "edit/", crosswalks.crosswalk_edit, name="crosswalk_edit"),
]
