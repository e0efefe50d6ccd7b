from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0005_samples_and_public_tables"),
    ]

    operations = []
