"""The demonstration's entrance: who one can enter as."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from ciforum.people import registry


class DemoConfig(AppConfig):
    name = "ciforum.demo"
    label = "demo"
    verbose_name = "Demonstration"

    def ready(self) -> None:
        if not settings.DEMO:
            return
        from ciforum.demo.people import DEMO_PEOPLE  # noqa: PLC0415 - needs loaded apps

        for person in DEMO_PEOPLE:
            registry.demo_people.add(person.key, person)
