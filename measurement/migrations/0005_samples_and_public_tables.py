import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Runs as the tables' owner, whoever calls it; it takes an id and reads nothing but releases.
REFRESH = """
CREATE OR REPLACE FUNCTION measurement_refresh_public_tables(wanted bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM measurement_publictable WHERE indicator_id = wanted;
    INSERT INTO measurement_publictable
        (initiative_id, indicator_id, place_id, kind, periods, cells)
    SELECT pointer.initiative_id, wanted, c.place_id, pointer.kind,
           count(DISTINCT pointer.period_id),
           jsonb_agg(
               jsonb_build_array(
                   pointer.period_id, pointer.version_id, pointer.release_id, c.stratum_id,
                   c.numerator, c.denominator, c.denominator_is_derived, c.is_protected,
                   c.missing, c.sample_size, c.weight::text, c.grade)
               ORDER BY pointer."end", pointer.start, c.stratum_id)
    FROM (
        SELECT DISTINCT ON (p.period_id)
               p.initiative_id, p.period_id, p.version_id, p.release_id,
               period.kind, period.start, period."end"
        FROM measurement_published p
        JOIN measurement_indicatorversion v ON v.id = p.version_id
        JOIN people_period period ON period.id = p.period_id
        WHERE v.indicator_id = wanted
        ORDER BY p.period_id, v.number DESC
    ) pointer
    JOIN measurement_releasecell c
         ON c.initiative_id = pointer.initiative_id
        AND c.release_id = pointer.release_id AND c.period_id = pointer.period_id
    GROUP BY pointer.initiative_id, c.place_id, pointer.kind;
$$;
"""

# What is public already gets its tables.
FILL = """
SELECT measurement_refresh_public_tables(indicator_id)
FROM (SELECT DISTINCT v.indicator_id FROM measurement_published p
      JOIN measurement_indicatorversion v ON v.id = p.version_id) published
"""


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0004_targets_of_goals"),
        ("people", "0004_chain_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('year', 'Year'), ('school_year', 'School year'), ('fiscal_year', 'Fiscal year'), ('years', 'Several years'), ('quarter', 'Quarter'), ('month', 'Month'), ('day', 'Day')], max_length=12)),
                ('periods', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='observation',
            name='never_overwritten',
        ),
        migrations.AddField(
            model_name='observation',
            name='grade',
            field=models.CharField(choices=[('administrative', 'full count from records'), ('survey', 'survey of a random sample'), ('sample', 'count of some, not chosen at random'), ('estimate', 'estimate from a model or from other numbers'), ('self_reported', 'told by those concerned'), ('unknown', 'not known how it was made')], default='unknown', max_length=16),
        ),
        migrations.AddField(
            model_name='observation',
            name='sample_size',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='observation',
            name='weight',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='releasecell',
            name='grade',
            field=models.CharField(choices=[('administrative', 'full count from records'), ('survey', 'survey of a random sample'), ('sample', 'count of some, not chosen at random'), ('estimate', 'estimate from a model or from other numbers'), ('self_reported', 'told by those concerned'), ('unknown', 'not known how it was made')], default='unknown', max_length=16),
        ),
        migrations.AddField(
            model_name='releasecell',
            name='sample_size',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='releasecell',
            name='weight',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='submissionrow',
            name='grade',
            field=models.CharField(choices=[('administrative', 'full count from records'), ('survey', 'survey of a random sample'), ('sample', 'count of some, not chosen at random'), ('estimate', 'estimate from a model or from other numbers'), ('self_reported', 'told by those concerned'), ('unknown', 'not known how it was made')], default='unknown', max_length=16),
        ),
        migrations.AddField(
            model_name='submissionrow',
            name='sample_size',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='submissionrow',
            name='weight',
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='observation',
            trigger=pgtrigger.compiler.Trigger(name='never_overwritten', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."period_id" IS DISTINCT FROM (NEW."period_id") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."stratum_id" IS DISTINCT FROM (NEW."stratum_id") OR OLD."numerator" IS DISTINCT FROM (NEW."numerator") OR OLD."denominator" IS DISTINCT FROM (NEW."denominator") OR OLD."denominator_is_derived" IS DISTINCT FROM (NEW."denominator_is_derived") OR OLD."missing" IS DISTINCT FROM (NEW."missing") OR OLD."sample_size" IS DISTINCT FROM (NEW."sample_size") OR OLD."weight" IS DISTINCT FROM (NEW."weight") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."approved_at" IS DISTINCT FROM (NEW."approved_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='68aecf67672ffe7e5af7204dbbb0b5eff7a0f8ad', operation='UPDATE', pgid='pgtrigger_never_overwritten_0d27d', table='measurement_observation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='releasecell',
            constraint=models.CheckConstraint(condition=models.Q(('is_protected', False), models.Q(('sample_size', None), ('weight', None)), _connector='OR'), name='protected_cells_hold_no_sample'),
        ),
        migrations.AddField(
            model_name='publictable',
            name='indicator',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='public_tables', to='measurement.indicator'),
        ),
        migrations.AddField(
            model_name='publictable',
            name='initiative',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative'),
        ),
        migrations.AddField(
            model_name='publictable',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.place'),
        ),
        migrations.AddConstraint(
            model_name='publictable',
            constraint=models.UniqueConstraint(models.F('indicator'), models.F('place'), models.F('kind'), name='one_public_table_per_place_and_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publictable',
            trigger=pgtrigger.compiler.Trigger(name='written_by_the_database_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF current_user <> (SELECT tableowner FROM pg_tables\n                                        WHERE schemaname = TG_TABLE_SCHEMA\n                                          AND tablename = TG_TABLE_NAME) THEN\n                        RAISE EXCEPTION 'public tables are made from releases only'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ", hash='4816eec6644fbad964c835206a1ae7268e22311c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_written_by_the_database_only_5fdf6', table='measurement_publictable', when='BEFORE')),
        ),
        migrations.RunSQL(REFRESH, "DROP FUNCTION measurement_refresh_public_tables(bigint)"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
