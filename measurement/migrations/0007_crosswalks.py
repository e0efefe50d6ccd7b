import ciforum.people.words
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0006_catalogue"),
    ]

    operations = [
        migrations.CreateModel(
            name="Crosswalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("dimension_code", models.SlugField(max_length=60, verbose_name="dimension")),
                (
                    "name",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words, max_length=200, verbose_name="name"
                    ),
                ),
                ("before", models.PositiveIntegerField(blank=True, null=True)),
                ("after", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "crosswalk",
                "verbose_name_plural": "crosswalks",
                "ordering": ["dimension_code", "before", "id"],
            },
        ),
        migrations.CreateModel(
            name="CrosswalkEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=200)),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("same", "The same people"),
                            ("split", "Told apart into several groups"),
                            ("merged", "Put together with others"),
                            ("none", "No counterpart"),
                        ],
                        default="same",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="crosswalk",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.initiative",
            ),
        ),
        migrations.AddField(
            model_name="crosswalkentry",
            name="crosswalk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="measurement.crosswalk",
            ),
        ),
        migrations.AddField(
            model_name="crosswalkentry",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.initiative",
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalk",
            constraint=models.UniqueConstraint(
                models.F("initiative"),
                models.F("dimension_code"),
                models.F("before"),
                condition=models.Q(("before__isnull", False)),
                name="one_crosswalk_per_version",
                violation_error_message="There is a crosswalk between these versions already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("after", None), ("before", None)),
                    models.Q(
                        (
                            "after",
                            django.db.models.expressions.CombinedExpression(
                                models.F("before"), "+", models.Value(1)
                            ),
                        ),
                        ("before__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="crosswalk_leads_to_the_next_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalkentry",
            constraint=models.UniqueConstraint(
                models.F("crosswalk"), models.F("key"), name="one_line_per_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="a_label_has_letters"
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("relation", "none"), ("to__len", 0)),
                    models.Q(("relation", "split"), ("to__len__gt", 1)),
                    models.Q(("relation__in", ["same", "merged"]), ("to__len", 1)),
                    _connector="OR",
                ),
                name="as_many_groups_as_the_relation_says",
            ),
        ),
    ]
