"""Is there anything left to do? A rehearsal is judged when nothing is."""

from __future__ import annotations

from datetime import datetime

from comptoir.core.bulk import fetch
from comptoir.rehearsal.refunds import own_credit_notes_known
from comptoir.rehearsal.world import World, instant

_OWN_MOVES = ("return", "receipt")
_COUNTS = """
SELECT p.sku, sum(stock.on_hand), max(stock.counted_at)
FROM inventory_stock stock JOIN catalog_product p ON p.id = stock.product_id GROUP BY 1
"""

_LEFT = """
SELECT
    (SELECT count(*) FROM orders_order WHERE held = ''
       AND status IN ('pending', 'to_accept', 'accepted', 'to_ship', 'partially_shipped', 'unknown')),
    (SELECT count(*) FROM orders_order WHERE erp_state = 'sent'),
    (SELECT count(*) FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
       WHERE o.erp_state = 'confirmed' AND (line.cancelled_quantity > line.erp_cancelled_quantity
                                            OR line.refunded_amount > line.erp_refunded_amount
                                            OR line.given_back_amount > line.erp_refunded_amount)),
    (SELECT count(*) FROM orders_refund WHERE state IN ('requested', 'unknown')),
    (SELECT count(*) FROM orders_erpexport WHERE state IN ('open', 'sent')),
    (SELECT count(*) FROM finance_erpdocument WHERE refunding IN ('to_decide', 'wanted')),
    (SELECT count(*) FROM shipping_shipment WHERE state IN ('to_confirm', 'unknown')),
    (SELECT count(*) FROM offers_submission WHERE state IN ('prepared', 'sent')),
    (SELECT count(*) FROM offers_offer WHERE desired_quantity IS DISTINCT FROM confirmed_quantity
                                          OR desired_price IS DISTINCT FROM confirmed_price),
    (SELECT count(*) FROM channels_channel WHERE state <> 'active')
"""


def is_settled(world: World) -> bool:
    return not any(fetch(_LEFT)[0]) and own_credit_notes_known(world) and own_moves_told(world)


def own_moves_told(world: World) -> bool:
    """Has the ERP told the stock that it moved by itself: goods that came back, goods of a supplier?

    Where it counted since and the hub still differs, that is no news on its way but a fault, to be judged. A count of
    the same instant is none since: the ERP's rounds may count just before they read what came back.
    """
    here = {sku: (int(units), counted) for sku, units, counted in fetch(_COUNTS)}
    differing = {
        sku for sku, units in world.stock().items() if here.get(sku, (0, None))[0] != units["physical"]
    }
    return not differing or not any(
        fact["sku"] in differing
        and fact["detail"]["why"] in _OWN_MOVES
        and _is_open(instant(fact["at"]), here.get(fact["sku"], (0, None))[1])
        for fact in world.facts("stock_moved")
    )


def _is_open(moved: datetime, counted: datetime | None) -> bool:
    return counted is None or moved >= counted
