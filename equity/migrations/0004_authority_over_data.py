import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


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
    ]
