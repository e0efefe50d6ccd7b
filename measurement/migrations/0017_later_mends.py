from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0016_joint_protection"),
    ]

    operations = []
