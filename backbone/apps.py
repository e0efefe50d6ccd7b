"""The backbone app."""

from __future__ import annotations

from django.apps import AppConfig


class BackboneConfig(AppConfig):
    name = "backbone"
    verbose_name = "Backbone"
