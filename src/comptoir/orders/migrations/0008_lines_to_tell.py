from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The lines of which the ERP does not know all yet, found without reading all that were ever sold."""

    atomic = False
    dependencies = [("orders", "0007_retention")]

    operations = [
        AddIndexConcurrently(
            "orderline",
            models.Index(
                fields=["id"],
                condition=models.Q(cancelled_quantity__gt=models.F("erp_cancelled_quantity")),
                name="orders_line_to_cancel",
            ),
        ),
        AddIndexConcurrently(
            "orderline",
            models.Index(
                fields=["id"],
                condition=models.Q(
                    ("refunded_amount__gt", models.F("erp_refunded_amount")),
                    ("given_back_amount__gt", models.F("erp_refunded_amount")),
                    _connector="OR",
                ),
                name="orders_line_to_refund",
            ),
        ),
    ]
