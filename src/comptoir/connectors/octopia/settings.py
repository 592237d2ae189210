"""What it takes to reach one sales channel of one Octopia seller account."""

from __future__ import annotations

import re
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from comptoir.connectors.octopia.delivery_modes import DeliveryMode, parse_delivery_modes
from comptoir.connectors.octopia.xml_forms import XML_LIMIT
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import parse_amount
from comptoir.sdk.settings import ConnectorSettings, Setting

API = "https://api.octopia-io.net/seller/v2"
_TOKENS = "/auth/realms/maas/protocol/openid-connect/token"
AUTH = f"https://auth.octopia-io.net{_TOKENS}"
CDISCOUNT = "CDISFR"
JSON_PACKAGES, XML_DISCOUNTS, XML_PACKAGES = "json", "discounts", "xml"
# Documented: at most 50,000 offers in one package.
PACKAGE_LIMIT = 50_000
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|-")
_RANGES = {
    "history_days": (1, 365),
    "overlap_minutes": (1, 1440),
    "package_size": (1, PACKAGE_LIMIT),
    "requests_per_second": (1, 100),
    "requests_in_a_row": (1, 1000),
    "preparation_days": (0, 60),
    "acceptance_alarm_hours": (1, 240),
    "acceptance_deadline_hours": (1, 240),
}


class OctopiaSettings(ConnectorSettings, frozen=True, kw_only=True):
    """One credential may serve several sellers, and one seller several sales channels."""

    client_id: Annotated[str, Setting(N_("Client id"))]
    client_secret: Annotated[str, Setting(N_("Client secret"), secret=True)]
    seller_id: Annotated[str, Setting(N_("Seller id"), placeholder="98979")]
    sales_channel_id: Annotated[
        str, Setting(N_("Sales channel"), help=N_("CDISFR is Cdiscount; the others are listed by a test."))
    ] = CDISCOUNT
    currency: Annotated[str, Setting(N_("Currency of the sales channel"), advanced=True)] = "EUR"
    delivery_modes: Annotated[
        str,
        Setting(
            N_("Delivery modes"),
            help=N_("code:cost:cost of each further unit, separated by commas. The codes are the account's."),
            placeholder="TRK:4.90:1.00, REG:6.90:0",
        ),
    ] = ""
    preparation_days: Annotated[int, Setting(N_("Days of preparation"))] = 2
    vat_rate: Annotated[str, Setting(N_("VAT rate, in percent"), advanced=True)] = "20"
    unknown_ecotax: Annotated[
        str,
        Setting(
            N_("Eco-contribution not known"),
            choices=(("zero", N_("Send zero")), ("refuse", N_("Do not publish the price"))),
            advanced=True,
        ),
    ] = "zero"
    cancellation_reason: Annotated[
        str,
        Setting(N_("Usual reason of a cancellation"), help=N_("A code that a test of the account lists.")),
    ] = ""
    refund_reason: Annotated[
        str,
        Setting(N_("Default reason of a refund"), help=N_("A code that a test of the account lists.")),
    ] = ""
    gesture_reason: Annotated[str, Setting(N_("Usual reason of a partial refund"), advanced=True)] = "Other"
    acceptance_alarm_hours: Annotated[int, Setting(N_("Hours before a late answer alarms"))] = 4
    acceptance_deadline_hours: Annotated[int, Setting(N_("Hours to accept an order"), advanced=True)] = 24
    offer_packages: Annotated[
        str,
        Setting(
            N_("Offers are written as"),
            choices=(
                (JSON_PACKAGES, N_("JSON packages")),
                (XML_DISCOUNTS, N_("JSON packages, XML for flash sales and sales periods")),
                (XML_PACKAGES, N_("XML packages")),
            ),
            help=N_("XML packages are for Cdiscount, and need a folder that your web server publishes."),
            advanced=True,
        ),
    ] = JSON_PACKAGES
    xml_folder: Annotated[
        str,
        Setting(
            N_("Folder of XML packages"),
            help=N_(
                "A folder of its own. Files stay there until Octopia has worked them, three days at most."
            ),
            kind="folder",
            advanced=True,
        ),
    ] = ""
    xml_base_url: Annotated[
        str,
        Setting(
            N_("Public address of that folder"),
            kind="url",
            placeholder="https://www.example.com/octopia",
            advanced=True,
        ),
    ] = ""
    xml_body_field: Annotated[
        str,
        Setting(
            N_("Field that holds the address"),
            help=N_("- for the address alone. Change it only when Octopia refuses XML packages."),
            advanced=True,
        ),
    ] = "packageUrl"
    history_days: Annotated[int, Setting(N_("Days of orders read at first"), advanced=True)] = 30
    overlap_minutes: Annotated[int, Setting(N_("Minutes read again each time"), advanced=True)] = 60
    package_size: Annotated[int, Setting(N_("Offers per package"), advanced=True)] = 5000
    requests_per_second: Annotated[int, Setting(N_("Requests per second"), advanced=True)] = 5
    requests_in_a_row: Annotated[int, Setting(N_("Requests at once, after a quiet time"), advanced=True)] = 5
    trusts_sort: Annotated[
        bool,
        Setting(
            N_("Orders come sorted"),
            help=N_("Turn off when a test of the account says that the sort is not honoured."),
            advanced=True,
        ),
    ] = True
    base_url: Annotated[str, Setting(N_("Address of the API"), kind="url", advanced=True)] = API
    auth_url: Annotated[
        str,
        Setting(
            N_("Address of the tokens"),
            help=N_("Empty: Octopia's own; for another address of the API, the same path on it."),
            kind="url",
            advanced=True,
        ),
    ] = ""

    def problems(self) -> dict[str, str]:
        found = {
            name: N_("This number is out of range.")
            for name, (low, high) in _RANGES.items()
            if not low <= getattr(self, name) <= high
        }
        try:
            parse_delivery_modes(self.delivery_modes)
        except ValueError:
            found["delivery_modes"] = N_("Write code:cost:further cost, such as TRK:4.90:1.00.")
        if not _is_rate(self.vat_rate):
            found["vat_rate"] = N_("A rate is a number between 0 and 100.")
        return found | self._xml_problems()

    def _xml_problems(self) -> dict[str, str]:
        if self.offer_packages == JSON_PACKAGES:
            return {}
        found = {}
        if self.sales_channel_id != CDISCOUNT:
            found["offer_packages"] = N_("XML packages are for Cdiscount only.")
        if not Path(self.xml_folder).is_absolute():
            found["xml_folder"] = N_("XML packages need a folder, from the root.")
        if urlsplit(self.xml_base_url).scheme not in ("http", "https"):
            found["xml_base_url"] = N_("XML packages need the public address of their folder.")
        if self.package_size > XML_LIMIT:
            found["package_size"] = N_("An XML package holds at most 40,000 offers.")
        if not _FIELD.fullmatch(self.xml_body_field):
            found["xml_body_field"] = N_("A field's name is made of letters and digits.")
        return found

    @property
    def stock_pool(self) -> str:
        """Octopia keeps one stock per product and condition, whatever the sales channel: the seller's."""
        return f"{urlsplit(self.base_url).netloc}/{self.seller_id}"

    @property
    def account(self) -> str:
        """Of fixed length, whatever the client id."""
        return f"{self.stock_pool}/{sha256(self.client_id.encode()).hexdigest()[:12]}"

    @property
    def token_url(self) -> str:
        return self.auth_url or (AUTH if self.base_url == API else self.base_url.rstrip("/") + _TOKENS)

    @property
    def usual_delivery(self) -> tuple[DeliveryMode, ...]:
        return parse_delivery_modes(self.delivery_modes)

    @property
    def usual_vat(self) -> Decimal:
        return Decimal(self.vat_rate.replace(",", "."))


def _is_rate(text: str) -> bool:
    try:
        rate = parse_amount(text)
    except ValueError:
        return False
    return rate is not None and 0 <= rate <= 100
