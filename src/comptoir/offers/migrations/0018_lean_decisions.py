"""A decision is found by its offer and its instant alone: one index less is written for each.

The release before this one reads and writes as it did: `id` stays, told by its sequence.
"""

from django.db import migrations, models
from django.db.models import CompositePrimaryKey

ONCE = "CREATE UNIQUE INDEX CONCURRENTLY offers_decision_once ON offers_decision (offer_id, at, id)"
KEY = """
-- reviewed: the index is made, nothing is read or written again
ALTER TABLE offers_decision DROP CONSTRAINT offers_decision_pkey,
    ADD CONSTRAINT offers_decision_pkey PRIMARY KEY USING INDEX offers_decision_once;
"""
OLD = "DROP INDEX CONCURRENTLY IF EXISTS offers_decision_offer"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("offers", "0017_import_progress")]

    operations = [
        migrations.RunSQL(ONCE),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEY), migrations.RunSQL(OLD)],
            state_operations=[
                migrations.AlterField("decision", "id", models.BigIntegerField(editable=False)),
                migrations.RemoveIndex("decision", "offers_decision_offer"),
                migrations.AddField(
                    "decision", "pk",
                    CompositePrimaryKey(
                        "offer_id", "at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
