"""What waits already. The rows are locked meanwhile, some thousands of a million: whoever sends one of them
now does so before or after, and the triggers of `0007` see it."""

from django.db import migrations

FILL = """
INSERT INTO offers_waiting (channel_id, kind, offer_id)
SELECT channel_id, 'quantity', id FROM (
    SELECT channel_id, id FROM offers_offer o
    WHERE o.state <> 'new' AND o.network = 'seller' AND o.quantity_submission_id IS NULL
      AND o.desired_quantity IS DISTINCT FROM o.sent_quantity ORDER BY id FOR NO KEY UPDATE) quantity
ON CONFLICT DO NOTHING;
INSERT INTO offers_waiting (channel_id, kind, offer_id)
SELECT channel_id, 'price', id FROM (
    SELECT channel_id, id FROM offers_offer o
    WHERE o.state <> 'new' AND o.price_submission_id IS NULL AND o.desired_price IS NOT NULL
      AND o.desired_price IS DISTINCT FROM o.sent_price ORDER BY id FOR NO KEY UPDATE) price
ON CONFLICT DO NOTHING;
INSERT INTO offers_waiting (channel_id, kind, offer_id)
SELECT channel_id, 'reading', id FROM (
    SELECT o.channel_id, o.id FROM offers_offer o JOIN channels_channel channel ON channel.id = o.channel_id
    WHERE o.in_escrow AND o.exposed_at >= coalesce(channel.orders_read_at, '-infinity'::timestamptz)
    ORDER BY o.id FOR NO KEY UPDATE OF o) reading
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0007_waiting")]

    operations = [migrations.RunSQL(FILL, "TRUNCATE offers_waiting")]
