import ciforum.people.clock
import ciforum.people.words
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0011_data_walks"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SystemsShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', ciforum.people.words.WordsField(default=ciforum.people.words.Words, max_length=160, verbose_name='title')),
                ('level', models.CharField(choices=[('structural', 'Structural'), ('relational', 'Relational'), ('transformative', 'Transformative')], max_length=16, verbose_name='level')),
                ('kind', models.CharField(choices=[('policy', 'Policy'), ('practice', 'Practice'), ('resources', 'Flow of resources'), ('relationship', 'Relationship'), ('power', 'Power'), ('narrative', 'Narrative'), ('pathway', 'Pathway'), ('data_use', 'Use of data')], max_length=16, verbose_name='kind')),
                ('strategies', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='strategies')),
                ('before', ciforum.people.words.WordsField(default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='before')),
                ('after', ciforum.people.words.WordsField(default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='after')),
                ('where_words', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, max_length=200, verbose_name='where, in words')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('since_precision', models.CharField(choices=[('year', 'the year'), ('month', 'the month'), ('day', 'the day')], default='year', max_length=5)),
                ('state', models.CharField(choices=[('hoped_for', 'Hoped for'), ('claimed', 'Claimed, not yet confirmed'), ('confirmed', 'Confirmed'), ('disputed', 'Disputed'), ('withdrawn', 'Withdrawn')], default='hoped_for', editable=False, max_length=10)),
                ('proposed_at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('claimed_at', models.DateTimeField(editable=False, null=True)),
                ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                ('reason', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='reason')),
                ('reason_at', models.DateTimeField(editable=False, null=True)),
                ('citable', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.citable')),
                ('claimed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicators', models.ManyToManyField(blank=True, related_name='shifts', to='measurement.indicator', verbose_name='measures')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('passed', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.ledgerentry')),
                ('places', models.ManyToManyField(blank=True, related_name='+', to='people.place', verbose_name='places')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('writers', models.ManyToManyField(editable=False, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'systems shift',
                'verbose_name_plural': 'systems shifts',
                'ordering': ['-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ShiftVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stance', models.CharField(choices=[('yes', 'Yes, this changed'), ('partly', 'In part'), ('no', 'No, this did not change')], max_length=6, verbose_name='did it change?')),
                ('words', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=1000, verbose_name='in her words')),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('answer', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=1000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.seat')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='measurement.systemsshift')),
            ],
            options={
                'verbose_name': 'voice',
                'verbose_name_plural': 'voices',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ShiftEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('words', ciforum.people.words.WordsField(default=ciforum.people.words.Words, long=True, max_length=1000, verbose_name='what it shows')),
                ('link', models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['https', 'http'])], verbose_name='address on the web')),
                ('grade', models.CharField(choices=[('documented', 'Documented'), ('several', 'Several independent accounts'), ('one', 'One account'), ('own', 'Our own observation'), ('unknown', 'Not graded yet')], max_length=12, verbose_name='grade')),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('citation', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.citation')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='measurement.systemsshift')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SystemsShiftTrail',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('title', ciforum.people.words.WordsField(default=ciforum.people.words.Words, max_length=160, verbose_name='title')),
                ('level', models.CharField(choices=[('structural', 'Structural'), ('relational', 'Relational'), ('transformative', 'Transformative')], max_length=16, verbose_name='level')),
                ('kind', models.CharField(choices=[('policy', 'Policy'), ('practice', 'Practice'), ('resources', 'Flow of resources'), ('relationship', 'Relationship'), ('power', 'Power'), ('narrative', 'Narrative'), ('pathway', 'Pathway'), ('data_use', 'Use of data')], max_length=16, verbose_name='kind')),
                ('strategies', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='strategies')),
                ('before', ciforum.people.words.WordsField(default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='before')),
                ('after', ciforum.people.words.WordsField(default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='after')),
                ('where_words', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, max_length=200, verbose_name='where, in words')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('state', models.CharField(choices=[('hoped_for', 'Hoped for'), ('claimed', 'Claimed, not yet confirmed'), ('confirmed', 'Confirmed'), ('disputed', 'Disputed'), ('withdrawn', 'Withdrawn')], default='hoped_for', editable=False, max_length=10)),
                ('reason', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=2000, verbose_name='reason')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='title_level_kind_strategies_before_after_where_words_since_state_reason_events', to='measurement.systemsshift')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='systemsshift',
            index=models.Index(fields=['initiative', 'state', 'since'], name='shifts_of_an_initiative'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(('strategies__contained_by', [1, 2, 3, 4, 5]), ('strategies__len__gte', 1)), name='shift_has_a_strategy'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['structural', 'relational', 'transformative'])), name='shift_level_known'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['policy', 'practice', 'resources', 'relationship', 'power', 'narrative', 'pathway', 'data_use'])), name='shift_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['hoped_for', 'withdrawn']), models.Q(('claimed_at__isnull', False), ('claimed_by__isnull', False), ('since__isnull', False)), _connector='OR'), name='claim_has_a_date_and_a_person'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('confirmed_at__isnull', False), ('passed__isnull', False), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), models.Q(('confirmed_by', models.F('claimed_by')), _negated=True)), _connector='OR'), name='confirmed_by_another_through_its_gate'),
        ),
        migrations.AddConstraint(
            model_name='systemsshift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['disputed', 'withdrawn']), _negated=True), models.Q(('reason_at__isnull', False), models.Q(('reason', {}), _negated=True)), _connector='OR'), name='an_end_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemsshift',
            trigger=pgtrigger.compiler.Trigger(name='passed_names_this_shift', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'confirmed\')', func="\n    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry\n                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'\n                     AND entry.gate = 'measurement.shift.confirm'\n                     AND entry.record_uid = NEW.uid\n                     AND entry.initiative_id = NEW.initiative_id) THEN\n        RAISE EXCEPTION 'a systems shift is confirmed through its gate only'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='606017296e3b4cbfa426d4e1148cb5f54b83e4e6', operation='INSERT OR UPDATE', pgid='pgtrigger_passed_names_this_shift_46b20', table='measurement_systemsshift', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemsshift',
            trigger=pgtrigger.compiler.Trigger(name='claimed_words_stay', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'hoped_for\'))', func="\n    IF ROW(NEW.title, NEW.level, NEW.kind, NEW.strategies, NEW.before, NEW.after,\n           NEW.where_words, NEW.since, NEW.since_precision, NEW.proposed_by_id)\n       IS DISTINCT FROM\n       ROW(OLD.title, OLD.level, OLD.kind, OLD.strategies, OLD.before, OLD.after,\n           OLD.where_words, OLD.since, OLD.since_precision, OLD.proposed_by_id) THEN\n        RAISE EXCEPTION 'what was claimed stays as it was said'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='2587361edc2ffe24f815cd646922c2bfdda6098e', operation='UPDATE', pgid='pgtrigger_claimed_words_stay_df4a5', table='measurement_systemsshift', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemsshift',
            trigger=pgtrigger.compiler.Trigger(name='withdrawn_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'withdrawn\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d349546b0c1ccd8d5968c5c1cf3ca2867d54ee3', operation='UPDATE OR DELETE', pgid='pgtrigger_withdrawn_stays_0ef2e', table='measurement_systemsshift', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemsshift',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "measurement_systemsshifttrail" ("after", "before", "kind", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "state", "strategies", "title", "where_words") VALUES (NEW."after", NEW."before", NEW."kind", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."since", NEW."state", NEW."strategies", NEW."title", NEW."where_words"); RETURN NULL;', hash='f2fc684b00d190572fa70b09034b06a4932342d7', operation='INSERT', pgid='pgtrigger_insert_insert_5e962', table='measurement_systemsshift', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemsshift',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."after" IS DISTINCT FROM (NEW."after") OR OLD."before" IS DISTINCT FROM (NEW."before") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."strategies" IS DISTINCT FROM (NEW."strategies") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."where_words" IS DISTINCT FROM (NEW."where_words"))', func='INSERT INTO "measurement_systemsshifttrail" ("after", "before", "kind", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "state", "strategies", "title", "where_words") VALUES (NEW."after", NEW."before", NEW."kind", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."since", NEW."state", NEW."strategies", NEW."title", NEW."where_words"); RETURN NULL;', hash='098645bfb9402353b3f72ef9996a48440b47781b', operation='UPDATE', pgid='pgtrigger_update_update_e9e1c', table='measurement_systemsshift', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='shiftvoice',
            constraint=models.UniqueConstraint(models.F('shift'), models.F('seat'), condition=models.Q(('ended_at', None)), name='one_voice_per_seat'),
        ),
        migrations.AddConstraint(
            model_name='shiftvoice',
            constraint=models.CheckConstraint(condition=models.Q(('stance', 'yes'), models.Q(('words', {}), _negated=True), _connector='OR'), name='disagreement_has_words'),
        ),
        migrations.AddConstraint(
            model_name='shiftvoice',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), models.Q(('answered_by__isnull', False), models.Q(('answer', {}), _negated=True)), _connector='OR'), name='voice_answer_has_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shiftvoice',
            trigger=pgtrigger.compiler.Trigger(name='voices_speak_of_a_claim', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            PERFORM 1 FROM measurement_systemsshift shift\n            WHERE shift.id = NEW.shift_id AND shift.state = 'claimed' FOR SHARE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'seats speak of a claim while it stands'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='1e1795f5cb272dd17d1cb2d3b3bb23f54c75c300', operation='INSERT', pgid='pgtrigger_voices_speak_of_a_claim_f681c', table='measurement_shiftvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shiftvoice',
            trigger=pgtrigger.compiler.Trigger(name='what_a_seat_said_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF TG_OP = 'DELETE' THEN\n                RAISE EXCEPTION 'what a seat said stays' USING ERRCODE = 'check_violation';\n            END IF;\n            IF ROW(NEW.shift_id, NEW.seat_id, NEW.stance, NEW.words, NEW.by_id, NEW.at)\n               IS DISTINCT FROM\n               ROW(OLD.shift_id, OLD.seat_id, OLD.stance, OLD.words, OLD.by_id, OLD.at)\n               OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN\n                RAISE EXCEPTION 'what a seat said stays' USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='1899ad294f826f7a061d960fc1611a382db52683', operation='UPDATE OR DELETE', pgid='pgtrigger_what_a_seat_said_stays_cdff6', table='measurement_shiftvoice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='shiftevidence',
            constraint=models.CheckConstraint(condition=models.Q(('grade__in', ['documented', 'several', 'one', 'own', 'unknown'])), name='shift_evidence_grade_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='shiftevidence',
            trigger=pgtrigger.compiler.Trigger(name='evidence_of_a_confirmed_shift_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT 1 FROM measurement_systemsshift shift\n                       WHERE shift.id = OLD.shift_id\n                         AND shift.state IN ('confirmed', 'withdrawn')) THEN\n                RAISE EXCEPTION 'what a shift was confirmed on stays'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ", hash='be3b489fb8f987cac3c87eb09b10bb6c39ce866f', operation='UPDATE OR DELETE', pgid='pgtrigger_evidence_of_a_confirmed_shift_stays_01e57', table='measurement_shiftevidence', when='BEFORE')),
        ),
    ]
