"""Reservations without checks of their references by the database: docs/adr/0012-lean-writes.md."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT

# Django gave them names of their own.
DROP = """
DO $$
DECLARE held record;
BEGIN
    -- reviewed: an instant, nothing is read
    FOR held IN SELECT conname AS name FROM pg_constraint
        WHERE conrelid = 'inventory_reservation'::regclass AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE inventory_reservation DROP CONSTRAINT %I', held.name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_transfers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    "reservation", "order_line",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=CASCADE, related_name="reservations",
                        to="orders.orderline",
                    ),
                ),
                migrations.AlterField(
                    "reservation", "product",
                    models.ForeignKey(db_constraint=False, on_delete=CASCADE, to="catalog.product"),
                ),
                migrations.AlterField(
                    "reservation", "warehouse",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=PROTECT, to="inventory.warehouse"
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
