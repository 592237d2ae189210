"""Buyers' data is sealed: new columns beside the plain ones, which `orders.sealing` empties in small steps.

The plain columns stay for this release, so that the one before it goes on writing while this one starts.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

PLAIN = ("name", "email", "phone")
NAMES = {"buyer_name": "plain_name", "buyer_email": "plain_email", "buyer_phone": "plain_phone",
         "shipping_address": "plain_shipping", "billing_address": "plain_billing"}  # fmt: skip
WORDS = """
CREATE INDEX CONCURRENTLY orders_contact_plain_words ON orders_ordercontact
USING gin (to_tsvector('simple'::regconfig, orders_fold(buyer_name::text))) WHERE buyer_name <> ''
"""
OLD_WORDS = """
CREATE INDEX CONCURRENTLY orders_contact_words ON orders_ordercontact
USING gin (to_tsvector('simple'::regconfig, orders_fold(buyer_name::text)))
"""


def _text(name: str, length: int) -> models.Field:
    return models.CharField(max_length=length, db_column=f"buyer_{name}", default="", db_default="")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0005_refunds")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # The columns keep their names; that the database fills in blanks is a change of the catalogue alone.
            database_operations=[
                migrations.RunSQL(
                    [
                        f"ALTER TABLE orders_ordercontact ALTER COLUMN buyer_{name} SET DEFAULT ''"
                        for name in PLAIN
                    ],
                    [
                        f"ALTER TABLE orders_ordercontact ALTER COLUMN buyer_{name} DROP DEFAULT"
                        for name in PLAIN
                    ],
                )
            ],
            state_operations=[
                *(migrations.RenameField("ordercontact", old, new) for old, new in NAMES.items()),
                migrations.AlterField("ordercontact", "plain_name", _text("name", 200)),
                migrations.AlterField("ordercontact", "plain_email", _text("email", 200)),
                migrations.AlterField("ordercontact", "plain_phone", _text("phone", 60)),
                migrations.AlterField(
                    "ordercontact",
                    "plain_shipping",
                    models.JSONField(null=True, db_column="shipping_address"),
                ),
                migrations.AlterField(
                    "ordercontact", "plain_billing", models.JSONField(null=True, db_column="billing_address")
                ),
            ],
        ),
        migrations.AddField("ordercontact", "sealed", models.BinaryField(null=True)),
        migrations.AddField(
            "ordercontact",
            "words",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
        ),
        migrations.AddField("ordercontact", "ships", models.BooleanField(null=True)),
        AddIndexConcurrently(
            "ordercontact",
            django.contrib.postgres.indexes.GinIndex(fields=["words"], name="orders_contact_hashes"),
        ),
        AddIndexConcurrently(
            "ordercontact",
            models.Index(
                condition=models.Q(
                    ("purged_at", None),
                    models.Q(
                        ("sealed", None),
                        models.Q(("plain_name", ""), _negated=True),
                        models.Q(("plain_email", ""), _negated=True),
                        models.Q(("plain_phone", ""), _negated=True),
                        ("plain_shipping__isnull", False),
                        ("plain_billing__isnull", False),
                        _connector="OR",
                    ),
                ),
                fields=["order"],
                name="orders_contact_plain",
            ),
        ),
        migrations.RunSQL(WORDS, "DROP INDEX CONCURRENTLY orders_contact_plain_words"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY orders_contact_words", OLD_WORDS),
    ]
