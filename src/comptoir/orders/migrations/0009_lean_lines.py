"""Lines are written with their order, and not checked one by one to have it: docs/adr/0012-lean-writes.md."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

# Django gave it a name of its own.
DROP = """
DO $$
DECLARE held record;
BEGIN
    -- reviewed: an instant, nothing is read
    FOR held IN SELECT conname AS name FROM pg_constraint
        WHERE conrelid = 'orders_orderline'::regclass AND confrelid = 'orders_order'::regclass AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE orders_orderline DROP CONSTRAINT %I', held.name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_lines_to_tell")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    "orderline", "order",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=CASCADE, related_name="lines",
                        to="orders.order",
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
