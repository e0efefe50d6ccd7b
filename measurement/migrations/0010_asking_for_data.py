from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("equity", "0005_protection_presets"),
        ("measurement", "0009_ways_to_hand_in"),
    ]

    operations = []
