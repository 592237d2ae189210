"""How one Mirakl instance and our merchant's shop on it are set up.

Every delay is in virtual time. What is marked "assumption" is in no public document: see the README.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

TaxMode = Literal["TAX_INCLUDED", "TAX_EXCLUDED"]
Positive = Annotated[float, msgspec.Meta(ge=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    # the instance
    platform_name: str = "Marketplace"
    base_url: str = ""  # how the outside reaches the party, for links; empty: taken from each request
    currency: str = "EUR"
    locale: str = "fr_FR"
    timezone: str = "Europe/Paris"
    channels: tuple[str, ...] = ("FR",)
    country: str = "FR"
    # the shop
    api_key: str = ""  # empty: "<party key>-api-key"
    shop_id: int = 2001
    shop_name: str = "Comptoir Demo"
    share: Positive = 1.0
    initial_offers: Literal["none", "all"] = "none"  # all: every product of the world is on sale at the start
    # call limits
    limits: Literal["real", "off"] = "real"
    limit_scale: Annotated[float, msgspec.Meta(gt=0)] = 1.0  # 2.0: twice as many calls are allowed
    daily_tolerance: Annotated[int, msgspec.Meta(ge=1)] = 20  # assumption: calls a day for "once per day"
    external_partner: bool = False  # the stricter column of the documentation (OR11: every 15 minutes)
    # what PC01 tells
    order_acceptance: Literal["NOT_AUTOMATIC", "AUTOMATIC"] = "NOT_AUTOMATIC"
    partial_acceptance: bool = True
    addresses_before_acceptance: bool = False
    multi_shipment: bool = False
    channel_pricing: bool = False
    volume_pricing: bool = True
    scheduled_pricing: bool = False
    discount_period_required: bool = False
    competitive_pricing_tool: bool = True
    alternative_carriers: bool = True  # False: only the carriers of SH21
    csv_delimiter: Literal["SEMICOLON", "COMMA"] = "SEMICOLON"
    order_tax_mode: TaxMode = "TAX_INCLUDED"
    order_taxes: bool = False  # True: order lines carry their taxes, and refunds must give them
    # what orders cost
    commission_rate: Decimal = Decimal(12)  # percent of price and shipping, without tax
    commission_rates: dict[str, Decimal] = {}  # by product family
    commission_vat_rate: Decimal = Decimal(20)
    shipping_price: Decimal = Decimal("4.90")
    free_shipping_from: Decimal = Decimal(60)
    mandatory_tracking: bool = True
    # the life of an order
    staging_minutes: Positive = 0
    acceptance_hours: Positive = 48
    debit_minutes: Positive = 5  # WAITING_DEBIT
    debit_payment_minutes: Positive = 10  # WAITING_DEBIT_PAYMENT
    lead_time_days: int = 2
    delivery_days: Positive = 3
    closing_days: Positive = 14
    refund_minutes: Positive = 30
    update_delta_seconds: Positive = 60  # assumption: what OR11 subtracts from start_update_date
    # what is done later
    import_wait_seconds: Positive = 20
    import_run_seconds: Positive = 40
    late_import_factor: Positive = 20
    export_seconds: Positive = 30
    duplicate_import: Literal["unfinished", "last_hour"] = "unfinished"  # assumption
    billing_days: Positive = 10


def without_limits() -> Settings:
    """For tests and benchmarks: nothing is counted."""
    return Settings(limits="off")
