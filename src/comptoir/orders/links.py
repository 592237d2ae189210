"""Order lines whose product was not known when they came."""

from __future__ import annotations

from comptoir.core.bulk import fetch
from comptoir.journal.issues import Reason, close_issues

_LINK = """
UPDATE orders_orderline line SET product_id = p.id FROM catalog_product p, orders_order o
WHERE line.product_id IS NULL AND p.sku = line.sku AND o.id = line.order_id
RETURNING o.id, o.external_id
"""


def link_waiting_lines() -> list[int]:
    """Give their product to lines that waited for it; the ids of their orders."""
    linked = fetch(_LINK)
    close_issues(
        resolution="the product is known now",
        subject_kind="order",
        subjects=[row[1] for row in linked],
        reason=Reason.UNKNOWN_PRODUCT,
    )
    return sorted({row[0] for row in linked})
