"""What a picking list and a packing slip say: the units of each order that are still to leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from comptoir.catalog.models import Barcode, KitComponent
from comptoir.core import clock
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.statuses import OrderStatus
from comptoir.web.company import read_company
from comptoir.web.forms.orders import units_left
from comptoir.web.models import Company
from comptoir.web.order_actions import SHIPPABLE

_ADDRESS = ("name", "company", "street_1", "street_2")


def picking_list(orders: Sequence[Order]) -> dict[str, Any]:
    """The articles of all orders, each with who wants it. Kits are opened: their components are on the shelf."""
    ready = [order for order in orders if not why_not_pickable(order)]
    wanted = [(order, line) for order in ready for line in to_leave(order)]
    articles: dict[tuple[str, str], dict[str, Any]] = {}
    for order, line in wanted:
        for sku, title, units, kit in _on_the_shelf(line):
            one = articles.setdefault((sku, kit), _article(sku, title, kit))
            one["units"] += units
            one["orders"].append({"reference": order.reference, "units": units})
    barcodes = dict(Barcode.objects.filter(product__sku__in=[sku for sku, _ in articles]).order_by("-id")
                    .values_list("product__sku", "code"))  # fmt: skip
    rows = [{**one, "barcode": barcodes.get(sku, "")} for (sku, _), one in sorted(articles.items())]
    return _sheet(gettext("Picking list")) | {
        "articles": rows,
        "summary": _summary(len(ready), sum(row["units"] for row in rows)),
        "left_out": [{"reference": o.reference, "why": why} for o in orders if (why := why_not_pickable(o))],
        "texts": {"units": gettext("Units"), "article": gettext("Article"), "orders": gettext("Orders"),
                  "left_out": gettext("Not on this list:")},
    }  # fmt: skip


def packing_slips(orders: Sequence[Order]) -> dict[str, Any]:
    """A page for each order with units to leave, else with what it is made of (a slip printed again)."""
    company = read_company()
    return _sheet(gettext("Packing slip")) | {
        "orders": [_slip(order) for order in orders],
        "seller": _seller(company),
        "legal": company.legal,
        "texts": {"units": gettext("Units"), "article": gettext("Article"), "later": gettext("Left before"),
                  "order": gettext("Order"), "ships_to": gettext("Ships to"),
                  "thanks": company.thanks or gettext("Thank you for your order."),
                  "nothing": gettext("Nothing to print.")},
    }  # fmt: skip


def to_leave(order: Order) -> list[OrderLine]:
    return [line for line in order.lines.all() if line.fulfilled_by == "seller" and units_left(line)]


def why_not_pickable(order: Order) -> str:
    """ "" when its units may leave now."""
    if order.held:
        return gettext("on hold: %(why)s") % {"why": order.held}
    if OrderStatus(order.status) not in SHIPPABLE:
        return gettext(OrderStatus(order.status).label)
    return "" if to_leave(order) else gettext("nothing is left to ship")


def _on_the_shelf(line: OrderLine) -> list[tuple[str, str, int, str]]:
    """(SKU, title, units, kit that it is part of)."""
    units = units_left(line)
    parts: list[KitComponent] = list(line.product.components.all()) if line.product else []
    if not parts:
        return [(line.sku, line.title, units, "")]
    of = gettext("part of %(sku)s") % {"sku": line.sku}
    return [(p.component.sku, p.component.title, units * p.quantity, of) for p in parts]


def _article(sku: str, title: str, kit: str) -> dict[str, Any]:
    return {"sku": sku, "title": title, "of": kit, "units": 0, "orders": []}


def _slip(order: Order) -> dict[str, Any]:
    left = to_leave(order)
    return {
        "reference": order.reference,
        "number": order.number or order.external_id,
        "channel": order.channel.name,
        "placed": date_format(timezone.localtime(order.placed_at), "DATE_FORMAT"),
        "method": order.shipping_method,
        "address": _address(order),
        "lines": [
            {"sku": line.sku, "title": line.title, "later": line.shipped_quantity,
             "units": units_left(line) if left else line.quantity - line.cancelled_quantity}
            for line in left or order.lines.all()
        ],
    }  # fmt: skip


def _address(order: Order) -> list[str]:
    kept = order.contact.shipping_address if hasattr(order, "contact") else None
    if not kept:
        return [gettext("The channel has not given it yet.")]
    town = f"{kept.get('postcode', '')} {kept.get('city', '')}".strip()
    lines = [*(kept.get(name, "") for name in _ADDRESS), town, kept.get("country", "")]
    return [line for line in lines if line]


def _seller(company: Company) -> list[str]:
    """The name, then the lines of the address and how to reach them."""
    return [company.name, *company.address.splitlines(), *filter(None, (company.phone, company.email))]


def _sheet(title: str) -> dict[str, Any]:
    printed = date_format(timezone.localtime(clock.now()), "DATETIME_FORMAT")
    return {"title": title, "printed": printed, "footer": f"{read_company().name} – {title} – {printed}"}


def _summary(orders: int, units: int) -> str:
    words = ngettext("%(n)d order", "%(n)d orders", orders) % {"n": orders}
    return f"{words}, " + ngettext("%(n)d unit", "%(n)d units", units) % {"n": units}
