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
        from equity import (  # noqa: F401, PLC0415
            checks,
            effects,
            evidence,
            strategies,
            telling,
            telling_seats,
            ties,
        )
        from equity.models import DataAuthority, Loosening, Seat  # noqa: PLC0415
        from equity.steps import end_authority, loosen_policy, take_seat  # noqa: PLC0415

        take_seat.guards(Seat)
        loosen_policy.guards(Loosening)
        end_authority.guards(DataAuthority)

        evidence.register()
        telling.register()
        telling_seats.register()
        ties.register()
        effects.register()
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
