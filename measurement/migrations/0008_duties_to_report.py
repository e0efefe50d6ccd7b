import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock
import ciforum.people.words


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0007_crosswalks"),
        ("people", "0004_chain_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="observation",
            name="missing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_collected", "not collected"),
                    ("refused", "not shared by its holder"),
                    ("too_small", "hidden by its holder as too small"),
                    ("late", "not there yet"),
                    ("not_applicable", "does not apply"),
                    ("unreliable", "called unreliable by its holder"),
                    ("withdrawn", "withdrawn by its holder"),
                    ("unknown", "missing, the file does not say why"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="releasecell",
            name="missing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_collected", "not collected"),
                    ("refused", "not shared by its holder"),
                    ("too_small", "hidden by its holder as too small"),
                    ("late", "not there yet"),
                    ("not_applicable", "does not apply"),
                    ("unreliable", "called unreliable by its holder"),
                    ("withdrawn", "withdrawn by its holder"),
                    ("unknown", "missing, the file does not say why"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="submission",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Columns to be named"),
                    ("checking", "Being read"),
                    ("checked", "Read, not handed in yet"),
                    ("handed_in", "Waiting for approval"),
                    ("approved", "Approved"),
                    ("returned", "Sent back"),
                    ("withdrawn", "Withdrawn"),
                    ("retracted", "Withdrawn after approval"),
                ],
                default="uploaded",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="submissionrow",
            name="missing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_collected", "not collected"),
                    ("refused", "not shared by its holder"),
                    ("too_small", "hidden by its holder as too small"),
                    ("late", "not there yet"),
                    ("not_applicable", "does not apply"),
                    ("unreliable", "called unreliable by its holder"),
                    ("withdrawn", "withdrawn by its holder"),
                    ("unknown", "missing, the file does not say why"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="ReminderSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), size=None, verbose_name="days"
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
        migrations.CreateModel(
            name="ReportDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("due", models.DateTimeField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Expected"),
                            ("excused", "The partner says there are no numbers"),
                            ("accepted", "No numbers, and that is accepted"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_collected", "We do not collect this"),
                            ("cannot_share", "We cannot share this"),
                            ("not_applicable", "It does not apply to us"),
                            ("closed", "The program or site was closed in this time"),
                        ],
                        editable=False,
                        max_length=16,
                    ),
                ),
                (
                    "why",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        editable=False,
                        long=True,
                        max_length=1000,
                        verbose_name="why",
                    ),
                ),
                ("expected_at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_duties",
                        to="people.organization",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.period",
                    ),
                ),
            ],
            options={
                "verbose_name": "report that is owed",
                "verbose_name_plural": "reports that are owed",
                "ordering": ["due", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReminderMute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("muted_at", models.DateTimeField(default=ciforum.people.clock.now)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mutes",
                        to="measurement.reportduty",
                    ),
                ),
            ],
            options={
                "ordering": ["-muted_at"],
            },
        ),
        migrations.CreateModel(
            name="DutyNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("excused", "No numbers"),
                            ("accepted", "Accepted"),
                            ("asked_again", "Asked again"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                            ("put_off", "Given another date"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_collected", "We do not collect this"),
                            ("cannot_share", "We cannot share this"),
                            ("not_applicable", "It does not apply to us"),
                            ("closed", "The program or site was closed in this time"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "words",
                    ciforum.people.words.WordsField(
                        blank=True, default=ciforum.people.words.Words, long=True, max_length=1000
                    ),
                ),
                ("at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="measurement.reportduty",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DutyHandIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="measurement.submission",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hand_ins",
                        to="measurement.reportduty",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("month", "each month"),
                            ("quarter", "each quarter"),
                            ("year", "each calendar year"),
                            ("school_year", "each school year (July to June)"),
                            ("fiscal_year", "each fiscal year (July to June)"),
                        ],
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                (
                    "days_after",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(400)],
                        verbose_name="days after it ends",
                    ),
                ),
                ("begins", models.DateField(verbose_name="beginning with what starts on or after")),
                ("made_until", models.DateField(blank=True, editable=False, null=True)),
                ("agreed_at", models.DateTimeField(default=ciforum.people.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reporting_rules",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "reporting agreement",
                "verbose_name_plural": "reporting agreements",
                "ordering": ["organization__name", "indicator__slug", "id"],
            },
        ),
        migrations.AddField(
            model_name="reportduty",
            name="rule",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duties",
                to="measurement.reportingrule",
            ),
        ),
        migrations.CreateModel(
            name="ReportReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.SmallIntegerField()),
                ("due", models.DateTimeField()),
                ("at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="measurement.reportduty",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Restatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("corrected", "Corrected"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                (
                    "public_words",
                    ciforum.people.words.WordsField(
                        blank=True,
                        default=ciforum.people.words.Words,
                        long=True,
                        max_length=500,
                        verbose_name="a sentence for everybody",
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=ciforum.people.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restatements",
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
                    "releases",
                    models.ManyToManyField(related_name="restatements", to="measurement.release"),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restatements",
                        to="measurement.submission",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.indicatorversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "restatement",
                "verbose_name_plural": "restatements",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RestatedNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.PositiveIntegerField()),
                ("after", models.PositiveIntegerField()),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.period",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.place",
                    ),
                ),
                (
                    "stratum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.stratum",
                    ),
                ),
                (
                    "restatement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="measurement.restatement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.period",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.place",
                    ),
                ),
                (
                    "stratum",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.stratum",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.submission",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.indicatorversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("version"),
                        models.F("period"),
                        models.F("place"),
                        models.F("stratum"),
                        models.F("revision"),
                        models.F("submission"),
                        name="confirmed_once",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="confirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_said",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="21c61034edf328ac3ba4f4e7b2fd387c0961ff6e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_stays_said_8f421",
                    table="measurement_confirmation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderschedule",
            constraint=models.UniqueConstraint(
                models.F("initiative"), name="one_reminder_schedule"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__len__lte", 8)), name="few_reminders"
            ),
        ),
        migrations.AddConstraint(
            model_name="remindermute",
            constraint=models.UniqueConstraint(
                models.F("initiative"),
                models.F("user"),
                models.F("duty"),
                name="muted_once",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dutynote",
            trigger=pgtrigger.compiler.Trigger(
                name="said_is_said",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cc31332c2fe886fd4e16e50a1cd9f4c48b81180c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_said_is_said_90e46",
                    table="measurement_dutynote",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyhandin",
            constraint=models.UniqueConstraint(
                models.F("duty"), models.F("submission"), name="a_submission_once_per_duty"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingrule",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("indicator"),
                models.F("every"),
                condition=models.Q(("ended_at", None)),
                name="one_standing_reporting_rule",
                violation_error_message="This is agreed already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days_after__lte", 400)), name="report_is_due_within_a_year"
            ),
        ),
        migrations.AddIndex(
            model_name="reportduty",
            index=models.Index(fields=["initiative", "due"], name="report_duties_by_date"),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=models.UniqueConstraint(
                models.F("organization"),
                models.F("indicator"),
                models.F("period"),
                name="one_report_duty",
                violation_error_message="This report is expected already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["excused", "accepted"]),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(("state__in", ["open", "closed"]), ("reason", "")),
                    _connector="OR",
                ),
                name="an_excuse_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportduty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), ("why", {})),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        models.Q(("why", {}), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="no_report_without_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreminder",
            constraint=models.UniqueConstraint(
                models.F("duty"),
                models.F("user"),
                models.F("days"),
                models.F("due"),
                name="reminded_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportreminder",
            trigger=pgtrigger.compiler.Trigger(
                name="sent_is_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e1a01df81e32ef3c096d5c08116ccee410905a34",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_sent_is_sent_f8127",
                    table="measurement_reportreminder",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restatement",
            trigger=pgtrigger.compiler.Trigger(
                name="restated_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."indicator_id" IS DISTINCT FROM (NEW."indicator_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."count" IS DISTINCT FROM (NEW."count") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."at" IS DISTINCT FROM (NEW."at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cd417f1e6abd3a4decee98753b5efa4af35d3707",
                    operation="UPDATE",
                    pgid="pgtrigger_restated_for_good_04e01",
                    table="measurement_restatement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restatement",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="5a139396727eec0d027672cc840f35f33a451af6",
                    operation="DELETE",
                    pgid="pgtrigger_kept_e5b32",
                    table="measurement_restatement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="restatednumber",
            constraint=models.UniqueConstraint(
                models.F("restatement"),
                models.F("period"),
                models.F("place"),
                models.F("stratum"),
                name="restated_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="restatednumber",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ae336a582eb8cdcbacf12ea898319033ee3ffcac",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_0ecf0",
                    table="measurement_restatednumber",
                    when="BEFORE",
                ),
            ),
        ),
    ]
