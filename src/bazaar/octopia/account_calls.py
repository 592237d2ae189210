"""Who the seller is and what the account may do: read only."""

from __future__ import annotations

from starlette.responses import Response

from bazaar.octopia.exchange import Call, Operation, answer
from bazaar.octopia.reference import CARRIERS, DELIVERY_MODES


async def seller(call: Call) -> Response:
    settings = call.account.settings
    return answer(
        {
            "sellerId": call.account.seller_id,
            "login": f"login-{call.account.seller_id}",
            "shopName": settings.shop_name,
            "status": "Active",
            "automaticOrderAcceptance": settings.acceptance == "automatic",
        }
    )


async def subscriptions(call: Call) -> Response:
    items: list[dict[str, object]] = [
        {
            "subscriptionId": f"SUB-{channel}",
            "salesChannelId": channel,
            "status": "Active",
            "action": "None",
            "offerSubmissionCurrency": settings.currency,
            "sellerPaymentCurrency": settings.currency,
        }
        for channel, (_, settings) in call.account.channels.items()
    ]
    return _listed(items)


async def delivery_modes(call: Call) -> Response:
    """`{count, items}` in snake_case, as measured."""
    items = [
        {
            "code": code,
            "name": name,
            "delivery_delay": 0,
            "is_express_delivery": False,
            "more_than30_kg_product": False,
        }
        for code, name in DELIVERY_MODES.items()
    ]
    return answer({"count": len(items), "items": items})


async def carriers(call: Call) -> Response:
    """A bare list, as measured."""
    return answer([{"code": code, "label": label} for code, label in CARRIERS.items()])


async def addresses(call: Call) -> Response:
    return _listed([{"addressLine1": "1 rue du Dépôt", "postalCode": "33000", "city": "Bordeaux"}])


async def indicators(call: Call) -> Response:
    """Of the orders here: accepted and shipped in percent (floor 85), refunded (ceiling 5)."""
    orders = list(call.account.orders.all())
    count = max(len(orders), 1)
    accepted = sum(order.accepted_at is not None for order in orders)
    cancelled = sum(order.state == "Cancelled" for order in orders)
    return answer(
        {
            "ordersAcceptationRate": round(100 * accepted / count, 1),
            "ordersCancellationRate": round(100 * cancelled / count, 1),
        }
    )


def _listed(items: list[dict[str, object]]) -> Response:
    return answer({"itemsPerPage": len(items), "items": items})


def operations() -> list[Operation]:
    return [
        Operation("GET", "/sellers", seller),
        Operation("GET", "/sellers/subscriptions", subscriptions),
        Operation("GET", "/sellers/delivery-modes", delivery_modes),
        Operation("GET", "/sellers/addresses", addresses),
        Operation("GET", "/sellers/indicators", indicators),
        Operation("GET", "/carriers", carriers),
    ]
