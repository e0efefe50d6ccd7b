import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('measurement', '0022_withheld_later'),
        ('people', '0005_api_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='dataagreement',
            name='agreement_state',
        ),
        migrations.AlterField(
            model_name='dataagreement',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waits for a council'), ('in_force', 'In force'), ('renewed', 'Renewed'), ('ended', 'Ended early')], default='waiting', editable=False, max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataagreement',
            trigger=pgtrigger.compiler.Trigger(name='begins_waiting', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."state" = \'waiting\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='4ed5dc4a1dead9c4047412371dbf64315b3add4a', operation='INSERT', pgid='pgtrigger_begins_waiting_cc1cf', table='measurement_dataagreement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dataagreement',
            trigger=pgtrigger.compiler.Trigger(name='its_councils_agree', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'in_force\' AND NOT (OLD."state" = \'in_force\'))', func="\n    IF EXISTS (SELECT 1 FROM measurement_dataagreement before\n               WHERE before.id = NEW.renews_id AND before.terms = NEW.terms\n                 AND before.initiative_id = NEW.initiative_id) THEN\n        RETURN NEW;\n    END IF;\n    IF EXISTS (\n        WITH RECURSIVE family AS (\n            SELECT a.id AS authority, a.council_id, g.id, d.code\n            FROM equity_dataauthority a\n            JOIN equity_group mine ON mine.id = a.group_id\n            JOIN equity_dimension d ON d.id = mine.dimension_id\n            JOIN equity_dimension same ON same.initiative_id = d.initiative_id\n                 AND same.code = d.code\n            JOIN equity_group g ON g.dimension_id = same.id AND g.code = mine.code\n            WHERE a.initiative_id = NEW.initiative_id AND a.since IS NOT NULL\n              AND a.ended_at IS NULL\n            UNION\n            SELECT family.authority, family.council_id, part.id, family.code\n            FROM family JOIN equity_group part ON part.parent_id = family.id\n        )\n        SELECT 1 FROM family\n        WHERE (EXISTS (SELECT 1 FROM measurement_dataagreement_indicators covers\n                       JOIN measurement_indicator_required_dimensions asked\n                            ON asked.indicator_id = covers.indicator_id\n                       JOIN equity_dimension d ON d.id = asked.dimension_id\n                            AND d.code = family.code\n                       WHERE covers.dataagreement_id = NEW.id)\n               OR EXISTS (SELECT 1 FROM measurement_dataagreement_indicators covers\n                          JOIN measurement_indicatorversion v\n                               ON v.indicator_id = covers.indicator_id\n                          JOIN measurement_observation o ON o.version_id = v.id\n                               AND o.initiative_id = NEW.initiative_id\n                          JOIN measurement_stratumgroup sg ON sg.stratum_id = o.stratum_id\n                               AND sg.group_id = family.id\n                          WHERE covers.dataagreement_id = NEW.id))\n          AND (SELECT 2 * count(*) FILTER (WHERE said.says = 'release') <= (\n                          SELECT count(*) FROM equity_seat seat\n                          WHERE seat.committee_id = family.council_id AND seat.state = 'seated'\n                            AND seat.is_voting AND seat.seat_class <> 'backbone')\n                      OR count(*) FILTER (WHERE said.says = 'withhold') > 0\n               FROM (SELECT DISTINCT ON (word.seat_id) word.says FROM equity_authorityword word\n                     JOIN equity_seat seat ON seat.id = word.seat_id AND seat.state = 'seated'\n                          AND seat.is_voting AND seat.seat_class <> 'backbone'\n                     WHERE word.authority_id = family.authority AND word.record_uid = NEW.uid\n                     ORDER BY word.seat_id, word.id DESC) said)\n    ) THEN\n        RAISE EXCEPTION 'a council whose numbers it shares has not agreed'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='a7c5a50d8a4c43e41975bbbb048fbf5505a2b6a1', operation='UPDATE', pgid='pgtrigger_its_councils_agree_87b2f', table='measurement_dataagreement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='dataagreement',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'in_force', 'renewed', 'ended'])), name='agreement_state'),
        ),
    ]
