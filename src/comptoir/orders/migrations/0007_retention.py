import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0005_kill_switch"), ("orders", "0006_sealed_contacts")]

    operations = [
        migrations.CreateModel(
            name="Retention",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="retention",
                        serialize=False,
                        to="channels.channel",
                    ),
                ),
                ("kept_days", models.PositiveIntegerField()),
            ],
        ),
    ]
