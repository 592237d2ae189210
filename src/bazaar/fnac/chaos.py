"""Faults of the protocol itself: what the documentation allows and connectors forget. The world says when."""

from __future__ import annotations

from lxml import etree

from bazaar.fnac.exchange import add, children
from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.shop import Shop

# Optional in the schema of the answers, or found empty in recorded ones.
NULLABLE = ("client_email", "fees", "nb_messages", "description", "internal_comment", "shipping_method", "showcase",
            "time_to_ship", "product_name", "phone", "company")  # fmt: skip
# Values on which no decision about goods or money should hang.
ENUMS = ("shipping_method", "product_state")


def disturb(shop: Shop, reply: etree._Element, item: str) -> None:
    """Items of an answer repeated, in another order, or with elements emptied, added or of a new value."""
    items = children(reply, item)
    if not items:
        return
    world, rng = shop.world, shop.rng("chaos")
    if world.fault(shop.key, "random_nulls"):
        _empty(items[rng.randrange(len(items))])
    if world.fault(shop.key, "unknown_fields"):
        add(
            items[rng.randrange(len(items))],
            "simulated_new_field",
            "added by the storefront",
            {"since": "3.0"},
        )
    if world.fault(shop.key, "new_enum_value"):
        _renew(items[rng.randrange(len(items))])
    if world.fault(shop.key, "repeated_page"):
        reply.append(etree.fromstring(etree.tostring(items[0])))
    if world.fault(shop.key, "reordered_page"):
        for node in rng.sample(items, len(items)):
            reply.append(node)


def _empty(item: etree._Element) -> None:
    for name in NULLABLE:
        for node in item.iter(f"{{{NAMESPACE}}}{name}"):
            node.text = None


def _renew(item: etree._Element) -> None:
    for name in ENUMS:
        for node in item.iter(f"{{{NAMESPACE}}}{name}"):
            node.text = "99"
