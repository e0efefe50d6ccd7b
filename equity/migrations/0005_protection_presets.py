from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("equity", "0004_authority_over_data")]

    operations = []
