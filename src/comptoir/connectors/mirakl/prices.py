"""PRI01: prices, and nothing but prices.

The import deletes and replaces: every price of an offer that the file does not hold is gone. The hub
owns one price per offer and sends it as the default one, so prices by channel or by volume and
reductions set by hand in the back-office do not survive an update of that offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.csv_files import write_csv
from comptoir.connectors.mirakl.imports import receipt
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import PriceUpdate, Receipt

BATCH = 20_000
_HEADER = ("offer-sku", "price", "discount-price", "discount-start-date", "discount-end-date")


def submit_prices(client: MiraklClient, updates: Sequence[PriceUpdate], currency: str) -> Receipt:
    """`currency` is the shop's: the file has no place to say another."""
    return receipt("PRI01", client.upload("PRI01", "prices.csv", build_prices(updates, currency)).body)


def build_prices(updates: Sequence[PriceUpdate], currency: str) -> bytes:
    """RejectedRecord, before anything is sent, for a price that must not be sent."""
    for update in updates:
        check_price(update.sku, update.price, update.floor, update.currency, currency)
    return write_csv(_HEADER, ((one.sku, f"{one.price:f}", "", "", "") for one in updates))


def check_price(sku: str, price: Decimal, floor: Decimal, currency: str, shop_currency: str) -> None:
    """The last look before a price leaves: never below the floor, never in another currency."""
    if price < floor:
        raise RejectedRecord(f"{sku}: {price} is below its floor {floor}.", code="BELOW_FLOOR", record_id=sku)
    if price <= 0:
        raise RejectedRecord(f"{sku}: {price} is no price.", code="NOT_POSITIVE", record_id=sku)
    if shop_currency and currency != shop_currency:
        raise RejectedRecord(
            f"{sku}: the price is in {currency}, the shop sells in {shop_currency}.",
            code="CURRENCY",
            record_id=sku,
        )
