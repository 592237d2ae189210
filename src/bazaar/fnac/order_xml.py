"""An order as orders_query shows it."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from bazaar.fnac.countries import alpha_3
from bazaar.fnac.exchange import add
from bazaar.fnac.order_states import order_state
from bazaar.fnac.records import Line, Order
from bazaar.fnac.shop import Shop, product_id
from bazaar.world.facts import Buyer

SHOWN_ADDRESS = frozenset({"ToShip", "Shipped", "NotReceived", "Received", "Refunded"})


def add_order(parent: etree._Element, shop: Shop, order: Order) -> etree._Element:
    now = shop.exact_now()
    states = [line.state_at(now) for line in order.lines]
    state = order_state(states)
    node = add(parent, "order")
    add(node, "shop_id", shop.shop_id)
    add(node, "client_id", _client_id(shop, order))
    add(node, "client_firstname", order.buyer.firstname, cdata=True)
    add(node, "client_lastname", order.buyer.lastname, cdata=True)
    add(node, "client_email", f"{order.order_id.lower()}@buyers.example", cdata=True)
    add(node, "order_id", order.order_id)
    add(node, "state", state)
    add(node, "created_at", order.created_at.isoformat())
    add(node, "fees", sum(line.fee for line in order.lines))
    add(node, "vat_rate", shop.settings.commission_vat_rate)
    add(node, "nb_messages", 0)
    shown = shop.settings.addresses_before_debit or state in SHOWN_ADDRESS
    for name in ("shipping_address", "billing_address"):
        _add_address(add(node, name), order.buyer, shown=shown)
    for line, line_state in zip(order.lines, states, strict=True):
        _add_line(node, line, line_state)
    return node


def _client_id(shop: Shop, order: Order) -> str:
    return f"{order.order_id[:8].lower()}-0000-4000-8000-{shop.key.encode().hex()[:12]:0<12}"


def _add_address(node: etree._Element, buyer: Buyer, *, shown: bool) -> None:
    """Before the buyer has paid the elements are there, and empty."""
    values = {
        "firstname": buyer.firstname,
        "lastname": buyer.lastname,
        "company": buyer.company,
        "address1": buyer.street_1,
        "address2": buyer.street_2,
        "address3": "",
        "zipcode": buyer.postcode,
        "city": buyer.city,
        "country": alpha_3(buyer.country),
        "phone": buyer.phone,
    }
    for name, value in values.items():
        add(node, name, value if shown else "", cdata=True)


def _add_line(parent: etree._Element, line: Line, state: str) -> None:
    node = add(parent, "order_detail")
    add(node, "product_name", line.title, cdata=True)
    for name, value in _facts(line, state):
        add(node, name, value)
    add(node, "offer_seller_id", line.sku, cdata=True)
    add(node, "description", "", cdata=True)
    add(node, "internal_comment", "", cdata=True)
    for name, at in _instants(line):
        if at is not None or name in ("received_at", "refused_at"):
            add(node, name, at.isoformat() if at is not None else "")
    add(node, "tracking_number", line.tracking_number, cdata=True)


def _facts(line: Line, state: str) -> list[tuple[str, object]]:
    return [
        ("order_detail_id", line.number),
        ("state", state),
        ("quantity", line.quantity),
        ("price", f"{line.unit_price:f}"),
        ("fees", f"{line.fee:f}"),
        ("product_fnac_id", product_id(line.ean)),
        ("offer_fnac_id", line.offer_id),
        ("product_state", line.product_state),
        ("shipping_price", f"{line.shipping_price:f}"),
        ("shipping_method", 21),
    ]


def _instants(line: Line) -> list[tuple[str, datetime | None]]:
    return [
        ("created_at", line.created_at),
        ("debited_at", line.debited_at),
        ("received_at", line.received_at),
        ("refused_at", line.refused_at),
    ]
