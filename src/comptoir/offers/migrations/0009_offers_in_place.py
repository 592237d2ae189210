"""An offer is written again where it stands: no index mentions what claims, reports and sales change, and
its page keeps room for the next version. Old code finds what differs without these indexes too, more slowly."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

QUANTITY = """
CREATE INDEX CONCURRENTLY offers_quantity_differs ON offers_offer (channel_id, id)
WHERE state <> 'new' AND desired_quantity IS DISTINCT FROM sent_quantity
"""
PRICE = """
CREATE INDEX CONCURRENTLY offers_price_differs ON offers_offer (channel_id, id)
WHERE state <> 'new' AND desired_price IS NOT NULL AND desired_price IS DISTINCT FROM sent_price
"""
ROOM = "ALTER TABLE offers_offer SET (fillfactor = 85)"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("offers", "0008_fill_waiting")]

    operations = [
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                fields=["product"], condition=models.Q(in_escrow=True), name="offers_last_units"
            ),
        ),
        RemoveIndexConcurrently(model_name="offer", name="offers_offer_in_escrow"),
        RemoveIndexConcurrently(model_name="offer", name="offers_quantity_in_submission"),
        RemoveIndexConcurrently(model_name="offer", name="offers_price_in_submission"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS offers_quantity_differs", QUANTITY),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS offers_price_differs", PRICE),
        migrations.RunSQL(ROOM, "ALTER TABLE offers_offer RESET (fillfactor)"),
    ]
