"""An order is found by its own number first and its channel then: by the number alone too, and by no index that has all
orders of the channel, which a plan made for an empty table takes as readily."""

from django.db import migrations, models

# Of an earlier try that was cut short: PostgreSQL leaves an index that is not valid.
HALF_MADE = "DROP INDEX CONCURRENTLY IF EXISTS orders_order_external_key"
BY_NUMBER = (
    "CREATE UNIQUE INDEX CONCURRENTLY orders_order_external_key ON orders_order (external_id, channel_id)"
)
ONCE = """
-- reviewed: the index is made, nothing is read or written again
ALTER TABLE orders_order DROP CONSTRAINT orders_order_external_once,
    ADD CONSTRAINT orders_order_external_once UNIQUE USING INDEX orders_order_external_key;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0010_channels_and_articles_unchecked")]

    operations = [
        migrations.RunSQL(HALF_MADE),
        migrations.RunSQL(BY_NUMBER),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONCE)],
            state_operations=[
                migrations.RemoveConstraint("order", "orders_order_external_once"),
                migrations.AddConstraint(
                    "order",
                    models.UniqueConstraint(
                        fields=["external_id", "channel"], name="orders_order_external_once"
                    ),
                ),
            ],
        ),
    ]
