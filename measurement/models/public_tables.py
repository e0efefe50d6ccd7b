"""Public tables: what is public of an indicator at one place, in one row that is read whole."""

from __future__ import annotations

import pgtrigger
from django.db import connection, models

from ciforum.people.models import Period, ScopedQuerySet
from measurement.models.indicators import Indicator


class PublicTable(models.Model):
    """The public cells of one indicator at one place, for one kind of period.

    A copy of `ReleaseCell`, made again in the transaction that publishes, so that a page reads
    one row however much was ever observed. Nothing but the database's own function writes it:
    the web's role may not, so no code of ours can put a number here that no release holds.

    cells: [period, version, release, stratum, numerator, denominator, is near, is protected,
    missing, sample size, weight, grade, rolled up, standard error, kept error] each, oldest
    period first.
    """

    initiative = models.ForeignKey(
        "people.Initiative", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, db_index=False, related_name="public_tables"
    )
    place = models.ForeignKey("people.Place", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Period.Kind)
    # How many periods there are, so that a page can open with the kind that has most.
    periods = models.PositiveIntegerField()
    cells = models.JSONField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "indicator", "place", "kind", name="one_public_table_per_place_and_kind"
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="written_by_the_database_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF current_user <> (SELECT tableowner FROM pg_tables
                                        WHERE schemaname = TG_TABLE_SCHEMA
                                          AND tablename = TG_TABLE_NAME) THEN
                        RAISE EXCEPTION 'public tables are made from releases only'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.place_id}/{self.kind}"

    @classmethod
    def refresh(cls, indicator: Indicator) -> None:
        """Make the tables of this indicator again. The caller holds the locks of publishing."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT measurement_refresh_public_tables(%s)", [indicator.pk])
