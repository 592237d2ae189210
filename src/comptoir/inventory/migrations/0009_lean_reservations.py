"""A reservation is its line, article and place, and a change is found by its article and instant: one index less is
written for each of them.

The release before this one reads and writes as it did: both keep their `id`, told by its sequence.
"""

from django.db import migrations, models
from django.db.models import CompositePrimaryKey

KEPT_ONCE = """
CREATE UNIQUE INDEX CONCURRENTLY inventory_reservation_key
    ON inventory_reservation (order_line_id, product_id, warehouse_id)
"""
RESERVATION_KEY = """
-- reviewed: the index is made, nothing is read or written again
ALTER TABLE inventory_reservation DROP CONSTRAINT inventory_reservation_pkey,
    DROP CONSTRAINT inventory_reservation_once,
    ADD CONSTRAINT inventory_reservation_pkey PRIMARY KEY USING INDEX inventory_reservation_key;
"""
ONCE = "CREATE UNIQUE INDEX CONCURRENTLY inventory_keptchange_once ON inventory_reservationchange (product_id, at, id)"
CHANGE_KEY = """
-- reviewed: the index is made, nothing is read or written again
ALTER TABLE inventory_reservationchange DROP CONSTRAINT inventory_reservationchange_pkey,
    ADD CONSTRAINT inventory_reservationchange_pkey PRIMARY KEY USING INDEX inventory_keptchange_once;
"""
# A stock row is written again at each sale and each count. With room in its page no index learns of it.
ROOM = "ALTER TABLE inventory_stock SET (fillfactor = 70)"
OLD = "DROP INDEX CONCURRENTLY IF EXISTS inventory_keptchange_product"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0008_calendars")]

    operations = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT_ONCE),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RESERVATION_KEY)],
            state_operations=[
                migrations.RemoveConstraint("reservation", "inventory_reservation_once"),
                migrations.RemoveField("reservation", "id"),
                migrations.AddField(
                    "reservation", "pk",
                    CompositePrimaryKey(
                        "order_line", "product", "warehouse", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(ONCE),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CHANGE_KEY), migrations.RunSQL(OLD)],
            state_operations=[
                migrations.AlterField("reservationchange", "id", models.BigIntegerField(editable=False)),
                migrations.RemoveIndex("reservationchange", "inventory_keptchange_product"),
                migrations.AddField(
                    "reservationchange", "pk",
                    CompositePrimaryKey(
                        "product", "at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
