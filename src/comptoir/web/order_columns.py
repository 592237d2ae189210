"""The columns of the export of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from comptoir.offers.own_deadlines import own_deadlines
from comptoir.orders.models import Order
from comptoir.sdk.money import to_cents
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.csv_export import Column


class OwnDeadlines:
    """Of the rows that are being written: where a channel names no date, our own preparation time says when."""

    def __init__(self) -> None:
        self.of: dict[int, datetime] = {}

    def before(self, rows: Sequence[Order]) -> None:
        self.of = own_deadlines(rows)


def order_columns(own: OwnDeadlines, *, buyers: bool) -> list[Column[Order]]:
    columns: list[Column[Order]] = [
        (gettext("Reference"), lambda o: o.reference),
        (gettext("Channel"), lambda o: o.channel.name),
        (gettext("Channel's identifier"), lambda o: o.external_id),
        (gettext("Number"), lambda o: o.number),
        (gettext("Placed on"), lambda o: o.placed_at),
        (gettext("Status"), lambda o: gettext(OrderStatus(o.status).label)),
        (gettext("Articles"), lambda o: ", ".join(f"{line.quantity} × {line.sku}" for line in o.lines.all())),
        (gettext("Total"), lambda o: to_cents(o.total_amount)),
        (gettext("Currency"), lambda o: o.currency),
        (gettext("Ship by"), lambda o: o.ship_by),
        (gettext("Ship by, by our preparation time"), lambda o: own.of.get(o.pk)),
        (gettext("ERP"), lambda o: o.get_erp_state_display()),
        (gettext("ERP document"), lambda o: o.erp_document),
    ]
    return [*columns, (gettext("Buyer"), _buyer)] if buyers else columns


def _buyer(order: Order) -> str:
    return order.contact.buyer_name if hasattr(order, "contact") else ""
