"""Addresses: data walks. Phones come by a short code, without an account."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import walk_building, walk_findings, walk_paper, walk_phone, walks

_WALK = "walks/<uuid:uid>/"
_STATION = _WALK + "stations/<uuid:station>/"
_FINDING = _WALK + "findings/<uuid:finding>/"

urlpatterns: list[URLPattern] = [
    path("walks/", walks.walks, name="walks"),
    path("walks/new/", walk_building.walk_new, name="walk_new"),
    path("walks/yes/<str:token>/", walk_phone.walk_follow_yes, name="walk_follow_yes"),
    path("walks/stop/<str:token>/", walk_phone.walk_follow_stop, name="walk_follow_stop"),
    path(_WALK, walks.walk, name="walk"),
    path(_WALK + "edit/", walk_building.walk_edit, name="walk_edit"),
    path(_WALK + "open/", walks.walk_open, name="walk_open"),
    path(_WALK + "prepare/", walks.walk_take_back, name="walk_take_back"),
    path(_WALK + "rest/", walks.walk_begin_debrief, name="walk_begin_debrief"),
    path(_WALK + "resume/", walks.walk_resume, name="walk_resume"),
    path(_WALK + "close/", walks.walk_close, name="walk_close"),
    path(_WALK + "discard/", walk_building.walk_discard, name="walk_discard"),
    path(_WALK + "stations/new/", walk_building.walk_station_new, name="walk_station_new"),
    path(_STATION, walk_building.walk_station, name="walk_station"),
    path(_STATION + "move/", walk_building.walk_station_move, name="walk_station_move"),
    path(_STATION + "remove/", walk_building.walk_station_remove, name="walk_station_remove"),
    path(_STATION + "quote/", walk_building.walk_station_quote, name="walk_station_quote"),
    path(_STATION + "type/", walk_paper.walk_type, name="walk_type"),
    path(_WALK + "posters/", walk_paper.walk_posters, name="walk_posters"),
    path(_WALK + "forms/", walk_paper.walk_forms, name="walk_forms"),
    path(_WALK + "debrief/", walks.walk_debrief, name="walk_debrief"),
    path(_STATION + "themes/", walks.walk_themes, name="walk_themes"),
    path(_WALK + "reactions.csv", walks.walk_csv, name="walk_csv"),
    path(_WALK + "reactions/<uuid:said>/hide/", walks.walk_hide, name="walk_hide"),
    path(_WALK + "findings/new/", walk_findings.walk_finding_new, name="walk_finding_new"),
    path(_FINDING, walk_findings.walk_finding, name="walk_finding"),
    path(_FINDING + "edit/", walk_findings.walk_finding_edit, name="walk_finding_edit"),
    path(_FINDING + "sign/", walk_findings.walk_finding_sign, name="walk_finding_sign"),
    path(_FINDING + "authors/", walk_findings.walk_finding_author, name="walk_finding_author"),
    path(
        _FINDING + "authors/<uuid:author>/remove/",
        walk_findings.walk_author_remove,
        name="walk_author_remove",
    ),
    path(_FINDING + "agree/", walk_findings.walk_finding_agree, name="walk_finding_agree"),
    path(_FINDING + "withdraw/", walk_findings.walk_finding_withdraw, name="walk_finding_withdraw"),
    # By a code of six signs, which is no uuid and none of the words above.
    path("walks/<slug:code>/", walk_phone.walk_phone, name="walk_phone"),
    path("walks/<slug:code>/follow/", walk_phone.walk_follow, name="walk_follow"),
    path(
        "walks/<slug:code>/<int:number>/", walk_phone.walk_phone_station, name="walk_phone_station"
    ),
    path(
        "walks/<slug:code>/<int:number>/picture.svg", walk_phone.walk_picture, name="walk_picture"
    ),
]
