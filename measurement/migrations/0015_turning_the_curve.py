from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0014_maps_of_then_and_now"),
    ]

    operations = []
