from django.db import migrations

# The feed asks « what ended since »; made beside running writers, since these tables are big.
INDEXES = {
    "events_run_ended": "journal_run (ended_at) WHERE ended_at IS NOT NULL",
    "events_issue_closed": "journal_issue (closed_at) WHERE closed_at IS NOT NULL",
    "events_shipment_confirmed": "shipping_shipment (confirmed_at) WHERE confirmed_at IS NOT NULL",
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("events", "0001_feed_and_webhooks"),
        ("journal", "0005_append_only_audit"),
        ("shipping", "0003_reading_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on}",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        )
        for name, on in INDEXES.items()
    ]
