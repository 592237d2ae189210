from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(choices=[("contacts", "Contacts"), ("index", "Index")], max_length=10),
                ),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "created_at"], name="core_datakey_current")],
            },
        ),
    ]
