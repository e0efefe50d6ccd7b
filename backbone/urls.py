"""Addresses of backbone."""

from __future__ import annotations

from django.urls import path

from backbone import views

app_name = "backbone"

urlpatterns = [
    path("<slug:initiative>/today/", views.today, name="today"),
    path("<slug:initiative>/today/notices/read/", views.notices_read, name="notices_read"),
]
