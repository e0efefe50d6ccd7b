import uuid

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock
import ciforum.people.words


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_initial"),
        ("people", "0001_initial"),
        ("measurement", "0013_boards"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricMap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "title",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words, max_length=160, verbose_name="title"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1400),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "source",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words, max_length=300, verbose_name="source"
                    ),
                ),
                (
                    "alt",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words,
                        long=True,
                        max_length=600,
                        verbose_name="what the map shows, in words",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("geojson", "Areas (GeoJSON)"), ("image", "A picture of the map")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("features", models.JSONField(blank=True, default=list)),
                ("grades", models.JSONField(blank=True, default=list)),
                ("image_type", models.CharField(blank=True, max_length=20)),
                ("west", models.FloatField(blank=True, null=True, verbose_name="western edge")),
                ("south", models.FloatField(blank=True, null=True, verbose_name="southern edge")),
                ("east", models.FloatField(blank=True, null=True, verbose_name="eastern edge")),
                ("north", models.FloatField(blank=True, null=True, verbose_name="northern edge")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("public", "Public")],
                        default="draft",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("drawn_at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agenda.historyevent",
                        verbose_name="event that tells what it did",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.storedfile",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.initiative",
                    ),
                ),
            ],
            options={
                "verbose_name": "historic map",
                "verbose_name_plural": "historic maps",
                "ordering": ["year", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("image", None),
                                ("kind", "geojson"),
                                models.Q(("features", []), _negated=True),
                            ),
                            models.Q(
                                ("features", []),
                                ("image__isnull", False),
                                ("kind", "image"),
                                ("west__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="historic_map_has_areas_or_a_picture",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("east", None), ("north", None), ("south", None), ("west", None)
                            ),
                            models.Q(
                                ("east__lte", 180),
                                ("north__lte", 90),
                                ("south__gte", -90),
                                ("south__lt", models.F("north")),
                                ("west__gte", -180),
                                ("west__lt", models.F("east")),
                            ),
                            _connector="OR",
                        ),
                        name="historic_map_lies_in_the_world",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicmap",
            trigger=pgtrigger.compiler.Trigger(
                name="a_public_map_has_a_public_cause",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'public')",
                    func="\n            IF NOT EXISTS (\n                SELECT 1 FROM agenda_historyevent\n                 WHERE id = NEW.event_id AND state = 'published'\n                   AND initiative_id = NEW.initiative_id\n            ) THEN\n                RAISE EXCEPTION 'a public map names a published event of its initiative'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="8fc9e30bd7ba86c8fea4313a2c31c5a65102a080",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_public_map_has_a_public_cause_e9bc0",
                    table="measurement_historicmap",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicmap",
            trigger=pgtrigger.compiler.Trigger(
                name="a_public_map_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'public' AND OLD.\"state\" = 'public')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5a17f260837c4d10523e4e4f926b1c4fa37a3160",
                    operation="UPDATE",
                    pgid="pgtrigger_a_public_map_stays_1fff8",
                    table="measurement_historicmap",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicmap",
            trigger=pgtrigger.compiler.Trigger(
                name="no_public_map_is_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'public')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="537722af33f986af1e3ebc8bf754442566e0566a",
                    operation="DELETE",
                    pgid="pgtrigger_no_public_map_is_deleted_c6d84",
                    table="measurement_historicmap",
                    when="BEFORE",
                ),
            ),
        ),
    ]
