from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0011_data_walks"),
    ]

    operations = []
