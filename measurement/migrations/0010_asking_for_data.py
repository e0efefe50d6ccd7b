import datetime
import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock


class Migration(migrations.Migration):
    dependencies = [
        ("equity", "0005_protection_presets"),
        ("measurement", "0009_ways_to_hand_in"),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('addressee', models.CharField(max_length=200, verbose_name='who can change the rule')),
                ('text', models.TextField(max_length=4000, validators=[django.core.validators.MinLengthValidator(30)], verbose_name='what we ask them to change')),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
            ],
            options={
                'verbose_name': 'policy ask',
                'verbose_name_plural': 'policy asks',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RequestSigner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'co-signer',
                'verbose_name_plural': 'co-signers',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RequestStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sent', 'Asked'), ('shared', 'They share the data'), ('will_collect', 'They will collect it'), ('refused', 'They refused'), ('cannot', 'They cannot'), ('escalated', 'Taken further'), ('again', 'Asked again')], max_length=12)),
                ('words', models.TextField(max_length=4000)),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='datarequest',
            name='asked_again_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='channel',
            field=models.CharField(choices=[('letter', 'A letter on paper'), ('email', 'E-mail'), ('form', 'Their form for requests'), ('in_person', 'In person')], default='letter', max_length=10, verbose_name='how it is sent'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='collects_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='they collect it from'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='language',
            field=models.CharField(default='en', max_length=10, verbose_name='language of the letter'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='letter',
            field=models.TextField(blank=True, max_length=8000, verbose_name='the letter'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='renew_by',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='datarequest',
            name='state',
            field=models.CharField(choices=[('sent', 'Waiting for an answer'), ('shared', 'Shared'), ('will_collect', 'Will collect it'), ('refused', 'Refused'), ('cannot', 'Cannot')], default='sent', max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_was_sent', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."indicator_id" IS DISTINCT FROM (NEW."indicator_id") OR OLD."dimension_id" IS DISTINCT FROM (NEW."dimension_id") OR OLD."holder" IS DISTINCT FROM (NEW."holder") OR OLD."ask" IS DISTINCT FROM (NEW."ask") OR OLD."letter" IS DISTINCT FROM (NEW."letter") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id") OR OLD."due" IS DISTINCT FROM (NEW."due"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='3d66179b698c14dc9c4ae6bcb3c64ce4f58b93d7', operation='UPDATE', pgid='pgtrigger_keeps_what_was_sent_268d8', table='measurement_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='further_with_others', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."escalated_at" IS NOT NULL)', func="\n            IF TG_OP = 'UPDATE' AND OLD.escalated_at IS NOT NULL THEN\n                IF OLD.escalated_at <> NEW.escalated_at OR OLD.escalation <> NEW.escalation THEN\n                    RAISE EXCEPTION 'what was taken further stays as it was said'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF NOT EXISTS (SELECT 1 FROM measurement_requestsigner signer\n                           WHERE signer.request_id = NEW.id AND signer.withdrawn_at IS NULL\n                             AND signer.organization_id IS NOT NULL\n                             AND NOT EXISTS (SELECT 1 FROM people_membership staff\n                                             WHERE staff.organization_id = signer.organization_id\n                                               AND staff.initiative_id = NEW.initiative_id\n                                               AND staff.ended_at IS NULL\n                                               AND 'backbone' = ANY(staff.roles)))\n               OR NOT EXISTS (SELECT 1 FROM measurement_policyask ask\n                              WHERE ask.request_id = NEW.id) THEN\n                RAISE EXCEPTION 'a request goes further with a co-signer and a policy ask'\n                    USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='65fa4615e4ea2334b1239bc2c944c9174955ceb8', operation='INSERT OR UPDATE', pgid='pgtrigger_further_with_others_c6f0a', table='measurement_datarequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'will_collect'), _negated=True), ('collects_from__isnull', False), _connector='OR'), name='a_promise_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('collects_from', None), ('collects_from__lte', django.db.models.expressions.CombinedExpression(models.F('answered_at'), '+', models.Value(datetime.timedelta(days=366)))), _connector='OR'), name='a_promise_is_near'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_again_at', None), ('escalated_at', None), ('renew_by', None)), models.Q(('escalated_at__isnull', False), ('renew_by__lte', django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Coalesce(models.F('asked_again_at'), models.F('escalated_at')), '+', models.Value(datetime.timedelta(days=180))))), _connector='OR'), name='what_was_taken_further_is_renewed'),
        ),
        migrations.AddField(
            model_name='policyask',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='policyask',
            name='citable',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.citable'),
        ),
        migrations.AddField(
            model_name='policyask',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative'),
        ),
        migrations.AddField(
            model_name='policyask',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policy_asks', to='measurement.datarequest'),
        ),
        migrations.AddField(
            model_name='requestsigner',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative'),
        ),
        migrations.AddField(
            model_name='requestsigner',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.membership'),
        ),
        migrations.AddField(
            model_name='requestsigner',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization'),
        ),
        migrations.AddField(
            model_name='requestsigner',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signers', to='measurement.datarequest'),
        ),
        migrations.AddField(
            model_name='requeststep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='requeststep',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='measurement.datarequest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyask',
            trigger=pgtrigger.compiler.Trigger(name='keeps_what_it_asks', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."addressee" IS DISTINCT FROM (NEW."addressee") OR OLD."text" IS DISTINCT FROM (NEW."text"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b1bd7ae2afbf32d498a766757803f9bf66710433', operation='UPDATE', pgid='pgtrigger_keeps_what_it_asks_5de12', table='measurement_policyask', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyask',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4e814377fc363888dc41bbf791898408ba4ccacf', operation='DELETE', pgid='pgtrigger_never_removed_e289e', table='measurement_policyask', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='requestsigner',
            constraint=models.UniqueConstraint(models.F('request'), models.F('organization'), condition=models.Q(('organization__isnull', False), ('withdrawn_at', None)), name='an_organization_signs_once', violation_error_message='Your organization has signed this already.'),
        ),
        migrations.AddConstraint(
            model_name='requestsigner',
            constraint=models.UniqueConstraint(models.F('request'), models.F('member'), condition=models.Q(('organization', None), ('withdrawn_at', None)), name='a_member_signs_once', violation_error_message='You have signed this already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requestsigner',
            trigger=pgtrigger.compiler.Trigger(name='keeps_who_signed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0f95323ab360fbddd4005b82b100112a3d7535ff', operation='UPDATE', pgid='pgtrigger_keeps_who_signed_06ef9', table='measurement_requestsigner', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requestsigner',
            trigger=pgtrigger.compiler.Trigger(name='withdrawn_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='57410cfdf2997f19ccc4f794e67eb4fd14d34c45', operation='UPDATE', pgid='pgtrigger_withdrawn_stays_69ddb', table='measurement_requestsigner', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requestsigner',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1b6d89e01198de7111b14c87d95fd0fc55b326b6', operation='DELETE', pgid='pgtrigger_never_removed_35ea8', table='measurement_requestsigner', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requeststep',
            trigger=pgtrigger.compiler.Trigger(name='what_was_done_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='076c82d5a6b1b56c678f62429ed1e243773bbd7e', operation='UPDATE OR DELETE', pgid='pgtrigger_what_was_done_stays_bad9f', table='measurement_requeststep', when='BEFORE')),
        ),
    ]
