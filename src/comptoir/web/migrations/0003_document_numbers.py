"""Indexes for whoever looks for an order by the number of one of the ERP's documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

# Only orders that the ERP has: taking orders in costs nothing more.
INDEXES = {
    "web_order_erp_document": "orders_order (erp_document varchar_pattern_ops) WHERE erp_document <> ''",
    "web_erp_document_number": "finance_erpdocument (number varchar_pattern_ops)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [
        ("web", "0002_alert_choice"),
        ("orders", "0001_initial"),
        ("finance", "0002_erp_papers"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            [f"DROP INDEX CONCURRENTLY IF EXISTS {name}", f"CREATE INDEX CONCURRENTLY {name} ON {columns}"],
            [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"],
        )
        for name, columns in INDEXES.items()
    ]
