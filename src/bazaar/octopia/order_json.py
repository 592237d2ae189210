"""An order as `GET /orders` writes it. There is no address of the order: each line has its own."""

from __future__ import annotations

from bazaar.octopia.money import JSON, stamp
from bazaar.octopia.order_records import LEFT, Line, Order, Parcel
from bazaar.octopia.settings import Settings
from bazaar.world.facts import Buyer

# The buyer's address is told once the seller has said yes (as in the samples: a waiting line has none).
_SHOWN_FROM = frozenset({"InPreparation", *LEFT, "Cancelled"})


def order_bytes(order: Order, settings: Settings) -> bytes:
    return JSON.encode(order_fields(order, settings))


def order_fields(order: Order, settings: Settings) -> dict[str, object]:
    goods = sum(line.price for line in order.lines)
    shipping = sum(line.shipping_price for line in order.lines)
    total = goods + shipping if settings.total_holds_shipping else goods
    return {
        "orderId": order.order_id,
        "reference": order.reference,
        "status": order.state,
        "salesChannel": {"id": order.sales_channel_id, "name": order.sales_channel_name},
        "businessOrder": order.business,
        "currencyCode": order.currency,
        "totalPrice": {"sellingPrice": total, "offerPrice": goods, "shippingCost": shipping},
        "customer": {"reference": f"C-{order.reference}"},
        "billingAddress": _address(order.buyer),
        "purchasedAt": stamp(order.created_at),
        "createdAt": stamp(order.created_at),
        "updatedAt": stamp(order.updated_at),
        "shippedAtMax": stamp(order.ship_by) if order.ship_by else None,
        "cancellationDetails": _cancellation(order),
        "lines": [_line(line, order, settings) for line in order.lines],
    }


def _line(line: Line, order: Order, settings: Settings) -> dict[str, object]:
    selling = line.price if settings.line_price == "total" else line.unit_price
    fields: dict[str, object] = {
        "orderLineId": line.line_id,
        "status": line.state,
        "quantity": line.quantity,
        "offer": {
            "offerId": line.offer_id,
            "sellerProductId": line.sku,
            "supplyMode": line.supply_mode,
            "gtin": line.ean,
            "title": line.title,
        },
        "totalPrice": {
            "sellingPrice": selling,
            "offerPrice": selling,
            "shippingCost": line.shipping_price,
        },
        "parcels": [_parcel(parcel) for parcel in line.parcels],
    }
    if line.state in _SHOWN_FROM:
        contact = {"phone": order.buyer.phone, "email": f"relay-{order.reference}@relay.invalid"}
        fields["shippingAddress"] = _address(order.buyer) | contact
    return fields


def _parcel(parcel: Parcel) -> dict[str, object]:
    return {"parcelNumber": parcel.number, "carrierName": parcel.carrier, "trackingUrl": parcel.url}


def _address(buyer: Buyer) -> dict[str, object]:
    return {
        "firstName": buyer.firstname,
        "lastName": buyer.lastname,
        "companyName": buyer.company,
        "addressLine1": buyer.street_1,
        "addressLine2": buyer.street_2,
        "postalCode": buyer.postcode,
        "city": buyer.city,
        "countryCode": buyer.country,
    }


def _cancellation(order: Order) -> dict[str, object] | None:
    """Present when something was cancelled; its shape is not known, so nothing in it should be relied on."""
    return {"cancelledAt": stamp(order.cancelled_at)} if order.cancelled_at else None
