from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0015_turning_the_curve"),
    ]

    operations = []
