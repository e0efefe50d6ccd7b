from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0010_asking_for_data"),
    ]

    operations = []
