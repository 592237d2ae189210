"""Our own payloads, written by hand after the documented fields; every person and number is invented."""

from __future__ import annotations

import copy
from typing import Any

ADDRESS: dict[str, Any] = {
    "firstName": "Jeanne",
    "lastName": "Martin",
    "companyName": "Atelier Martin",
    "addressLine1": "12 quai des Tests",
    "addressLine2": "Bâtiment B",
    "postalCode": "33000",
    "city": "Bordeaux",
    "countryCode": "fr",
    "phone": "+33100000001",
    "email": "relay-1@relay.invalid",
}

LINE: dict[str, Any] = {
    "orderLineId": "L1",
    "status": "WaitingAcceptance",
    "quantity": 2,
    "offer": {
        "offerId": "98979_AUC1_New_CDISFR",
        "sellerProductId": "SKU-A",
        "supplyMode": "Seller",
        "gtin": 3700000000018,
        "title": "Lampe de bureau",
    },
    "totalPrice": {"sellingPrice": 49.8, "offerPrice": 49.8, "shippingCost": 4.9},
    "shippingAddress": ADDRESS,
    "parcels": [],
}

ORDER: dict[str, Any] = {
    "orderId": "SCID000042",
    "reference": "26112300042",
    "status": "WaitingAcceptance",
    "salesChannel": {"id": "CDISFR", "name": "Cdiscount"},
    "businessOrder": False,
    "currencyCode": "EUR",
    "totalPrice": {"sellingPrice": 54.7, "offerPrice": 54.7},
    "customer": {"reference": "C000042"},
    "billingAddress": {**ADDRESS, "phone": None, "email": None},
    "purchasedAt": "2026-11-23T08:00:00Z",
    "createdAt": "2026-11-23T08:01:00.1234567Z",
    "updatedAt": "2026-11-23T08:02:00Z",
    "shippedAtMax": "2026-11-26T22:59:59Z",
    "cancellationDetails": None,
    "lines": [LINE],
}


def an_order(order_id: str = "SCID000042", *, status: str = "", updated: str = "", **fields: Any) -> Any:
    """A copy of the sample; `status` sets the order's and its lines'."""
    order = copy.deepcopy(ORDER) | {"orderId": order_id} | fields
    if updated:
        order["updatedAt"] = updated
    if status:
        order["status"] = status
        for line in order["lines"]:
            line["status"] = status
    return order


def a_line(line_id: str, **fields: Any) -> Any:
    return copy.deepcopy(LINE) | {"orderLineId": line_id} | fields
