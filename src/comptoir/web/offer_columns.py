"""The columns of the export of offers: the first six are those that « Offers from a file » reads."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext

from comptoir.offers.models import Offer
from comptoir.web.csv_export import Column
from comptoir.web.formats import in_cents


def offer_columns() -> list[Column[Offer]]:
    return [
        ("SKU", lambda o: o.sku),
        (gettext("Channel"), lambda o: o.channel.key),
        (gettext("Price"), lambda o: _cents(o.desired_price)),
        (gettext("Floor price"), lambda o: _cents(o.floor_price)),
        (gettext("State"), lambda o: o.get_state_display()),
        (gettext("Days to prepare"), lambda o: o.lead_time_days),
        (gettext("Title"), lambda o: o.product.title if o.product else ""),
        (gettext("Quantity wanted"), lambda o: o.desired_quantity),
        (gettext("Quantity sent"), lambda o: o.sent_quantity),
        (gettext("Quantity confirmed"), lambda o: o.confirmed_quantity),
        (gettext("Price sent"), lambda o: _cents(o.sent_price)),
        (gettext("Price confirmed"), lambda o: _cents(o.confirmed_price)),
        (gettext("Error"), lambda o: o.price_error or o.quantity_error),
    ]


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else in_cents(amount)
