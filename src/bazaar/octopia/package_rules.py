"""What one offer request must be, and what it does. A refusal is told item by item."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from bazaar.octopia.account import Account
from bazaar.octopia.buying import offer_id
from bazaar.octopia.offer_records import Offer, OfferRequest, Package, PriceRequest, Tax
from bazaar.octopia.reference import CONDITIONS, DELIVERY_MODES, TAXES
from bazaar.world.facts import FactKind


class BadItem(Exception):  # noqa: N818 - named after what it is
    """This item is not integrated. The codes are the simulator's own: the real list is not public."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def apply_request(account: Account, package: Package, request: OfferRequest) -> tuple[str, str]:
    """Make it true, record the facts, and return the result's code and words."""
    offer = account.offer(package.sales_channel_id, request.seller_external_reference)
    if package.kind == "Upsert":
        return _upsert(account, package, request, offer)
    if offer is None:
        raise BadItem("SIM-OFFER", "Offre inexistante")
    if package.kind == "Delete":
        account.keep_offer(msgspec.structs.replace(offer, deleted=True))
        _tell(account, offer, "offer_told", "deleted")
        return "8002", "Offer deleted"
    if package.source_url and (request.product is None or str(request.product.gtin) != offer.ean):
        # Assumption: every StockAndPrice package seen names the product beside the reference.
        raise BadItem("SIM-PRODUCT", "ProductEan - required, that of the offer")
    return _update(account, request, offer)


def _upsert(account: Account, package: Package, request: OfferRequest, old: Offer | None) -> tuple[str, str]:
    _check_whole(request)
    offer = _build(account, package, request, old)
    account.keep_offer(offer)
    account.set_quantity(offer, request.quantity or 0)
    _tell(account, offer, "offer_told", "updated" if old else "created")
    _tell_stock(account, offer)
    _tell(account, offer, "price_told", "sent")
    return ("8001", "Offer updated") if old else ("8000", "Offer created")


def _update(account: Account, request: OfferRequest, offer: Offer) -> tuple[str, str]:
    """What is absent stays. A list that is given is the whole list."""
    _check_parts(request)
    changes: dict[str, object] = {}
    if request.price is not None:
        changes |= _price_changes(request.price)
    if request.preparation_time is not None:
        changes["preparation_time"] = request.preparation_time
    if request.delivery_modes is not None:
        changes["delivery"] = request.delivery_modes
    account.keep_offer(msgspec.structs.replace(offer, **changes))
    if request.quantity is not None:
        account.set_quantity(offer, request.quantity)
        _tell_stock(account, offer)
    if request.price is not None:
        fresh = account.offer(offer.sales_channel_id, offer.sku)
        _tell(account, fresh or offer, "price_told", "sent")
    return "8001", "Offer updated"


def _price_changes(price: PriceRequest) -> dict[str, object]:
    changes: dict[str, object] = {}
    if price.price is not None:
        changes |= {"price": price.price, "origin_price": price.origin_price}
    if price.taxes is not None:
        changes["taxes"] = price.taxes
    return changes


def _build(account: Account, package: Package, request: OfferRequest, old: Offer | None) -> Offer:
    ean, now = _find_ean(account, request), account.now()
    _, channel = account.channels[package.sales_channel_id]
    price, condition = request.price, request.condition or "New"
    assert price is not None, "a whole request was checked"
    assert price.price is not None, "a whole request was checked"
    return Offer(
        offer_id=offer_id(account, ean, condition, channel),
        sku=request.seller_external_reference,
        ean=ean,
        condition=condition,
        sales_channel_id=package.sales_channel_id,
        price=price.price,
        origin_price=price.origin_price,
        taxes=price.taxes or (),
        preparation_time=request.preparation_time or 0,
        delivery=request.delivery_modes or (),
        discounts=request.discounts,
        created_at=old.created_at if old else now,
        updated_at=now,
    )


def _find_ean(account: Account, request: OfferRequest) -> str:
    product = request.product
    ean = str(product.gtin) if product and product.gtin else ""
    if product and product.reference:
        ean = product.reference.removeprefix("AUC")
    if account.product(ean) is None:
        raise BadItem("SIM-PRODUCT", "Product - non-existent")
    return ean


def _check_whole(request: OfferRequest) -> None:
    parts = {
        "product": request.product,
        "condition": request.condition,
        "price": request.price,
        "quantity": request.quantity,
        "preparationTime": request.preparation_time,
        "deliveryModes": request.delivery_modes,
    }
    absent = [name for name, value in parts.items() if value is None]
    if absent:
        raise BadItem("SIM-MANDATORY", f"Mandatory for an Upsert: {', '.join(absent)}")
    if request.price is None or request.price.price is None or request.price.taxes is None:
        raise BadItem("SIM-MANDATORY", "Mandatory for an Upsert: price.price, price.taxes")
    if not request.delivery_modes:
        raise BadItem("SIM-DELIVERY", "At least one delivery mode is required")
    _check_parts(request)


def _check_parts(request: OfferRequest) -> None:
    if request.condition is not None and request.condition not in CONDITIONS:
        raise BadItem("SIM-CONDITION", f"Condition - unknown: {request.condition}")
    if request.quantity is not None and request.quantity < 0:
        raise BadItem("SIM-QUANTITY", "Quantity - negative")
    if request.preparation_time is not None and request.preparation_time < 0:
        raise BadItem("SIM-PREPARATION", "Preparation time - negative")
    unknown = [one.code for one in request.delivery_modes or () if one.code not in DELIVERY_MODES]
    if unknown:
        raise BadItem("SIM-DELIVERY", f"Delivery mode - not of this account: {', '.join(unknown)}")
    if request.price is not None:
        _check_price(request.price)


def _check_price(price: PriceRequest) -> None:
    if price.price is not None and price.price <= 0:
        raise BadItem("SIM-PRICE", "Price - not positive")
    if price.origin_price is not None and price.price and price.origin_price <= price.price:
        raise BadItem("SIM-PRICE", "Origin price - not above the price")
    if price.taxes is not None:
        _check_taxes(price.taxes)


def _check_taxes(taxes: tuple[Tax, ...]) -> None:
    """Measured by one seller: the three must be there, even at 0."""
    codes = {one.code for one in taxes}
    if codes - TAXES:
        raise BadItem("SIM-TAX", f"Tax - unknown: {', '.join(sorted(codes - TAXES))}")
    if TAXES - codes:
        raise BadItem("SIM-TAX", f"Tax - missing: {', '.join(sorted(TAXES - codes))}")
    if any(one.value < Decimal(0) for one in taxes):
        raise BadItem("SIM-TAX", "Tax - negative")


def _tell_stock(account: Account, offer: Offer) -> None:
    """The stock is shared: what is told on one sales channel is true on all where the article is offered."""
    for sales_channel_id in account.channels:
        for other in account.offers_of_product(sales_channel_id, offer.ean, offer.condition):
            _tell(account, other, "stock_told", "sent")


def _tell(account: Account, offer: Offer, kind: FactKind, action: str) -> None:
    party, channel = account.channels[offer.sales_channel_id]
    account.world.record(
        kind,
        party,
        sku=offer.sku,
        quantity=account.quantity(offer),
        amount=offer.price,
        currency=channel.currency,
        action=action,
    )
