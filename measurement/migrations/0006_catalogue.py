import ciforum.people.clock
import ciforum.people.words
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0005_samples_and_public_tables"),
        ("people", "0004_chain_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataAgreement",
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
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words,
                        max_length=200,
                        verbose_name="what it is called",
                    ),
                ),
                (
                    "others",
                    models.CharField(
                        blank=True,
                        help_text="Who is not a partner here, e.g. “State Office of Vital Records”.",
                        max_length=300,
                        verbose_name="other parties",
                    ),
                ),
                (
                    "terms",
                    ciforum.people.words.WordsField(
                        default=ciforum.people.words.Words,
                        help_text="What may be shared, in what form, for what, and what may not. Members read it.",
                        long=True,
                        max_length=20000,
                        verbose_name="terms of the agreement",
                    ),
                ),
                ("starts", models.DateField(verbose_name="from")),
                ("ends", models.DateTimeField(verbose_name="until")),
                (
                    "reminder_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="remind us so many days before"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_force", "In force"),
                            ("renewed", "Renewed"),
                            ("ended", "Ended early"),
                        ],
                        default="in_force",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "why_ended",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        long=True,
                        max_length=1000,
                        verbose_name="why it ends",
                    ),
                ),
                ("made_at", models.DateTimeField(default=ciforum.people.clock.now)),
            ],
            options={
                "verbose_name": "data agreement",
                "verbose_name_plural": "data agreements",
                "ordering": ["ends", "id"],
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="aspect",
            field=models.CharField(
                choices=[
                    ("opportunity", "Opportunity: what people are given to start with"),
                    ("outcome", "Outcome: what becomes of it"),
                    ("representation", "Representation: who decides and who serves"),
                ],
                default="outcome",
                max_length=14,
                verbose_name="what it shows",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="baseline",
            field=models.ForeignKey(
                blank=True,
                help_text="The period that later ones are compared with: where we began.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.period",
                verbose_name="baseline",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="frequency",
            field=models.CharField(
                choices=[
                    ("none", "Not agreed yet"),
                    ("month", "Every month"),
                    ("quarter", "Every quarter"),
                    ("half_year", "Every half year"),
                    ("school_year", "Every school year"),
                    ("year", "Every year"),
                ],
                default="none",
                max_length=12,
                verbose_name="how often it is counted",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="level",
            field=models.CharField(
                choices=[
                    ("population", "Population: everybody who lives here"),
                    ("performance", "Performance: those whom a partner serves"),
                    ("system", "System: how institutions act"),
                ],
                default="population",
                max_length=12,
                verbose_name="level",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="required_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                blank=True,
                default=list,
                size=None,
                verbose_name="funders who require it",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="tier",
            field=models.CharField(
                choices=[
                    ("headline", "Headline: one of the few that say whether we get there"),
                    ("contributing", "Contributing: moves before a headline does"),
                ],
                default="contributing",
                max_length=12,
                verbose_name="tier",
            ),
        ),
        migrations.AddField(
            model_name="indicatorversion",
            name="reason",
            field=ciforum.people.words.WordsField(
                blank=True,
                default=ciforum.people.words.Words,
                help_text="Shown to everybody where the chart breaks off, e.g. “The state asks in a new way”.",
                long=True,
                max_length=1000,
                verbose_name="why it changes",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", ["headline", "contributing"])),
                name="indicator_has_a_tier",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["population", "performance", "system"])),
                name="indicator_has_a_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("aspect__in", ["opportunity", "outcome", "representation"])),
                name="indicator_has_an_aspect",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "frequency__in",
                        ["none", "month", "quarter", "half_year", "school_year", "year"],
                    )
                ),
                name="indicator_has_a_frequency",
            ),
        ),
        # Definitions changed before reasons were asked for: said so, not left empty.
        migrations.RunSQL(
            """
            UPDATE measurement_indicatorversion SET reason = '{
                "en": "Changed before we wrote down reasons.",
                "es": "Se cambió antes de que anotáramos los motivos."}'
            WHERE number > 1
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="indicatorversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", 1), models.Q(("reason", {}), _negated=True), _connector="OR"
                ),
                name="a_new_definition_says_why",
            ),
        ),
        migrations.AlterConstraint(
            model_name="indicator",
            name="one_indicator_per_code",
            constraint=models.UniqueConstraint(
                models.F("initiative"),
                models.F("code"),
                name="one_indicator_per_code",
                violation_error_message="There is an indicator with this code already.",
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="indicators",
            field=models.ManyToManyField(
                related_name="agreements", to="measurement.indicator", verbose_name="indicators"
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.initiative",
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="organizations",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="people.organization", verbose_name="partners"
            ),
        ),
        migrations.AddField(
            model_name="dataagreement",
            name="renews",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewal",
                to="measurement.dataagreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["in_force", "renewed", "ended"])),
                name="agreement_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="agreement_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("reminder_days__gte", 1), ("reminder_days__lte", 365)),
                name="agreement_reminds_within_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state", "ended"),
                        models.Q(("why_ended", {}), _negated=True),
                    ),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at", None)),
                    _connector="OR",
                ),
                name="an_ended_agreement_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dataagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_terms",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."others" IS DISTINCT FROM (NEW."others") OR OLD."terms" IS DISTINCT FROM (NEW."terms") OR OLD."starts" IS DISTINCT FROM (NEW."starts") OR OLD."ends" IS DISTINCT FROM (NEW."ends") OR OLD."reminder_days" IS DISTINCT FROM (NEW."reminder_days") OR OLD."file_id" IS DISTINCT FROM (NEW."file_id") OR OLD."renews_id" IS DISTINCT FROM (NEW."renews_id") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fdf2eb021fe1bc9b88372929b797854858310f47",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_terms_6df71",
                    table="measurement_dataagreement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorversion",
            trigger=pgtrigger.compiler.Trigger(
                name="definition_is_never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b144b02dc1a0fbabfc57d65d8731702f6fa8c259",
                    operation="UPDATE",
                    pgid="pgtrigger_definition_is_never_edited_ead45",
                    table="measurement_indicatorversion",
                    when="BEFORE",
                ),
            ),
        ),
    ]
