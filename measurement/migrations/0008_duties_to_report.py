from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0007_crosswalks"),
    ]

    operations = []
