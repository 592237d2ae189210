"""The operations that the connector calls: where they are and how often they may be called.

The frequencies are the "Maximum usage" that Mirakl writes beside each operation of its seller API
(developer.mirakl.com, Marketplace APIs, shop role). "At each new order", "at each page display" are no
frequencies: such operations have no limit of ours, the server's 429 is obeyed all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.sdk.http import Limit

MINUTE = Limit(rate=1 / 60)
DAY = Limit(rate=1 / 86_400)


@dataclass(frozen=True)
class Operation:
    code: str
    method: str
    path: str
    limit: Limit | None = None


_ALL = (
    Operation("A01", "GET", "/api/account", DAY),
    Operation("PC01", "GET", "/api/platform/configuration"),
    Operation("SH12", "GET", "/api/shipping/types", DAY),
    Operation("SH21", "GET", "/api/shipping/carriers", DAY),
    Operation("RE01", "GET", "/api/reasons"),
    Operation("OF61", "GET", "/api/offers/states", DAY),
    # Partner hubs are asked for once every 15 minutes; a seller's own hub for once per minute.
    Operation("OR11", "GET", "/api/orders", MINUTE),
    Operation("OR04", "PUT", "/api/orders", MINUTE),
    Operation("OR21", "PUT", "/api/orders/{order_id}/accept"),
    Operation("OR23", "PUT", "/api/orders/{order_id}/tracking"),
    Operation("OR24", "PUT", "/api/orders/{order_id}/ship"),
    Operation("OR28", "PUT", "/api/orders/refund"),
    Operation("OR29", "PUT", "/api/orders/{order_id}/cancel"),
    Operation("OR30", "PUT", "/api/orders/cancel"),
    Operation("ST01", "POST", "/api/shipments"),
    Operation("ST11", "GET", "/api/shipments"),
    Operation("OF02", "GET", "/api/offers/imports/{import_id}", MINUTE),
    Operation("OF03", "GET", "/api/offers/imports/{import_id}/error_report", MINUTE),
    Operation("OF21", "GET", "/api/offers"),
    Operation("OF24", "POST", "/api/offers", MINUTE),
    Operation("OF52", "POST", "/api/offers/export/async", DAY),
    Operation("OF53", "GET", "/api/offers/export/async/status/{tracking_id}", Limit(rate=1 / 10)),
    # The address of OF54 is given by OF53.
    Operation("OF54", "GET", ""),
    Operation("P11", "GET", "/api/products/offers"),
    Operation("PRI01", "POST", "/api/offers/pricing/imports", MINUTE),
    Operation("PRI02", "GET", "/api/offers/pricing/imports", MINUTE),
    Operation("PRI03", "GET", "/api/offers/pricing/imports/{import_id}/error_report", MINUTE),
    Operation("STO01", "POST", "/api/offers/stock/imports", MINUTE),
    Operation("STO02", "GET", "/api/offers/stock/imports/{import_id}/status", Limit(rate=1 / 15)),
    Operation("STO03", "GET", "/api/offers/stock/imports/{import_id}/error_report", MINUTE),
)
OPERATIONS = {operation.code: operation for operation in _ALL}
