from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0004_targets_of_goals"),
    ]

    operations = []
