import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock
import ciforum.people.words
import measurement.walking.codes


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0010_asking_for_data"),
        ("people", "0004_chain_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataWalk",
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
                    "hall",
                    models.CharField(
                        help_text="The hall and its address, so that people find it.",
                        max_length=200,
                        verbose_name="where",
                    ),
                ),
                ("starts", models.DateTimeField(verbose_name="when it begins")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "invitation",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        help_text="What people find there: food, child care, interpreters, how to come.",
                        long=True,
                        max_length=2000,
                        verbose_name="invitation",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=measurement.walking.codes.new_code, editable=False, max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Being prepared"),
                            ("open", "Open"),
                            ("debrief", "Debrief"),
                            ("closed", "Closed"),
                        ],
                        default="preparing",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "next_steps",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        long=True,
                        max_length=3000,
                        verbose_name="what comes next",
                    ),
                ),
                ("made_at", models.DateTimeField(default=ciforum.people.clock.now)),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("debrief_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
            ],
            options={
                "verbose_name": "data walk",
                "verbose_name_plural": "data walks",
                "ordering": ["-starts", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "text",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        help_text="In the words of those who walked: what it shows, and what they make of it.",
                        long=True,
                        max_length=1200,
                        verbose_name="what we found",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("agreed", "Agreed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField(default=ciforum.people.clock.now)),
                ("agreed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "citable",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.citable",
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
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="measurement.datawalk",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="FindingAuthor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Shown to everybody. Leave it empty for no name.",
                        max_length=120,
                        verbose_name="name, as she wishes",
                    ),
                ),
                ("is_resident", models.BooleanField(default=False, verbose_name="a resident")),
                ("yes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "yes_how",
                    models.CharField(blank=True, max_length=300, verbose_name="how she said yes"),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authors",
                        to="measurement.finding",
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "yes_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "address",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("language", models.CharField(max_length=10)),
                ("left_on", models.DateField()),
                ("asked", models.PositiveSmallIntegerField(default=1)),
                ("confirmed_on", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.initiative",
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="measurement.datawalk",
                    ),
                ),
            ],
            options={
                "verbose_name": "follower",
                "verbose_name_plural": "followers",
            },
        ),
        migrations.CreateModel(
            name="Station",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("order", models.PositiveSmallIntegerField()),
                ("breakdown", models.CharField(blank=True, max_length=200, verbose_name="groups")),
                ("kind", models.CharField(max_length=12, verbose_name="periods")),
                (
                    "title",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words,
                        help_text="What this picture is about, in plain words.",
                        max_length=160,
                        verbose_name="title, best a question",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.place",
                        verbose_name="place",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.release",
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="measurement.datawalk",
                    ),
                ),
            ],
            options={
                "verbose_name": "station",
                "verbose_name_plural": "stations",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "words",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words, max_length=160, verbose_name="prompt"
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
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prompts",
                        to="measurement.station",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddField(
            model_name="finding",
            name="stations",
            field=models.ManyToManyField(
                blank=True, related_name="findings", to="measurement.station"
            ),
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="theme")),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.initiative",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to="measurement.station",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=1000, verbose_name="what she says")),
                (
                    "via",
                    models.CharField(
                        choices=[("phone", "by phone"), ("paper", "on paper")], max_length=6
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("sheet", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("ticket", models.UUIDField(blank=True, null=True)),
                ("day", models.DateField()),
                ("hidden_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "hidden_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason"),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="measurement.prompt",
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="measurement.station",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="measurement.theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "reaction",
                "verbose_name_plural": "reactions",
                "ordering": ["station", "prompt__order", "id"],
            },
        ),
        migrations.CreateModel(
            name="WalkMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("due", models.DateTimeField(default=ciforum.people.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "follower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="measurement.follower",
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
        ),
        migrations.AddConstraint(
            model_name="datawalk",
            constraint=models.UniqueConstraint(
                models.F("initiative"), models.F("code"), name="one_walk_per_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="datawalk",
            constraint=models.CheckConstraint(
                condition=models.Q(("languages", []), _negated=True), name="walk_speaks_a_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="datawalk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "preparing"), ("opened_at__isnull", False), _connector="OR"
                ),
                name="walk_was_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="datawalk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(
                        ("closed_at__isnull", False), models.Q(("next_steps", {}), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="closed_walk_says_what_comes_next",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datawalk",
            trigger=pgtrigger.compiler.Trigger(
                name="opened_with_its_stations",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.\"state\" = 'preparing'))",
                    func="\n            IF (SELECT count(*) FROM measurement_station s\n                WHERE s.walk_id = NEW.id AND s.release_id IS NOT NULL\n                  AND EXISTS (SELECT 1 FROM measurement_prompt p WHERE p.station_id = s.id)\n               ) NOT BETWEEN 5 AND 10\n               OR EXISTS (SELECT 1 FROM measurement_station s\n                          WHERE s.walk_id = NEW.id AND s.release_id IS NULL) THEN\n                RAISE EXCEPTION 'a data walk opens with five to ten released stations'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="87774ac7ad41bd58d6222bc729c159c700e4bec1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_opened_with_its_stations_abbcb",
                    table="measurement_datawalk",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datawalk",
            trigger=pgtrigger.compiler.Trigger(
                name="only_a_draft_goes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"state\" = 'preparing'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4c37fb80d7dd60e5f7da8ba19a85a616827f393f",
                    operation="DELETE",
                    pgid="pgtrigger_only_a_draft_goes_9eb03",
                    table="measurement_datawalk",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="findingauthor",
            constraint=models.UniqueConstraint(
                models.F("finding"),
                models.F("user"),
                condition=models.Q(("user__isnull", False)),
                name="one_authorship_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingauthor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("yes_at", None), ("yes_by", None)),
                    models.Q(("yes_at__isnull", False), ("yes_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_yes_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="findingauthor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("yes_at", None),
                    models.Q(("user__isnull", False), ("yes_by", models.F("user"))),
                    models.Q(("yes_how", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_yes_of_another_says_how",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="findingauthor",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_behind_what_was_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM measurement_finding f\n                       WHERE f.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.finding_id\n                                          ELSE OLD.finding_id END)\n                         AND f.state = 'agreed')\n               AND (TG_OP <> 'UPDATE'\n                    OR (OLD.finding_id, OLD.is_resident, OLD.yes_at, OLD.yes_by_id)\n                       IS DISTINCT FROM\n                       (NEW.finding_id, NEW.is_resident, NEW.yes_at, NEW.yes_by_id)) THEN\n                RAISE EXCEPTION 'the authors of an agreed finding stay as they were'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="0020ad71719b40f4cc89259e8d85fafba9bfa409",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_stands_behind_what_was_agreed_8998e",
                    table="measurement_findingauthor",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(
                models.F("walk"),
                django.db.models.functions.text.Lower("address"),
                condition=models.Q(("address", ""), _negated=True),
                name="one_address_per_walk",
            ),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_on", None), models.Q(("address", ""), _negated=True)),
                    models.Q(("address", ""), ("erased_on__isnull", False)),
                    _connector="OR",
                ),
                name="erased_follower_has_no_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("walk", "order"),
                name="one_station_per_number",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="station",
            trigger=pgtrigger.compiler.Trigger(
                name="stands_while_the_walk_is_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM measurement_datawalk w\n                       WHERE w.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.walk_id\n                                          ELSE OLD.walk_id END)\n                         AND w.state <> 'preparing') THEN\n                RAISE EXCEPTION 'stations stay as they were when the walk opened'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="91591abab7f1164cc82ed485906da836ffb23b35",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_stands_while_the_walk_is_on_cec75",
                    table="measurement_station",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="station",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_to_a_public_release",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."release_id" IS NOT NULL)',
                    func="\n            IF NOT EXISTS (SELECT 1 FROM measurement_release r\n                           WHERE r.id = NEW.release_id AND r.state = 'published'\n                             AND r.indicator_id = NEW.indicator_id\n                             AND r.initiative_id = NEW.initiative_id) THEN\n                RAISE EXCEPTION 'a station shows a public release of its indicator'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="3d291aca836b993ec0421f230bfc4fecaee99290",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_frozen_to_a_public_release_1f2e3",
                    table="measurement_station",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="prompt",
            constraint=models.UniqueConstraint(
                models.F("station"), models.F("order"), name="one_prompt_per_number"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="prompt",
            trigger=pgtrigger.compiler.Trigger(
                name="asked_as_it_was_opened",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF EXISTS (SELECT 1 FROM measurement_station s\n                       JOIN measurement_datawalk w ON w.id = s.walk_id\n                       WHERE s.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.station_id\n                                          ELSE OLD.station_id END)\n                         AND w.state <> 'preparing') THEN\n                RAISE EXCEPTION 'prompts stay as they were when the walk opened'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="510d1b52322b78abc628ea329fde707616394af9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_asked_as_it_was_opened_eae6f",
                    table="measurement_prompt",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "agreed"), _negated=True),
                    models.Q(("agreed_at__isnull", False), models.Q(("text", {}), _negated=True)),
                    _connector="OR",
                ),
                name="agreed_finding_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("text", {}), ("withdrawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="withdrawn_finding_is_empty",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="agreed_with_a_resident",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'agreed')",
                    func="\n            IF NOT EXISTS (SELECT 1 FROM measurement_findingauthor a\n                           WHERE a.finding_id = NEW.id AND a.is_resident\n                             AND a.yes_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'a finding needs a resident among its authors who said yes'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a96ed56b242f3c9f572fffb2ef3b7fb6a86043e1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_agreed_with_a_resident_caccb",
                    table="measurement_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="says_what_they_agreed_to",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."text" IS DISTINCT FROM (NEW."text"))',
                    func="\n            IF NEW.state <> 'withdrawn'\n               AND (OLD.state <> 'draft'\n                    OR EXISTS (SELECT 1 FROM measurement_findingauthor a\n                               WHERE a.finding_id = NEW.id AND a.yes_at IS NOT NULL)) THEN\n                RAISE EXCEPTION 'somebody said yes to these very words'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5672e00add25d12d111a6f240b0de3e0e0958eb4",
                    operation="UPDATE",
                    pgid="pgtrigger_says_what_they_agreed_to_c3bd6",
                    table="measurement_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="withdrawn_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'withdrawn')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ed743ddeb097eef5fbc8f7c3eed9f3335bc85ce9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_withdrawn_stays_32b95",
                    table="measurement_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="agreed_is_withdrawn_not_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'agreed')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c164e0f92163aaf4ae1c39213b1f37b4c3313c9a",
                    operation="DELETE",
                    pgid="pgtrigger_agreed_is_withdrawn_not_removed_1c8fe",
                    table="measurement_finding",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(
                models.F("station"),
                models.F("name"),
                name="one_theme_per_name",
                violation_error_message="There is a theme with this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sheet", None),
                        ("ticket__isnull", False),
                        ("typed_by", None),
                        ("via", "phone"),
                    ),
                    models.Q(
                        ("sheet__isnull", False),
                        ("ticket", None),
                        ("typed_by__isnull", False),
                        ("via", "paper"),
                    ),
                    _connector="OR",
                ),
                name="reaction_by_phone_or_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="reaction_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hidden_at", None),
                    models.Q(
                        ("hidden_by__isnull", False), models.Q(("hidden_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="reaction_is_hidden_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.UniqueConstraint(
                models.F("prompt"),
                models.F("sheet"),
                condition=models.Q(("hidden_at", None), ("via", "paper")),
                name="one_answer_on_a_sheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.UniqueConstraint(
                models.F("prompt"), models.F("ticket"), name="one_answer_from_a_page"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reaction",
            trigger=pgtrigger.compiler.Trigger(
                name="taken_while_the_walk_is_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NOT EXISTS (SELECT 1 FROM measurement_prompt p\n                           JOIN measurement_station s ON s.id = p.station_id\n                           JOIN measurement_datawalk w ON w.id = s.walk_id\n                           WHERE p.id = NEW.prompt_id\n                             AND s.id = NEW.station_id\n                             AND w.initiative_id = NEW.initiative_id\n                             AND (w.state = 'open'\n                                  OR (w.state = 'debrief' AND NEW.via = 'paper'))) THEN\n                RAISE EXCEPTION 'reactions are taken while the walk is open'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f724bcf9e44b46fa6e3ce1de6bfed7a2dd5eb84a",
                    operation="INSERT",
                    pgid="pgtrigger_taken_while_the_walk_is_on_bb65a",
                    table="measurement_reaction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reaction",
            trigger=pgtrigger.compiler.Trigger(
                name="words_are_never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."text" IS DISTINCT FROM (NEW."text"))',
                    func="\n            IF OLD.via <> 'paper' OR OLD.hidden_at IS NOT NULL\n               OR NOT EXISTS (SELECT 1 FROM measurement_station s\n                              JOIN measurement_datawalk w ON w.id = s.walk_id\n                              WHERE s.id = OLD.station_id\n                                AND w.state IN ('open', 'debrief')) THEN\n                RAISE EXCEPTION 'a reaction is hidden with a reason, and never edited'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d016b60bd679cb7670f0ca92fc8e2ed4ac4d3977",
                    operation="UPDATE",
                    pgid="pgtrigger_words_are_never_edited_a48af",
                    table="measurement_reaction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reaction",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_where_it_was_said",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."station_id" IS DISTINCT FROM (NEW."station_id") OR OLD."prompt_id" IS DISTINCT FROM (NEW."prompt_id") OR OLD."via" IS DISTINCT FROM (NEW."via") OR OLD."sheet" IS DISTINCT FROM (NEW."sheet") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."ticket" IS DISTINCT FROM (NEW."ticket"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ecf0668d7273b1898993c86b31285b1a7abc9ccf",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_where_it_was_said_49056",
                    table="measurement_reaction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reaction",
            trigger=pgtrigger.compiler.Trigger(
                name="never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="77be3231b0610284128584e95a9e3d474e3d0526",
                    operation="DELETE",
                    pgid="pgtrigger_never_removed_afc91",
                    table="measurement_reaction",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="walkmail",
            constraint=models.UniqueConstraint(
                models.F("follower"),
                models.F("kind"),
                condition=models.Q(("sent_at", None)),
                name="one_mail_waits",
            ),
        ),
    ]
