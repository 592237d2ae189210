"""How one Fnac Darty storefront and our merchant's shop on it are set up.

Every delay is in virtual time. What is marked "assumption" is in no public document: see the README.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

Positive = Annotated[float, msgspec.Meta(ge=0)]
STOREFRONTS = ("Fnac", "Darty", "Fnac Belgique", "Fnac España", "Fnac Portugal")
MARKETS = {"Fnac Belgique": "BE", "Fnac España": "ES", "Fnac Portugal": "PT"}


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    # the storefront
    storefront: str = ""  # empty: by the number in the party's key, fnac-1 is Fnac, fnac-2 Darty…
    timezone: str = "Europe/Paris"
    api_version: str = "2.6.0"
    # the shop
    api_key: str = ""  # empty: "<party key>-api-key"
    shop_name: str = "Comptoir Demo"
    share: Positive = 1.0
    initial_offers: Literal["none", "all"] = "none"  # all: every product of the world is on sale at the start
    # sessions
    session_minutes: Positive = 60
    session_error: str = "ERR_004"  # assumption: Fnac's list of codes is not public
    # offers
    keeps_missing_fields: bool = False  # assumption: an offer sent in part loses what was not sent
    batch_wait_seconds: Positive = 20  # ACTIVE
    batch_run_seconds: Positive = 40  # RUNNING
    late_import_factor: Positive = 20
    # prices of the others
    pricing_shape: Literal["ranked", "listed"] = "ranked"  # PricesQueryService.xsd, PricingQueryService.xsd
    # what orders cost
    commission_rate: Decimal = Decimal(12)  # percent of price and shipping, without tax
    commission_vat_rate: Decimal = Decimal(20)
    shipping_price: Decimal = Decimal("4.99")  # per line
    free_shipping_from: Decimal = Decimal(35)
    # the life of an order
    acceptance_hours: Positive = 48
    settle_seconds: Positive = 3  # after an answer to an order, its old state is still shown (assumption)
    debit_minutes: Positive = 15
    addresses_before_debit: bool = False
    delivery_days: Positive = 3
    # what comes after
    billing_days: Positive = 10
