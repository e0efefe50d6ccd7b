from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0008_duties_to_report"),
    ]

    operations = []
