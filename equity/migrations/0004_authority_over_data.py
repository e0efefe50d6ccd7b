import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock
import ciforum.people.words


class Migration(migrations.Migration):
    dependencies = [("equity", "0003_seats_and_loosening")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='dimension',
            name='keeps_its_meaning',
        ),
        migrations.AddField(
            model_name='dimension',
            name='is_ordered',
            field=models.BooleanField(default=False, verbose_name='its groups stand in an order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dimension',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_meaning', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."is_ordered" IS DISTINCT FROM (NEW."is_ordered") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ecfc6e2922135ea89ace7acd1543795080a89006', operation='UPDATE', pgid='pgtrigger_keeps_its_meaning_1f8b1', table='equity_dimension', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='dimension',
            constraint=models.CheckConstraint(condition=models.Q(('is_ordered', False), ('kind', 'exclusive'), _connector='OR'), name='only_exclusive_groups_are_ordered', violation_error_message='Groups stand in an order only where each person is in one of them.'),
        ),
        migrations.CreateModel(
            name='DataAuthority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('proposed_at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('since', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('decision_uid', models.UUIDField(editable=False, null=True)),
                ('consented_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.seat')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='equity.committee', verbose_name='council')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='equity.group', verbose_name='group')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('passed', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.ledgerentry')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'authority over data',
                'verbose_name_plural': 'authorities over data',
                'ordering': ['-proposed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AuthorityWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('record_uid', models.UUIDField(db_index=True)),
                ('says', models.CharField(choices=[('release', 'Release our numbers'), ('withhold', 'Keep our numbers'), ('keep', 'Keep our authority'), ('end', 'End our authority')], max_length=8, verbose_name='what your seat says')),
                ('words', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=1000, verbose_name='in your words')),
                ('is_told', models.BooleanField(default=False)),
                ('seen', models.CharField(blank=True, editable=False, max_length=64)),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.seat')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='equity.dataauthority')),
            ],
            options={
                'verbose_name': "word of a council's seat",
                'verbose_name_plural': "words of councils' seats",
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='dataauthority',
            constraint=models.UniqueConstraint(models.F('group'), condition=models.Q(('ended_at', None)), name='one_authority_per_group', violation_error_message='A council holds this authority or was asked already.'),
        ),
        migrations.AddConstraint(
            model_name='dataauthority',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consented_by', None), ('since', None)), models.Q(('consented_by__isnull', False), ('since__isnull', False)), _connector='OR'), name='authority_stands_by_consent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='held_by_a_council', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (SELECT 1 FROM equity_committee council\n                   JOIN equity_group people ON people.initiative_id = council.initiative_id\n                   WHERE council.id = NEW.council_id AND council.kind = 'council'\n                     AND council.initiative_id = NEW.initiative_id\n                     AND people.id = NEW.group_id) THEN\n        RAISE EXCEPTION 'a community council of the same initiative holds the authority'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='0a127d26f9a5de0f01d653f43556a4c3186aa68c', operation='INSERT', pgid='pgtrigger_held_by_a_council_904e3', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='stands_by_consent', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."since" IS NOT NULL)', func="\n    IF NOT EXISTS (SELECT 1 FROM equity_seat seat\n                   WHERE seat.id = NEW.consented_by_id AND seat.committee_id = NEW.council_id\n                     AND seat.seat_class = 'lived_experience' AND seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone') THEN\n        RAISE EXCEPTION 'a resident of the council consents before its authority stands'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='780dc31b5597460e3d6faac60c86cfa34cfb1abe', operation='INSERT', pgid='pgtrigger_stands_by_consent_b412e', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='begins_by_consent', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."since" IS NOT NULL AND OLD."since" IS NULL)', func="\n    IF NOT EXISTS (SELECT 1 FROM equity_seat seat\n                   WHERE seat.id = NEW.consented_by_id AND seat.committee_id = NEW.council_id\n                     AND seat.seat_class = 'lived_experience' AND seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone') THEN\n        RAISE EXCEPTION 'a resident of the council consents before its authority stands'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='8f9f02cd0b308da760e44ec0caf44fe4d303a5a8', operation='UPDATE', pgid='pgtrigger_begins_by_consent_67e4e', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='ends_by_its_own_council', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."ended_at" IS NOT NULL)', func="\n    IF OLD.ended_at IS NOT NULL THEN\n        RAISE EXCEPTION 'an authority that ended stays ended' USING ERRCODE = 'check_violation';\n    END IF;\n    IF OLD.since IS NULL THEN\n        RETURN NEW;\n    END IF;\n    IF 2 = (SELECT count(DISTINCT entry.gate) FROM equity_ledgerentry entry\n            WHERE entry.record_uid = NEW.decision_uid AND entry.kind = 'pass'\n              AND entry.initiative_id = NEW.initiative_id\n              AND entry.gate IN ('agenda.decision.open_voting', 'agenda.decision.close'))\n       AND EXISTS (SELECT 1 FROM equity_ledgerentry entry\n                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'\n                     AND entry.gate = 'equity.authority.end' AND entry.record_uid = NEW.uid\n                     AND entry.initiative_id = NEW.initiative_id) THEN\n        RETURN NEW;\n    END IF;\n    IF 2 * (SELECT count(*) FROM (\n                SELECT DISTINCT ON (word.seat_id) word.says FROM equity_authorityword word\n                JOIN equity_seat seat ON seat.id = word.seat_id AND seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone'\n                WHERE word.authority_id = NEW.id AND word.record_uid = NEW.uid\n                ORDER BY word.seat_id, word.id DESC) said WHERE said.says = 'end')\n       <= (SELECT count(*) FROM equity_seat seat\n           WHERE seat.committee_id = NEW.council_id AND seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone') THEN\n        RAISE EXCEPTION 'an authority ends by its own council or by a decision'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='f6bf1ba9b7b99e6a77935e73eb16bed6063ba030', operation='UPDATE', pgid='pgtrigger_ends_by_its_own_council_8f637', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='standing_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."ended_at" IS NULL AND OLD."since" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6e6d3397d57cad34810921c311b8b8b089a1124d', operation='UPDATE', pgid='pgtrigger_standing_stays_51216', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='keeps_whose_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."council_id" IS DISTINCT FROM (NEW."council_id") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0a8d3f9d0a2048d8a5e16fc83cb61fbe17800745', operation='UPDATE', pgid='pgtrigger_keeps_whose_it_is_21336', table='equity_dataauthority', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataauthority',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3651f8208fd125977366476a66d34a45e7a96db0', operation='DELETE', pgid='pgtrigger_never_removed_6b925', table='equity_dataauthority', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='authorityword',
            constraint=models.CheckConstraint(condition=models.Q(('says__in', ['release', 'withhold', 'keep', 'end'])), name='authority_word_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorityword',
            trigger=pgtrigger.compiler.Trigger(name='its_council_speaks', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM equity_dataauthority authority\n    JOIN equity_seat seat ON seat.committee_id = authority.council_id AND seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone'\n    WHERE authority.id = NEW.authority_id AND authority.since IS NOT NULL\n      AND authority.ended_at IS NULL AND seat.id = NEW.seat_id\n      AND authority.initiative_id = NEW.initiative_id\n    FOR SHARE OF authority;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'a seat of the council speaks while its authority stands'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (SELECT 1 FROM equity_ledgerentry entry\n               WHERE entry.record_uid = NEW.record_uid AND entry.kind = 'pass'\n                 AND entry.gate = 'measurement.release.publish') THEN\n        RAISE EXCEPTION 'this release is public already' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='83394081d34bd85c4c5bbe29caaaddaf5aa2319b', operation='INSERT', pgid='pgtrigger_its_council_speaks_18c61', table='equity_authorityword', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorityword',
            trigger=pgtrigger.compiler.Trigger(name='what_was_said_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f5192989c645739ae7a816e88082d4423e59e552', operation='UPDATE OR DELETE', pgid='pgtrigger_what_was_said_stays_3191a', table='equity_authorityword', when='BEFORE')),
        ),
    ]
