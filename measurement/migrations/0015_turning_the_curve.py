import ciforum.people.clock
import ciforum.people.words
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0014_maps_of_then_and_now"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CurveNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.CharField(choices=[('explains', 'What explains this curve?'), ('partners', 'Which partners have a role in it?'), ('works', 'What works, here or elsewhere?'), ('propose', 'What do we propose to do?')], max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('text', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=4000, verbose_name='answer')),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='curve_notes', to='measurement.indicator')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
            ],
            options={
                'verbose_name': 'answer about a curve',
                'verbose_name_plural': 'answers about a curve',
                'ordering': ['question', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('against', models.CharField(choices=[('goal', 'The universal goal, the same for everyone'), ('mean', 'The average of all groups'), ('best', 'The group whose number is nearest to the aim, if it is reliable'), ('group', 'One group that is named')], max_length=5, verbose_name='compared with')),
                ('reason', ciforum.people.words.WordsField(blank=True, default=ciforum.people.words.Words, long=True, max_length=1000, verbose_name='why')),
                ('at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='equity.group', verbose_name='group')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='measurement.indicator')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
            ],
            options={
                'verbose_name': 'comparison',
                'verbose_name_plural': 'comparisons',
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('against', 'group'), ('group__isnull', False)), models.Q(('against__in', ['goal', 'mean', 'best']), ('group', None)), _connector='OR'), name='comparison_names_a_group_or_none'), models.CheckConstraint(condition=models.Q(('against', 'goal'), models.Q(('reason', {}), _negated=True), _connector='OR'), name='comparison_says_why')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comparison',
            trigger=pgtrigger.compiler.Trigger(name='every_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='66f2b3b76ee76179f89a2a071359cbcde05b89c1', operation='UPDATE OR DELETE', pgid='pgtrigger_every_version_stays_ae62e', table='measurement_comparison', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='curvenote',
            constraint=models.UniqueConstraint(models.F('indicator'), models.F('question'), models.F('number'), name='one_curve_note_per_number'),
        ),
        migrations.AddConstraint(
            model_name='curvenote',
            constraint=models.CheckConstraint(condition=models.Q(('question__in', ['explains', 'partners', 'works', 'propose'])), name='curve_question_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='curvenote',
            trigger=pgtrigger.compiler.Trigger(name='every_version_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93bc83bef2ff061c32299bbfe386f3afae2541c0', operation='UPDATE OR DELETE', pgid='pgtrigger_every_version_stays_6dc92', table='measurement_curvenote', when='BEFORE')),
        ),
    ]
