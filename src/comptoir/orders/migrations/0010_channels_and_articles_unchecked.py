"""The channel of an order and the article of a line are looked up by who writes them, and not checked one by one
again: docs/adr/0012-lean-writes.md."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

# Django gave them names of its own.
DROP = """
DO $$
DECLARE held record;
BEGIN
    -- reviewed: an instant, nothing is read
    FOR held IN SELECT conname AS name, conrelid::regclass AS of FROM pg_constraint
        WHERE contype = 'f' AND (conrelid, confrelid) IN (('orders_order'::regclass, 'channels_channel'::regclass),
                                                          ('orders_orderline'::regclass, 'catalog_product'::regclass))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', held.of, held.name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_lean_lines")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROP)],
            state_operations=[
                migrations.AlterField(
                    "order", "channel",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=PROTECT, related_name="orders",
                        to="channels.channel",
                    ),
                ),
                migrations.AlterField(
                    "orderline", "product",
                    models.ForeignKey(
                        db_constraint=False, null=True, on_delete=PROTECT, related_name="order_lines",
                        to="catalog.product",
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
