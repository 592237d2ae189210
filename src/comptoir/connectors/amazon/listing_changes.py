"""What we want of one listing, ready for a PATCH/PUT (Listings Items 2021-08-01) or a feed message.

Stock and price are merged, never replaced: `replace` wipes the sub-fields that it does not name, and
with them the lead time or a business price. The quantity has no marketplace: one per SKU for the whole
region. A price belongs to one marketplace, and carries our floor with it as the minimum that Amazon's
own repricing may go down to.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import LeadTimeUpdate, OfferDraft, PriceUpdate, Record, StockUpdate

Operation = Literal["PATCH", "UPDATE", "DELETE"]
Attributes = dict[str, list[dict[str, Any]]]

# Accepted by Amazon for changes of an offer alone, whatever the article.
ANY_PRODUCT_TYPE = "PRODUCT"
SELLER_SHIPS = "DEFAULT"
LONGEST_LEAD_TIME = 30
"""Days; the `maximum` of `lead_time_to_ship_max_days` in the schemas of product types."""
CONDITIONS = {
    "new": "new_new",
    "open_box": "new_open_box",
    "refurbished": "refurbished_refurbished",
    "used_like_new": "used_like_new",
    "used_very_good": "used_very_good",
    "used_good": "used_good",
    "used_acceptable": "used_acceptable",
}


class Change(Record, frozen=True, kw_only=True):
    sku: str
    operation: Operation
    attributes: Mapping[str, list[dict[str, Any]]] = {}
    quantity: int | None = None
    """What the listing must show once it took effect; None where it is not concerned."""
    price: Decimal | None = None
    product_type: str = ANY_PRODUCT_TYPE

    def message(self, number: int) -> dict[str, Any]:
        """One message of a JSON_LISTINGS_FEED."""
        head: dict[str, Any] = {"messageId": number, "sku": self.sku, "operationType": self.operation}
        return head if self.operation == "DELETE" else head | self.body()

    def body(self) -> dict[str, Any]:
        if self.operation == "PATCH":
            return {"productType": ANY_PRODUCT_TYPE, "patches": self._patches()}
        return {
            "productType": self.product_type,
            "requirements": "LISTING_OFFER_ONLY",
            "attributes": dict(self.attributes),
        }

    def _patches(self) -> list[dict[str, Any]]:
        return [
            {"op": "merge", "path": f"/attributes/{name}", "value": value}
            for name, value in self.attributes.items()
        ]


def item_path(seller_id: str, sku: str) -> str:
    return f"/listings/2021-08-01/items/{quote(seller_id, safe='')}/{quote(sku, safe='')}"


def stock_change(update: StockUpdate, settings: AmazonSettings) -> Change:
    if update.quantity < 0:
        raise RejectedRecord("a quantity cannot be negative", record_id=update.sku)
    return Change(
        sku=update.sku,
        operation="PATCH",
        attributes=_availability(
            update.quantity,
            settings.lead_time_days if update.lead_time_days is None else update.lead_time_days,
        ),
        quantity=update.quantity,
    )


def lead_time_change(update: LeadTimeUpdate) -> Change:
    """The quantity is not named: `merge` leaves it as it is."""
    if not 0 <= update.days <= LONGEST_LEAD_TIME:
        raise RejectedRecord(
            f"{update.days} days: Amazon takes 0 to {LONGEST_LEAD_TIME}", record_id=update.sku
        )
    value = {"fulfillment_channel_code": SELLER_SHIPS, "lead_time_to_ship_max_days": update.days}
    return Change(sku=update.sku, operation="PATCH", attributes={"fulfillment_availability": [value]})


def price_change(update: PriceUpdate, settings: AmazonSettings) -> Change:
    _check_price(update.sku, update.price, update.floor, update.currency, settings)
    return Change(
        sku=update.sku,
        operation="PATCH",
        attributes=_purchasable(update.price, update.floor, settings),
        price=update.price,
    )


def offer_change(offer: OfferDraft, settings: AmazonSettings) -> Change:
    """An offer on an article that Amazon already knows: needs its ASIN in `external_product_id`."""
    if offer.delete:
        return Change(sku=offer.sku, operation="DELETE", quantity=0)
    _check_price(offer.sku, offer.price, offer.floor, offer.currency, settings)
    if not offer.external_product_id:
        raise RejectedRecord("no ASIN is known for this article", code="no_asin", record_id=offer.sku)
    lead_time = offer.lead_time_days if offer.lead_time_days is not None else settings.lead_time_days
    place = settings.marketplace.id
    attributes: Attributes = {
        "condition_type": [{"value": _condition(offer), "marketplace_id": place}],
        "merchant_suggested_asin": [{"value": offer.external_product_id, "marketplace_id": place}],
        **_purchasable(offer.price, offer.floor, settings, offer.extra),
        **_availability(offer.quantity, lead_time),
    }
    if group := offer.extra.get("shipping_group", settings.shipping_group):
        attributes["merchant_shipping_group"] = [{"value": group, "marketplace_id": place}]
    return Change(
        sku=offer.sku,
        operation="UPDATE",
        attributes=attributes,
        quantity=offer.quantity,
        price=offer.price,
        product_type=offer.extra.get("product_type", ANY_PRODUCT_TYPE),
    )


def _availability(quantity: int, lead_time_days: int | None) -> Attributes:
    # Without the channel code Amazon answers that the attribute "does not have enough values".
    value: dict[str, Any] = {"fulfillment_channel_code": SELLER_SHIPS, "quantity": quantity}
    if lead_time_days is not None:
        value["lead_time_to_ship_max_days"] = lead_time_days
    return {"fulfillment_availability": [value]}


def _purchasable(
    price: Decimal, floor: Decimal, settings: AmazonSettings, extra: Mapping[str, str] | None = None
) -> Attributes:
    """`extra` may name `maximum_price`, and `sale_price` with `sale_starts` and `sale_ends` (ISO dates)."""
    extra = extra or {}
    value: dict[str, Any] = {
        "marketplace_id": settings.marketplace.id,
        "currency": settings.marketplace.currency,
        "audience": "ALL",
        "our_price": _schedule(price),
    }
    if floor > 0:
        value["minimum_seller_allowed_price"] = _schedule(floor)
    if maximum := extra.get("maximum_price"):
        value["maximum_seller_allowed_price"] = _schedule(Decimal(maximum))
    if sale := extra.get("sale_price"):
        if Decimal(sale) < floor:
            raise RejectedRecord(f"the sale price {sale} is below the floor {floor}", code="below_floor")
        dates = {"start_at": extra.get("sale_starts"), "end_at": extra.get("sale_ends")}
        value["discounted_price"] = _schedule(Decimal(sale), {k: v for k, v in dates.items() if v})
    return {"purchasable_offer": [value]}


def _schedule(price: Decimal, dates: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": price, **(dates or {})}]}]


def _check_price(sku: str, price: Decimal, floor: Decimal, currency: str, settings: AmazonSettings) -> None:
    if price <= 0:
        raise RejectedRecord("a price is more than zero", record_id=sku)
    if price < floor:
        raise RejectedRecord(f"{price} is below the floor {floor}", code="below_floor", record_id=sku)
    if currency != settings.marketplace.currency:
        wanted = settings.marketplace.currency
        raise RejectedRecord(f"{currency} where {wanted} is the currency", code="currency", record_id=sku)


def _condition(offer: OfferDraft) -> str:
    code = CONDITIONS.get(offer.condition, offer.condition)
    if code not in CONDITIONS.values():
        raise RejectedRecord(f"unknown condition {offer.condition!r}", code="condition", record_id=offer.sku)
    return code
