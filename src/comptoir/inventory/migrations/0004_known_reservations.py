from django.db import migrations


class Migration(migrations.Migration):
    """What is kept now begins the history of what was kept: since the order was placed, as far as we know."""

    dependencies = [("inventory", "0003_quantity_rules")]

    operations = [
        migrations.RunSQL(
            """-- reviewed: reads the open reservations once, a few for each open order, and holds none of them.
            INSERT INTO inventory_reservationchange (order_line_id, product_id, warehouse_id, units, at)
            SELECT r.order_line_id, r.product_id, r.warehouse_id, r.quantity, o.placed_at
            FROM inventory_reservation r JOIN orders_orderline line ON line.id = r.order_line_id
            JOIN orders_order o ON o.id = line.order_id""",
            migrations.RunSQL.noop,
        )
    ]
