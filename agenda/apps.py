"""The agenda app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ciforum.people import registry


class AgendaConfig(AppConfig):
    name = "agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        # These need loaded models.
        from agenda import adopting, aims, chains, glance, maps, timeline  # noqa: PLC0415
        from agenda.deciding import evidence  # noqa: PLC0415
        from agenda.lexicon import glossary, showing  # noqa: PLC0415
        from agenda.models import CharterVersion, Decision  # noqa: PLC0415
        from agenda.telling import decisions, history, lexicon  # noqa: PLC0415
        from equity.steps import (  # noqa: PLC0415
            adopt_charter,
            close_decision,
            open_input,
            open_voting,
        )

        adopt_charter.guards(CharterVersion)
        adopting.register()
        glance.register()
        chains.register()
        timeline.register()
        maps.register()
        aims.register()
        history.register()
        lexicon.register()
        showing.register()
        decisions.register()
        evidence.register()
        open_input.guards(Decision, kept_in="passed_input")
        open_voting.guards(Decision, kept_in="passed_voting")
        close_decision.guards(Decision, kept_in="passed_close")
        registry.glossary.add("lexicon", glossary.mark)
        registry.sections.add(
            "agenda",
            registry.Section(
                order=10,
                label=_("Agenda"),
                purpose=_("What we agreed on, in which words, and how we decide together."),
                url_name="agenda:overview",
                icon="book-open",
                prefix="agenda/",
            ),
        )
