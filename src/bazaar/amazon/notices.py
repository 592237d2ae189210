"""Notifications: what happened, told to those who subscribed.

Every notification waits in the party's outbox until `sqs.py` sends it on. The casing differs from type to
type, as in the notification schemas, and ORDER_CHANGE still has the statuses of Orders v0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bazaar.amazon import sqs
from bazaar.amazon.account import Account
from bazaar.amazon.exchange import stamp
from bazaar.amazon.records import Feed, Order, Report

_V0_STATES = {
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}


def order_changed(account: Account, order: Order) -> None:
    asks = any(item.cancel_reason and item.open for item in order.items)
    payload = {
        "OrderChangeNotification": {
            "NotificationLevel": "OrderLevel",
            "SellerId": account.settings.seller_id,
            "AmazonOrderId": order.order_id,
            "OrderChangeType": "BuyerRequestedChange" if asks else "OrderStatusChange",
            "OrderChangeTrigger": {"TimeOfOrderChange": stamp(order.updated_at), "ChangeReason": "Simulated"},
            "Summary": _order_summary(order),
        }
    }
    publish(account, "ORDER_CHANGE", payload)


def _order_summary(order: Order) -> dict[str, Any]:
    mixed = order.state == "PARTIALLY_SHIPPED"  # told only when the items differ
    return {
        "MarketplaceId": order.place,
        "OrderStatus": _V0_STATES[order.state],
        "PurchaseDate": stamp(order.created_at),
        "DestinationPostalCode": order.buyer.postcode or None,
        "FulfillmentType": "AFN" if order.by_amazon else "MFN",
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": sum(item.shipped for item in order.items),
        "NumberOfItemsUnshipped": sum(item.open for item in order.items),
        "OrderItems": [
            {
                "OrderItemId": item.item_id,
                "SellerSKU": item.sku,
                "SupplySourceId": "",
                **({"OrderItemStatus": "Unshipped" if item.open else "Shipped"} if mixed else {}),
                "Quantity": item.quantity,
                "QuantityShipped": item.shipped,
                "IsBuyerRequestedCancel": bool(item.cancel_reason),
            }
            for item in order.items
        ],
    }


def feed_finished(account: Account, feed: Feed) -> None:
    told = {
        **_seller(account),
        "feedId": feed.feed_id,
        "feedType": feed.feed_type,
        "processingStatus": feed.status,
    }
    told |= {"resultFeedDocumentId": feed.result_id} if feed.result_id else {}
    publish(account, "FEED_PROCESSING_FINISHED", {"feedProcessingFinishedNotification": told})


def report_finished(account: Account, report: Report) -> None:
    told = {
        **_seller(account),
        "reportId": report.report_id,
        "reportType": report.report_type,
        "processingStatus": report.status,
    }
    told |= {"reportDocumentId": report.document_id} if report.document_id else {}
    publish(account, "REPORT_PROCESSING_FINISHED", {"reportProcessingFinishedNotification": told})


def new_secret(account: Account, *, old_ends: datetime, new_ends: datetime) -> None:
    """Needs no subscription. Nobody hears of it where no queue is registered."""
    told = {
        "clientId": account.client_id,
        "newClientSecret": account.client_secret,
        "newClientSecretExpiryTime": stamp(new_ends),
        "oldClientSecretExpiryTime": stamp(old_ends),
    }
    for destination in list(account.destinations)[:1]:
        payload = {"applicationOAuthClientNewSecret": told}
        _enqueue(account, "APPLICATION_OAUTH_CLIENT_NEW_SECRET", payload, destination, "", camel=True)


def _seller(account: Account) -> dict[str, str]:
    seller_id = account.settings.seller_id
    return {"sellerId": seller_id, "accountId": f"amzn1.merchant.o.{seller_id}"}


def publish(account: Account, kind: str, payload: dict[str, Any]) -> None:
    """Nothing is made for a type that nobody subscribed to."""
    told = account.subscriptions.get(kind)
    if told is None:
        return
    camel = kind in ("FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED")
    version = "2020-09-04" if camel else told.payload_version
    _enqueue(account, kind, payload, told.destination_id, told.subscription_id, camel=camel, version=version)


def _enqueue(
    account: Account,
    kind: str,
    payload: dict[str, Any],
    destination: str,
    subscription: str,
    *,
    camel: bool,
    version: str = "1.0",
) -> None:
    envelope: dict[str, Any] = {
        "NotificationVersion": version if camel else "1.0",
        "NotificationType": kind,
        "PayloadVersion": version,
        "EventTime": stamp(account.now()),
        "Payload": payload,
        "NotificationMetadata": {
            "ApplicationId": account.client_id,
            "SubscriptionId": subscription,
            "PublishTime": stamp(account.now()),
            "NotificationId": account.uuid(),
        },
    }
    shown = _camel(envelope) if camel else envelope
    number = account.number("notices", 0)
    account.outbox[f"{number:010d}"] = {"destination": destination, "body": shown}
    sqs.plan(account)


def _camel(envelope: dict[str, Any]) -> dict[str, Any]:
    def lower(name: str) -> str:
        return name[0].lower() + name[1:]

    shown = {lower(name): value for name, value in envelope.items()}
    shown["notificationMetadata"] = {lower(n): v for n, v in envelope["NotificationMetadata"].items()}
    return shown
