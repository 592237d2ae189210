"""What is written about an offer: whole (Upsert), its changes (Update), or its end (Delete). Pure functions.

- The first write of an offer is an Upsert with everything in it; an Update of an unknown reference is
  refused ("Offre inexistante").
- Taxes are a whole list: VAT, Ecotax and Deatax must all be there, even at 0 (measured by one seller; the
  letter case differs from the XML packages).
- `preparationTime` is a whole number of days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from comptoir.connectors.octopia.delivery_modes import DeliveryMode, parse_delivery_modes
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import ZERO, parse_amount
from comptoir.sdk.records import LeadTimeUpdate, OfferDraft, PriceUpdate, StockUpdate

VAT, ECOTAX, DEATAX = "VAT", "Ecotax", "Deatax"
_MOST_SIGNS = 50
LONGEST_PREPARATION = 60
"""Days; ours, since none is documented."""
# Only these two were seen; another goes through `extra["condition"]` in Octopia's own word.
CONDITIONS = {"new": "New", "used_like_new": "UsedLikeNew"}

Request = dict[str, object]


def build_stock(update: StockUpdate) -> Request:
    if update.quantity < 0:
        raise RejectedRecord("A quantity is never negative.", record_id=update.sku)
    return {"sellerExternalReference": reference_of(update.sku), "quantity": update.quantity}


def build_price(update: PriceUpdate, settings: OctopiaSettings) -> Request:
    check_price(update.sku, update.price, update.floor, update.currency, settings)
    price = {"price": update.price, "taxes": taxes_of(update.sku, update.extra, settings)}
    return {"sellerExternalReference": reference_of(update.sku), "price": price}


def build_lead_time(update: LeadTimeUpdate) -> Request:
    if not 0 <= update.days <= LONGEST_PREPARATION:
        raise RejectedRecord(f"{update.days} days of preparation cannot be.", record_id=update.sku)
    return {"sellerExternalReference": reference_of(update.sku), "preparationTime": update.days}


def build_deletion(draft: OfferDraft) -> Request:
    return {"sellerExternalReference": reference_of(draft.sku)}


def build_offer(draft: OfferDraft, settings: OctopiaSettings) -> Request:
    check_price(draft.sku, draft.price, draft.floor, draft.currency, settings)
    if draft.quantity < 0:
        raise RejectedRecord("A quantity is never negative.", record_id=draft.sku)
    days = settings.preparation_days if draft.lead_time_days is None else draft.lead_time_days
    return {
        "sellerExternalReference": reference_of(draft.sku),
        "product": _product(draft),
        "condition": condition_of(draft),
        "price": _price(draft, settings),
        "quantity": draft.quantity,
        "preparationTime": days,
        "deliveryModes": list(delivery_of(draft, settings)),
    }


def delivery_of(draft: OfferDraft, settings: OctopiaSettings) -> Sequence[DeliveryMode]:
    """The offer's own, in the settings' notation under `extra["deliveryModes"]`, else the settings'."""
    own = draft.extra.get("deliveryModes", "")
    try:
        modes = parse_delivery_modes(own) if own else settings.usual_delivery
    except ValueError as error:
        raise RejectedRecord(str(error), record_id=draft.sku) from error
    if not modes:
        raise RejectedRecord("An offer needs a delivery mode: set the usual ones.", record_id=draft.sku)
    return modes


def _price(draft: OfferDraft, settings: OctopiaSettings) -> Request:
    price: Request = {"price": draft.price, "taxes": taxes_of(draft.sku, draft.extra, settings)}
    struck = extra_amount(draft.sku, draft.extra, "originPrice")
    if struck is not None:
        if struck <= draft.price:
            raise RejectedRecord("A struck price is above the price.", record_id=draft.sku)
        price["originPrice"] = struck
    return price


def taxes_of(sku: str, extra: Mapping[str, str], settings: OctopiaSettings) -> list[Request]:
    return [{"code": code, "value": value} for code, value in tax_values(sku, extra, settings).items()]


def tax_values(sku: str, extra: Mapping[str, str], settings: OctopiaSettings) -> dict[str, Decimal]:
    """Per article under their own names in `extra`; else the usual VAT rate, and what the settings say of
    an eco-contribution that is not known."""
    vat = extra_amount(sku, extra, VAT)
    ecotax = extra_amount(sku, extra, ECOTAX)
    if ecotax is None and settings.unknown_ecotax == "refuse":
        raise RejectedRecord("The eco-contribution of this article is not known.", record_id=sku)
    return {
        VAT: settings.usual_vat if vat is None else vat,
        ECOTAX: ecotax or ZERO,
        DEATAX: extra_amount(sku, extra, DEATAX) or ZERO,
    }


def extra_amount(sku: str, extra: Mapping[str, str], name: str) -> Decimal | None:
    try:
        amount = parse_amount(extra.get(name))
    except ValueError as error:
        raise RejectedRecord(f"{name}: {error}.", record_id=sku) from error
    if amount is not None and amount < 0:
        raise RejectedRecord(f"{name} is never negative.", record_id=sku)
    return amount


def _product(draft: OfferDraft) -> Request:
    """Octopia's own product reference where it is known, else the GTIN; the sheet must exist already."""
    if draft.external_product_id:
        return {"reference": draft.external_product_id}
    if not draft.ean:
        raise RejectedRecord("An offer needs a GTIN or a product reference.", record_id=draft.sku)
    return {"gtin": draft.ean}


def condition_of(draft: OfferDraft) -> str:
    condition = draft.extra.get("condition") or CONDITIONS.get(draft.condition)
    if condition is None:
        raise RejectedRecord(f"Octopia has no word for {draft.condition!r}.", record_id=draft.sku)
    return condition


def check_price(sku: str, price: Decimal, floor: Decimal, currency: str, settings: OctopiaSettings) -> None:
    if price <= 0 or price < floor:
        raise RejectedRecord(f"The price {price} is below its floor {floor}.", record_id=sku, code="floor")
    if currency != settings.currency:
        words = f"Offers are in {settings.currency} on this channel, not in {currency}."
        raise RejectedRecord(words, record_id=sku)


def reference_of(sku: str) -> str:
    if not sku or len(sku) > _MOST_SIGNS:
        raise RejectedRecord(f"A reference has 1 to {_MOST_SIGNS} signs.", record_id=sku)
    return sku
