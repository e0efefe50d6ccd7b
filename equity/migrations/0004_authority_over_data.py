from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("equity", "0003_seats_and_loosening")]

    operations = []
