"""Files of rules of quantity. Choices are the code's, not the table's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0002_table_files")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="tablefile",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("stock", "Stock counts"),
                            ("products", "Products"),
                            ("rules", "Rules of quantity"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
    ]
