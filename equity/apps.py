"""The equity app: importing the strategies registers every rule."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ciforum.people import registry


class EquityConfig(AppConfig):
    name = "equity"
    verbose_name = "Equity"

    def ready(self) -> None:
        # These need loaded models; checks and strategies register themselves.
        from equity import checks, evidence, strategies, telling  # noqa: F401, PLC0415
        from equity.seats import Seat  # noqa: PLC0415
        from equity.steps import take_seat  # noqa: PLC0415

        take_seat.guards(Seat)

        evidence.register()
        telling.register()
        registry.sections.add(
            "equity",
            registry.Section(
                order=60,
                label=_("Equity"),
                purpose=_("How the rules of the five equity strategies are kept, in the open."),
                url_name="equity:strategies",
                icon="scale",
                prefix="equity/",
            ),
        )
