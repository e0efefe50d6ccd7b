import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0008_duties_to_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="sheets",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="submission",
            name="way",
            field=models.CharField(
                choices=[
                    ("file", "as a file"),
                    ("paste", "pasted from a spreadsheet"),
                    ("grid", "typed on screen"),
                ],
                default="file",
                max_length=8,
                verbose_name="how it came",
            ),
        ),
        migrations.CreateModel(
            name="GridDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "period_kind",
                    models.CharField(
                        choices=[
                            ("year", "Year"),
                            ("school_year", "School year"),
                            ("fiscal_year", "Fiscal year"),
                            ("years", "Several years"),
                            ("quarter", "Quarter"),
                            ("month", "Month"),
                            ("day", "Day"),
                        ],
                        max_length=12,
                    ),
                ),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("cells", models.JSONField(default=dict)),
                ("places", models.JSONField(default=list)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("administrative", "full count from records"),
                            ("survey", "survey of a random sample"),
                            ("sample", "count of some, not chosen at random"),
                            ("estimate", "estimate from a model or from other numbers"),
                            ("self_reported", "told by those concerned"),
                            ("unknown", "not known how it was made"),
                        ],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                ("saved_at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="measurement.indicator",
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
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organization",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="draft",
                        to="measurement.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("indicator"),
                        models.F("period_kind"),
                        models.F("period_start"),
                        models.F("period_end"),
                        name="one_draft_per_grid",
                    )
                ],
            },
        ),
    ]
