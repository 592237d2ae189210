"""The table stays where it is: the model alone moves down to where the flows may see it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("api", "0001_kept_answers"), ("accounts", "0003_kept_answers")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("KeptAnswer")])
    ]
