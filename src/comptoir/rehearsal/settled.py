"""Is there anything left to do? A rehearsal is judged when nothing is."""

from __future__ import annotations

from comptoir.core.bulk import fetch
from comptoir.rehearsal.refunds import own_credit_notes_known
from comptoir.rehearsal.world import World

_LEFT = """
SELECT
    (SELECT count(*) FROM orders_order WHERE held = ''
       AND status IN ('pending', 'to_accept', 'accepted', 'to_ship', 'partially_shipped', 'unknown')),
    (SELECT count(*) FROM orders_order WHERE erp_state = 'sent'),
    (SELECT count(*) FROM orders_orderline line JOIN orders_order o ON o.id = line.order_id
       WHERE o.erp_state = 'confirmed' AND (line.cancelled_quantity > line.erp_cancelled_quantity
                                            OR greatest(line.refunded_amount, line.given_back_amount)
                                               > line.erp_refunded_amount)),
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
    return not any(fetch(_LEFT)[0]) and own_credit_notes_known(world)
