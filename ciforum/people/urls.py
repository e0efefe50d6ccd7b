"""Addresses of the ground."""

from __future__ import annotations

from django.urls import path

from ciforum.people.views import (
    account,
    entry,
    front,
    invitations,
    members,
    organizations,
    places,
    settings,
    site,
)

app_name = "people"

urlpatterns = [
    path("", front.home, name="home"),
    path("about/", site.about, name="about"),
    path("i18n/<slug:code>/", site.language, name="language"),
    path("healthz", site.health, name="health"),
    path("readyz", site.ready, name="ready"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("accounts/enter/", entry.enter, name="enter"),
    path("accounts/me/", account.account, name="account"),
    path("accounts/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("<slug:initiative>/", front.front, name="front"),
    path("<slug:initiative>/people/", members.members, name="members"),
    path("<slug:initiative>/people/invite/", invitations.invite, name="invite"),
    path(
        "<slug:initiative>/people/invitations/<uuid:uid>/withdraw/",
        invitations.withdraw,
        name="invitation_withdraw",
    ),
    path(
        "<slug:initiative>/people/invitations/<uuid:uid>/resend/",
        invitations.resend,
        name="invitation_resend",
    ),
    path("<slug:initiative>/people/<uuid:uid>/", members.member, name="member"),
    path("<slug:initiative>/people/<uuid:uid>/end/", members.end, name="member_end"),
    path(
        "<slug:initiative>/people/organizations/",
        organizations.organizations,
        name="organizations",
    ),
    path(
        "<slug:initiative>/people/organizations/new/",
        organizations.organization_new,
        name="organization_new",
    ),
    path(
        "<slug:initiative>/people/organizations/<slug:slug>/",
        organizations.organization,
        name="organization",
    ),
    path("<slug:initiative>/settings/", settings.settings, name="settings"),
    path("<slug:initiative>/places/", places.places, name="places"),
    path("<slug:initiative>/places/new/", places.place_new, name="place_new"),
    path("<slug:initiative>/places/<uuid:uid>/", places.place, name="place"),
]
