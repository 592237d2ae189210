"""How one seller account of Octopia, and one sales channel of it, are set up.

Every delay is in virtual time. What is marked "assumption" is in no public document: its default is the
conservative reading, the other value the alternative. See the README.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

Positive = Annotated[float, msgspec.Meta(ge=0)]
AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    # the sales channel
    sales_channel_id: str = "CDISFR"
    sales_channel_name: str = "Cdiscount"
    currency: str = "EUR"
    share: Positive = 1.0
    initial_offers: Literal["none", "all"] = "none"  # all: every product is on sale there at the start
    account_of: str = ""  # the key of another party: one more sales channel of its account, same stock
    # the account; taken from the first party of an account
    client_id: str = ""  # empty: "<party key>-client"
    client_secret: str = ""  # empty: "<party key>-secret"
    seller_id: str = ""  # empty: made of the party key
    shop_name: str = "Comptoir Demo"
    base_url: str = ""  # how the outside reaches the party, for links; empty: taken from each request
    token_seconds: AtLeastOne = 7200
    tokens_per_hour: AtLeastOne = 500
    limits: Literal["real", "off"] = "real"
    requests_per_second: AtLeastOne = 5  # assumption
    requests_in_a_row: AtLeastOne = 300  # assumption: how many of them may come at once
    # orders
    acceptance: Literal["manual", "automatic"] = "manual"
    checking_minutes: Positive = 0  # Processing
    acceptance_hours: Positive = 24  # assumption: silence ends in Cancelled
    controls_minutes: Positive = 30  # from Accepted to InPreparation: "several tens of minutes"
    shipping_days: Positive = 3  # shippedAtMax
    delivery_days: Positive = 3
    shipping_price: Decimal = Decimal("4.90")
    free_shipping_from: Decimal = Decimal(60)
    fulfillment_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0  # of lines supplied by Octopia
    commission_rate: Decimal = Decimal(13)  # percent, without tax
    cancellation_minutes: Positive = 5  # from the request to the change of the order
    # offers
    package_busy_seconds: Positive = 3  # after each upload; measured: up to 5
    package_busy_reads: AtLeastOne = 1  # or after so many looks at it: for a clock pushed by hand
    package_wait_seconds: Positive = 20  # Ready
    package_run_seconds: Positive = 40  # IntegrationPending
    late_import_factor: Positive = 20
    results_days: Positive = 3
    # assumptions and their alternatives
    line_price: Literal["total", "unit"] = "total"
    total_holds_shipping: bool = True
    sort: Literal["honoured", "ignored"] = "honoured"
    write_answer: Literal["201", "202", "204"] = "201"
    integration_price: Literal["object", "number"] = "object"
    xml_body: str = "packageUrl"  # the field that holds the address of an XML package; "": the bare address
    xml_report: Literal["rest", "legacy"] = "rest"  # camelCase, or the names of the SOAP report
    xml_list: Literal["absent", "listed"] = "absent"  # whether XML packages can be listed
    visible_after_seconds: Positive = 0  # an order shows in lists so long after it changed


def without_limits() -> Settings:
    """For tests and benchmarks: nothing is counted."""
    return Settings(limits="off")
