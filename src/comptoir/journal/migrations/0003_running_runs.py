"""What runs now is asked every few seconds: it must not read the whole journal."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journal", "0002_reading_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="run",
            index=models.Index(
                fields=["id"], condition=models.Q(outcome="running"), name="journal_run_running"
            ),
        ),
    ]
