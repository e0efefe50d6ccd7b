import uuid

import django.db.models.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock
import ciforum.people.words
import measurement.models.embeddings


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0012_systems_shifts"),
        ("people", "0004_chain_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "slug",
                    models.SlugField(
                        editable=False, max_length=80, verbose_name="short name in addresses"
                    ),
                ),
                (
                    "title",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words, max_length=160, verbose_name="title"
                    ),
                ),
                (
                    "intro",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        help_text="A sentence or two that stand above the panels.",
                        long=True,
                        max_length=2000,
                        verbose_name="what this dashboard is for",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("public", "Public"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(default=ciforum.people.clock.now, editable=False)),
                (
                    "changed_at",
                    models.DateTimeField(default=ciforum.people.clock.now, editable=False),
                ),
                ("proposed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("public_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.initiative",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "dashboard",
                "verbose_name_plural": "dashboards",
                "ordering": ["-changed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Embedding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("breakdown", models.CharField(blank=True, max_length=200)),
                ("period_kind", models.CharField(blank=True, max_length=12)),
                ("origin", models.CharField(max_length=260, verbose_name="site")),
                (
                    "label",
                    models.CharField(
                        help_text="For your own list.",
                        max_length=120,
                        verbose_name="who shows it, and where",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=measurement.models.embeddings.new_token,
                        editable=False,
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("made_at", models.DateTimeField(default=ciforum.people.clock.now, editable=False)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("views", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "board",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embeddings",
                        to="measurement.board",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="embeddings",
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "embedding",
                "verbose_name_plural": "embeddings",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Panel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("order", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("line", "Lines over time"),
                            ("bars", "Bars by group, newest period"),
                            ("table", "Table"),
                            ("tile", "One number"),
                            ("by_group", "Small charts, one for each group"),
                            ("by_place", "Small charts, one for each place"),
                            ("map", "Map of places"),
                            ("text", "Text"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("breakdown", models.CharField(blank=True, max_length=200, verbose_name="groups")),
                ("group", models.CharField(blank=True, max_length=400, verbose_name="group")),
                (
                    "period_kind",
                    models.CharField(blank=True, max_length=12, verbose_name="periods"),
                ),
                (
                    "title",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        help_text="Left empty, the name of the indicator stands here.",
                        max_length=160,
                        verbose_name="title",
                    ),
                ),
                (
                    "words",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        long=True,
                        max_length=2000,
                        verbose_name="words",
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "removed_from",
                    models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="panels",
                        to="measurement.board",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.indicator",
                        verbose_name="indicator",
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
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "panel",
                "verbose_name_plural": "panels",
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.UniqueConstraint(
                models.F("initiative"), models.F("slug"), name="one_board_per_slug"
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__in", ("new",)), _negated=True), name="board_slug_is_free"
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "public"), _negated=True),
                    models.Q(("public_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="public_board_was_published",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="board",
            trigger=pgtrigger.compiler.Trigger(
                name="public_with_panels",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'public')",
                    func="\n            IF NOT EXISTS (SELECT 1 FROM measurement_panel p\n                           WHERE p.board_id = NEW.id AND p.removed_at IS NULL) THEN\n                RAISE EXCEPTION 'a public dashboard has a panel'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="15538e4cc96d975dcc507af0f7313af9c1d8a2cc",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_public_with_panels_cd128",
                    table="measurement_board",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="embedding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("board__isnull", False), ("indicator", None)),
                    models.Q(("board", None), ("indicator__isnull", False)),
                    _connector="OR",
                ),
                name="embeds_a_board_or_an_indicator",
            ),
        ),
        migrations.AddConstraint(
            model_name="embedding",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__regex", "^https?://[a-z0-9.:-]+$")),
                name="embedding_names_a_site",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="embedding",
            trigger=pgtrigger.compiler.Trigger(
                name="embeds_its_own_initiative",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (NEW.board_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM measurement_board b\n                    WHERE b.id = NEW.board_id AND b.initiative_id = NEW.initiative_id))\n               OR (NEW.indicator_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM measurement_indicator i\n                    WHERE i.id = NEW.indicator_id AND i.initiative_id = NEW.initiative_id)) THEN\n                RAISE EXCEPTION 'an embedding shows something of its own initiative'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d05b9d78377b8570f22c20926d6dda019fcd87d8",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_embeds_its_own_initiative_44602",
                    table="measurement_embedding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="embedding",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_revoked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL)\n               OR OLD.token <> NEW.token OR OLD.origin <> NEW.origin THEN\n                RAISE EXCEPTION 'an embedding stays revoked, and its site stays the same'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0d004c1395ae09265c26f71ca7e334bb5464b722",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_revoked_21cff",
                    table="measurement_embedding",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("board", "order"),
                name="one_panel_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("order", None),
                    models.Q(("order__gte", 1), ("order__lte", 24)),
                    _connector="OR",
                ),
                name="at_most_24_panels",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order", None), ("removed_at__isnull", False)),
                    models.Q(("order__isnull", False), ("removed_at", None)),
                    _connector="OR",
                ),
                name="a_panel_stands_or_is_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="panel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("indicator", None),
                        ("kind", "text"),
                        models.Q(("words", {}), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "text"), _negated=True), ("indicator__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="a_panel_shows_numbers_or_words",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panel",
            trigger=pgtrigger.compiler.Trigger(
                name="arranged_while_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM measurement_board b\n                       WHERE b.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.board_id\n                                          ELSE OLD.board_id END)\n                         AND b.state <> 'draft') THEN\n                RAISE EXCEPTION 'panels are arranged while the dashboard is a draft'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="f753dab1dd68453095768475911057a3eb55c84c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_arranged_while_a_draft_dc313",
                    table="measurement_panel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panel",
            trigger=pgtrigger.compiler.Trigger(
                name="shows_its_own_initiative",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT EXISTS (SELECT 1 FROM measurement_board b\n                           WHERE b.id = NEW.board_id AND b.initiative_id = NEW.initiative_id)\n               OR (NEW.indicator_id IS NOT NULL AND NOT EXISTS (\n                       SELECT 1 FROM measurement_release r\n                       WHERE r.indicator_id = NEW.indicator_id AND r.state = 'published'\n                         AND r.initiative_id = NEW.initiative_id))\n               OR (NEW.place_id IS NOT NULL AND NOT EXISTS (\n                       SELECT 1 FROM people_place p\n                       WHERE p.id = NEW.place_id AND p.initiative_id = NEW.initiative_id)) THEN\n                RAISE EXCEPTION 'a panel shows a released indicator of its own initiative'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d1365008a025ef2a205d8227e026f95781fb8471",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_shows_its_own_initiative_77049",
                    table="measurement_panel",
                    when="BEFORE",
                ),
            ),
        ),
    ]
