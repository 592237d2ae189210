"""How Amazon and our merchant's account there are set up. Every delay is in virtual time.

What is marked "assumption" is in no public document: see the README.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from bazaar.amazon.places import PLACES

Positive = Annotated[float, msgspec.Meta(ge=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    # the application and the account
    client_id: str = ""  # empty: "amzn1.application-oa2-client.<key>"
    client_secret: str = ""  # empty: "amzn1.oa2-cs.v1.<key>"
    refresh_token: str = ""  # empty: "Atzr|<key>"
    seller_id: str = "A1COMPTOIRDEMO"
    store_name: str = "Comptoir Demo"
    base_url: str = ""  # how the outside reaches the party, for links; empty: taken from each request
    countries: tuple[str, ...] = ("FR",)  # the first one is where buyers come first
    share: Positive = 1.0
    initial_offers: Literal["none", "all"] = "none"  # all: every product is on sale at the start
    missing_roles: tuple[str, ...] = ()  # operations that the application may not call: 403
    personal_data: bool = True  # the roles that give the buyer's name and address
    restricted_families: tuple[str, ...] = ()  # product families that need an approval
    sandbox: str = (
        ""  # a folder of API models: only their examples are answered, as Amazon's static sandbox does
    )
    # limits
    limits: Literal["real", "off"] = "real"
    limit_scale: Annotated[float, msgspec.Meta(gt=0)] = 1.0  # 2.0: twice as many calls are allowed
    token_s: Annotated[int, msgspec.Meta(gt=0)] = 3600
    link_s: Annotated[int, msgspec.Meta(gt=0)] = 300  # life of a presigned address
    # orders
    pending_minutes: Positive = 30  # payment authorisation
    ship_days: Positive = 2
    delivery_days: Positive = 3
    shipping_price: Decimal = Decimal("4.99")
    free_shipping_from: Decimal = Decimal(35)
    buyer_cancels: Literal["now", "request"] = "now"  # request: the seller has to cancel with a feed
    amazon_stock_rate: Positive = 0.0  # part of the articles that Amazon ships from its own warehouse
    # listings
    effect_s: Positive = 60  # from ACCEPTED to live (assumption)
    feed_queue_s: Positive = 30  # assumption
    feed_s: Positive = 30  # assumption: a feed's own time, besides that of its messages
    feed_message_s: Positive = 0.02  # assumption
    report_s: Positive = 120  # assumption
    report_encoding: Literal["utf-8", "cp1252"] = "cp1252"
    gzip: bool = True
    queue_endpoint: str = (
        ""  # a server that speaks SQS, for the notifications; empty: they wait in the outbox
    )
    # money
    referral_rate: Decimal = Decimal(15)  # percent of price and shipping
    referral_rates: dict[str, Decimal] = {}  # by product family
    settlement_days: Positive = 14

    def __post_init__(self) -> None:
        unknown = [country for country in self.countries if country not in PLACES]
        if unknown or not self.countries:
            raise ValueError(f"unknown countries {unknown}: {', '.join(PLACES)}")
        if len({PLACES[country].currency for country in self.countries}) > 1:
            raise ValueError("the countries of one simulated account share one currency")
