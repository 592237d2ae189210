"""OF24: creation, full update and deletion of offers.

A field that is not sent is reset to its default, and a quantity to 0: so the whole offer is sent each
time, with everything that the hub knows of it. The same request sent again gives the same import back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.imports import receipt
from comptoir.connectors.mirakl.prices import check_price
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.money import parse_amount
from comptoir.sdk.records import OfferDraft, Receipt

BATCH = 5_000
"""Offers of one request: one call a minute is allowed, no size is documented."""


def _amount(text: str) -> Decimal:
    amount = parse_amount(text)
    if amount is None:
        raise ValueError("an amount is needed")
    return amount


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError("true or false is needed")
    return text.lower() == "true"


FIELDS: dict[str, Callable[[str], object]] = {
    "allow_quote_requests": _boolean,
    "available_ended": str,
    "available_started": str,
    "internal_description": str,
    "logistic_class": str,
    "max_order_quantity": int,
    "min_order_quantity": int,
    "min_quantity_alert": int,
    "msrp": _amount,
    "package_quantity": int,
    "price_additional_info": str,
    "pricing_unit": str,
    "product_tax_code": str,
}
"""Fields of OF24 that an offer's `extra` may name. Other names are the operator's own custom fields."""
_DISCOUNT: dict[str, tuple[str, Callable[[str], object]]] = {
    "discount_price": ("price", _amount),
    "discount_start_date": ("start_date", str),
    "discount_end_date": ("end_date", str),
}
_ECO = re.compile(r"(eco_contribution_amount|producer_id)\[([A-Z-]+)\]")
"""`eco_contribution_amount[FR-DEA]`, `producer_id[FR-DEA]`: after the columns of Mirakl's offer files."""


def submit_offers(
    client: MiraklClient, offers: Sequence[OfferDraft], currency: str, new_condition: str
) -> Receipt:
    body = {"offers": [build_offer(offer, currency, new_condition) for offer in offers]}
    return receipt("OF24", client.send("OF24", body).body)


def build_offer(offer: OfferDraft, currency: str, new_condition: str) -> dict[str, object]:
    """RejectedRecord, before anything is sent, for an offer that must not be sent."""
    if not offer.delete:
        check_price(offer.sku, offer.price, offer.floor, offer.currency, currency)
        if offer.quantity < 0:
            raise RejectedRecord(f"{offer.sku}: the quantity is below zero.", record_id=offer.sku)
    lead_time = {} if offer.lead_time_days is None else {"leadtime_to_ship": offer.lead_time_days}
    return {
        "shop_sku": offer.sku,
        **_product(offer),
        # Words such as "new" are ours; anything else is the operator's own code (OF61).
        "state_code": new_condition if offer.condition.lower() == "new" else offer.condition,
        "price": offer.price,
        "quantity": offer.quantity,
        "description": offer.description,
        "update_delete": "delete" if offer.delete else "update",
        **lead_time,
        **_extra(offer),
    }


def _product(offer: OfferDraft) -> dict[str, object]:
    """The marketplace's own product number where it is known, else the EAN."""
    if offer.external_product_id:
        return {"product_id": offer.external_product_id, "product_id_type": "SKU"}
    if not offer.ean:
        raise RejectedRecord(f"{offer.sku}: an offer needs an EAN.", code="EAN_MISSING", record_id=offer.sku)
    return {"product_id": offer.ean, "product_id_type": "EAN"}


def _extra(offer: OfferDraft) -> dict[str, object]:
    try:
        fields = {name: FIELDS[name](value) for name, value in offer.extra.items() if name in FIELDS}
        discount = {
            name: read(offer.extra[key]) for key, (name, read) in _DISCOUNT.items() if key in offer.extra
        }
        eco = _eco_contributions(offer.extra)
    except ValueError as error:
        raise RejectedRecord(
            f"{offer.sku}: {error}.", code="FIELD_UNREADABLE", record_id=offer.sku
        ) from error
    _check_discount(offer, discount)
    custom = [
        {"code": name, "value": value}
        for name, value in offer.extra.items()
        if name not in FIELDS and name not in _DISCOUNT and not _ECO.fullmatch(name)
    ]
    parts = {"discount": discount, "eco_contributions": eco, "offer_additional_fields": custom}
    return {**fields, **{name: part for name, part in parts.items() if part}}


def _check_discount(offer: OfferDraft, discount: Mapping[str, object]) -> None:
    price = discount.get("price")
    if isinstance(price, Decimal) and price < offer.floor and not offer.delete:
        raise RejectedRecord(
            f"{offer.sku}: the reduced price {price} is below its floor {offer.floor}.",
            code="BELOW_FLOOR",
            record_id=offer.sku,
        )


def _eco_contributions(extra: Mapping[str, str]) -> list[dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name, value in extra.items():
        if match := _ECO.fullmatch(name):
            entry = found.setdefault(match[2], {"epr_category_code": match[2]})
            entry[match[1]] = value if match[1] == "producer_id" else _amount(value)
    return list(found.values())
