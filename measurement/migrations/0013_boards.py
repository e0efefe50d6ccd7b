from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0012_systems_shifts"),
    ]

    operations = []
