"""What a submission writes is found by it, and has one index until it is answered: a claim adds rows by the thousand.

The release before this one reads the items of an offer without an index until it is gone, more slowly; it never
reads their numbers.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import CompositePrimaryKey
from django.db.models.deletion import CASCADE

ONCE = "CREATE UNIQUE INDEX CONCURRENTLY offers_item_once ON offers_submissionitem (submission_id, offer_id)"
# Of submissions that ended without a report: few.
LOST = """
UPDATE offers_submissionitem item SET outcome = 'lost' FROM offers_submission submission
WHERE submission.id = item.submission_id AND submission.state IN ('failed', 'lost') AND item.outcome = ''
"""
KEY = """
-- reviewed: the index is made, nothing is read or written again
ALTER TABLE offers_submissionitem DROP CONSTRAINT offers_submissionitem_pkey,
    ADD CONSTRAINT offers_submissionitem_pkey PRIMARY KEY USING INDEX offers_item_once;
ALTER TABLE offers_submissionitem DROP COLUMN id;
"""
# Django gave them names of their own.
OLD = """
DO $$
DECLARE old record;
BEGIN
    -- reviewed: an instant on a table that has other indexes; CONCURRENTLY needs a name known beforehand
    FOR old IN SELECT index.relname AS name FROM pg_index i JOIN pg_class index ON index.oid = i.indexrelid
        WHERE i.indrelid = 'offers_submissionitem'::regclass AND NOT i.indisprimary
          AND i.indpred IS NULL AND i.indnatts = 1
    LOOP
        EXECUTE format('DROP INDEX %I', old.name);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("offers", "0014_activation")]

    operations = [
        AddIndexConcurrently(
            model_name="submissionitem",
            index=models.Index(
                fields=["offer"], condition=~models.Q(outcome=""), name="offers_item_answered"
            ),
        ),
        migrations.RunSQL(LOST),
        migrations.RunSQL(ONCE),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEY), migrations.RunSQL(OLD)],
            state_operations=[
                migrations.RemoveField("submissionitem", "id"),
                migrations.AlterField(
                    "submissionitem", "submission",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=CASCADE, related_name="lines",
                        to="offers.submission",
                    ),
                ),
                migrations.AlterField(
                    "submissionitem", "offer",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=CASCADE,
                        related_name="submission_items", to="offers.offer",
                    ),
                ),
                migrations.AddField(
                    "submissionitem", "pk",
                    CompositePrimaryKey(
                        "submission_id", "offer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
