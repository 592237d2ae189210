"""What waits to be published moves to a narrow table of its own, kept by the statement that writes the offer.

`0008` fills it from what is there, `0009` drops the partial indexes that it replaces.
"""

import django.db.models.deletion
from django.db import migrations, models

# The same three conditions as `offers.differences`, which holds the tables to them; a test compares the two.
NOTE = """
CREATE FUNCTION offers_note_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO offers_waiting (channel_id, kind, offer_id)
    SELECT channel_id, 'quantity', id FROM changed o
    WHERE o.state <> 'new' AND o.network = 'seller' AND o.quantity_submission_id IS NULL
      AND o.desired_quantity IS DISTINCT FROM o.sent_quantity
    UNION ALL
    SELECT channel_id, 'price', id FROM changed o
    WHERE o.state <> 'new' AND o.price_submission_id IS NULL AND o.desired_price IS NOT NULL
      AND o.desired_price IS DISTINCT FROM o.sent_price
    UNION ALL
    SELECT o.channel_id, 'reading', o.id FROM changed o JOIN channels_channel channel ON channel.id = o.channel_id
    WHERE o.in_escrow AND o.exposed_at >= coalesce(channel.orders_read_at, '-infinity'::timestamptz)
    ON CONFLICT DO NOTHING;
    IF TG_OP = 'UPDATE' THEN
        -- Not joined: this plan is made once in a session, when little waits, and kept when much does. A join
        -- would then read all that waits for each offer.
        DELETE FROM offers_waiting w
        WHERE w.channel_id = ANY(ARRAY(SELECT DISTINCT channel_id FROM changed)) AND w.kind = 'quantity'
          AND w.offer_id = ANY(ARRAY(
              SELECT o.id FROM changed o
              WHERE NOT (o.state <> 'new' AND o.network = 'seller' AND o.quantity_submission_id IS NULL
                         AND o.desired_quantity IS DISTINCT FROM o.sent_quantity)));
        DELETE FROM offers_waiting w
        WHERE w.channel_id = ANY(ARRAY(SELECT DISTINCT channel_id FROM changed)) AND w.kind = 'price'
          AND w.offer_id = ANY(ARRAY(
              SELECT o.id FROM changed o
              WHERE NOT (o.state <> 'new' AND o.price_submission_id IS NULL AND o.desired_price IS NOT NULL
                         AND o.desired_price IS DISTINCT FROM o.sent_price)));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION offers_drop_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM offers_waiting w WHERE w.channel_id = ANY(ARRAY(SELECT DISTINCT channel_id FROM gone))
        AND w.kind = ANY(ARRAY['quantity', 'price', 'reading']) AND w.offer_id = ANY(ARRAY(SELECT id FROM gone));
    RETURN NULL;
END $$;
CREATE TRIGGER offers_waiting_made AFTER INSERT ON offers_offer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION offers_note_waiting();
CREATE TRIGGER offers_waiting_changed AFTER UPDATE ON offers_offer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION offers_note_waiting();
CREATE TRIGGER offers_waiting_gone AFTER DELETE ON offers_offer REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION offers_drop_waiting();
ALTER TABLE offers_waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
"""
FORGET = """
DROP TRIGGER offers_waiting_gone ON offers_offer;
DROP TRIGGER offers_waiting_changed ON offers_offer;
DROP TRIGGER offers_waiting_made ON offers_offer;
DROP FUNCTION offers_drop_waiting();
DROP FUNCTION offers_note_waiting();
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_escrow"), ("offers", "0006_price_guards")]

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "channel_id",
                        "kind",
                        "offer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("quantity", "Quantity"), ("price", "Price"), ("reading", "Reading")],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="offers.offer",
                    ),
                ),
            ],
        ),
        migrations.RunSQL("-- reviewed: triggers alone, on a lock of an instant" + NOTE, FORGET),
    ]
