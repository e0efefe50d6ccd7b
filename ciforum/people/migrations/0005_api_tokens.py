import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ciforum.people.clock


class Migration(migrations.Migration):
    dependencies = [("people", "0004_chain_parts")]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(help_text="E.g. “County's Power BI report”.", max_length=100, verbose_name='what it is for')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('measures', 'Indicators and released numbers'), ('shifts', 'Systems shifts'), ('requests', 'Data that was asked for')], max_length=10), size=None, verbose_name='opens')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('start', models.CharField(editable=False, max_length=16)),
                ('made_at', models.DateTimeField(default=ciforum.people.clock.now)),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('last_used', models.DateField(blank=True, editable=False, null=True)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.initiative')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__len__gt', 0), ('scopes__contained_by', ['measures', 'shifts', 'requests'])), name='token_has_known_scopes'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='token_ends_after_it_begins')],
            },
        ),
    ]
