"""The table was made by the API's first migration: nothing moves but the model."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_keys_invitations_channels"), ("api", "0001_kept_answers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="KeptAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("fingerprint", models.BinaryField()),
                        ("status", models.IntegerField(null=True)),
                        ("content_type", models.CharField(blank=True, max_length=80)),
                        ("body", models.BinaryField(default=b"")),
                        ("at", models.DateTimeField(db_index=True)),
                        (
                            "key",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="accounts.apikey",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "api_keptanswer",
                        "constraints": [
                            models.UniqueConstraint(fields=["key", "name"], name="api_answer_once")
                        ],
                    },
                )
            ]
        )
    ]
