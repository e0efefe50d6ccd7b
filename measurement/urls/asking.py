"""Addresses: data we asked for, and groups with authority over their data."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import authority, authority_later, signing

_ONE = "authority/<uuid:uid>/"
_REQUEST = "requests/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("authority/", authority.authorities, name="authorities"),
    path("authority/new/", authority.authority_new, name="authority_new"),
    path(_ONE, authority.authority, name="authority"),
    path(_ONE + "consent/", authority.authority_consent, name="authority_consent"),
    path(_ONE + "take-back/", authority.authority_take_back, name="authority_take_back"),
    path(_ONE + "keep/", authority.authority_keep, name="authority_keep"),
    path(_ONE + "releases/<uuid:release>/", authority.authority_word, name="authority_word"),
    path(
        _ONE + "public/<uuid:indicator>/", authority_later.authority_public, name="authority_public"
    ),
    path(
        _ONE + "agreements/<uuid:agreement>/",
        authority_later.authority_agreement,
        name="authority_agreement",
    ),
    path("requests/holder/", signing.request_holder, name="request_holder"),
    path(_REQUEST + "letter/", signing.request_letter, name="request_letter"),
    path(_REQUEST + "sign/", signing.request_sign, name="request_sign"),
    path(
        _REQUEST + "signers/<uuid:signer>/withdraw/", signing.request_unsign, name="request_unsign"
    ),
    path(_REQUEST + "again/", signing.request_again, name="request_again"),
]
