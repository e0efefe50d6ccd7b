"""The measurement app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ciforum.people import registry


class MeasurementConfig(AppConfig):
    name = "measurement"
    verbose_name = "Measurement"

    def ready(self) -> None:
        # These need loaded models.
        from equity.gates import publish_release  # noqa: PLC0415
        from measurement import citing, front, tasks, telling, telling_goals  # noqa: F401, PLC0415
        from measurement.boarding import telling as telling_boards  # noqa: PLC0415
        from measurement.catalogue import agreeing, agreements_due  # noqa: F401, PLC0415
        from measurement.models import Release  # noqa: PLC0415
        from measurement.owing import reminding, telling_duties  # noqa: F401, PLC0415
        from measurement.places import maps  # noqa: PLC0415
        from measurement.releasing import asking  # noqa: PLC0415
        from measurement.saying import reasons  # noqa: PLC0415
        from measurement.shifting import shift_log  # noqa: PLC0415
        from measurement.walking import asking_again, findings, mailing  # noqa: F401, PLC0415

        publish_release.guards(Release)
        telling.register()
        telling_goals.register()
        telling_boards.register()
        front.register()
        citing.register()
        findings.register()
        asking_again.register()
        reasons.register()
        shift_log.register()
        telling_duties.register()
        agreeing.register()
        maps.register()
        asking.register()
        registry.sections.add(
            "measurement",
            registry.Section(
                order=20,
                label=_("Measures"),
                purpose=_("What partners count the same way, and what it shows for every group."),
                url_name="measurement:overview",
                icon="chart-line",
                prefix="measurement/",
            ),
        )
