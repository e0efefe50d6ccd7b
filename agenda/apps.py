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
        from agenda import timeline  # noqa: PLC0415
        from agenda.lexicon import glossary  # noqa: PLC0415
        from agenda.telling import history, lexicon  # noqa: PLC0415

        timeline.register()
        history.register()
        lexicon.register()
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
