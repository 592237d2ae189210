"""The partial indexes that find what is to be published: some thousands of rows among a million."""

from django.db import migrations

QUANTITY = """
CREATE INDEX offers_quantity_differs ON offers_offer (channel_id, id)
WHERE state <> 'new' AND desired_quantity IS DISTINCT FROM sent_quantity
"""
PRICE = """
CREATE INDEX offers_price_differs ON offers_offer (channel_id, id)
WHERE state <> 'new' AND desired_price IS NOT NULL AND desired_price IS DISTINCT FROM sent_price
"""
NEW = "CREATE INDEX offers_to_create ON offers_offer (channel_id, id) WHERE state = 'new'"


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]

    operations = [
        migrations.RunSQL(QUANTITY, "DROP INDEX offers_quantity_differs"),
        migrations.RunSQL(PRICE, "DROP INDEX offers_price_differs"),
        migrations.RunSQL(NEW, "DROP INDEX offers_to_create"),
    ]
