"""An order as the Orders API 2026-01-01 shows it, section by section of `includedData`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import money, stamp
from bazaar.amazon.records import Item, Order, Package

INCLUDED = frozenset(
    "BUYER RECIPIENT PROCEEDS EXPENSE PROMOTION CANCELLATION FULFILLMENT PACKAGES TAX PAYMENT "
    "FULFILLMENT_ORDERS".split()
)
# The buyer's e-mail is told while there is something to write about (documentation, "Access order PII").
_TELLS_EMAIL = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"})


def order_json(account: Account, order: Order, included: Collection[str]) -> dict[str, Any]:
    place = account.places[order.place]
    shown: dict[str, Any] = {
        "orderId": order.order_id,
        "createdTime": stamp(order.created_at),
        "lastUpdatedTime": stamp(order.updated_at),
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": place.id, "marketplaceName": place.name},
        "orderItems": [_item(order, item, included) for item in order.items],
    }
    personal = account.settings.personal_data and order.state != "PENDING"
    if "BUYER" in included and personal:
        shown["buyer"] = _buyer(order, place.domain)
    if "RECIPIENT" in included and personal and not order.by_amazon:
        shown["recipient"] = {"deliveryAddress": _address(order)}
    if "PROCEEDS" in included:
        shown["proceeds"] = {"grandTotal": money(order.total, order.currency)}
    if "FULFILLMENT" in included:
        shown["fulfillment"] = _fulfillment(order)
    if "PACKAGES" in included and not order.by_amazon:
        shown["packages"] = [_package(package) for package in order.packages.values()]
    return shown


def _buyer(order: Order, domain: str) -> dict[str, str]:
    buyer = order.buyer
    shown = {"buyerName": f"{buyer.firstname} {buyer.lastname}".strip()}
    if order.state in _TELLS_EMAIL and not order.by_amazon:
        alias = order.order_id.replace("-", "")
        shown["buyerEmail"] = f"{alias[-13:]}@marketplace.{domain}"
    if buyer.company:
        shown["buyerCompanyName"] = buyer.company
    return shown


def _address(order: Order) -> dict[str, str]:
    buyer = order.buyer
    shown = {
        "name": f"{buyer.firstname} {buyer.lastname}".strip(),
        "companyName": buyer.company,
        "addressLine1": buyer.street_1,
        "addressLine2": buyer.street_2,
        "city": buyer.city,
        "postalCode": buyer.postcode,
        "countryCode": buyer.country,
        "phone": buyer.phone,
        "addressType": "COMMERCIAL" if buyer.company else "RESIDENTIAL",
    }
    return {name: value for name, value in shown.items() if value}


def _fulfillment(order: Order) -> dict[str, Any]:
    return {
        "fulfillmentStatus": order.state,
        "fulfilledBy": "AMAZON" if order.by_amazon else "MERCHANT",
        "fulfillmentServiceLevel": "STANDARD",
        "shipByWindow": {
            "earliestDateTime": stamp(order.created_at),
            "latestDateTime": stamp(order.ship_by),
        },
        "deliverByWindow": {
            "earliestDateTime": stamp(order.ship_by),
            "latestDateTime": stamp(order.deliver_by),
        },
    }


def _item(order: Order, item: Item, included: Collection[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "orderItemId": item.item_id,
        "quantityOrdered": item.quantity,
        "product": {
            "asin": item.asin,
            "title": item.title,
            "sellerSku": item.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": money(item.unit_price, order.currency)},
        },
    }
    if "PROCEEDS" in included:
        shown["proceeds"] = _proceeds(order, item)
    if "CANCELLATION" in included and (cancellation := _cancellation(item)):
        shown["cancellation"] = cancellation
    if "FULFILLMENT" in included:
        shown["fulfillment"] = {"quantityFulfilled": item.shipped, "quantityUnfulfilled": item.open}
    if "TAX" in included:
        collector = {
            "model": "MARKETPLACE_FACILITATOR",
            "responsibleParty": "Amazon Services Europe S.a.r.L.",
        }
        shown["tax"] = {"taxCollections": [collector]}
    return shown


def _proceeds(order: Order, item: Item) -> dict[str, Any]:
    parts = [("ITEM", item.amount), ("SHIPPING", item.shipping)]
    return {
        "proceedsTotal": money(item.total, order.currency),
        "breakdowns": [
            {"type": kind, "subtotal": money(amount, order.currency)} for kind, amount in parts if amount
        ],
    }


def _cancellation(item: Item) -> dict[str, Any]:
    if item.cancelled >= item.quantity:
        return {"cancellationExecution": {"cancelledBy": item.cancelled_by, "cancelReason": "CANCELLED"}}
    if item.cancel_reason:
        return {"cancellationRequest": {"requester": "BUYER", "cancelReason": item.cancel_reason}}
    return {}


def _package(package: Package) -> dict[str, Any]:
    return {
        "packageReferenceId": package.reference,
        "createdTime": stamp(package.created_at),
        "packageStatus": {"status": "DELIVERED" if package.delivered else "IN_TRANSIT"},
        "carrier": package.carrier,
        "shipTime": stamp(package.shipped_at),
        "shippingService": package.method,
        "trackingNumber": package.tracking,
        "packageItems": [
            {"orderItemId": item_id, "quantity": quantity} for item_id, quantity in package.lines.items()
        ],
    }
