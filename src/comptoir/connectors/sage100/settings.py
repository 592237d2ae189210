"""The form of a Sage 100."""

from __future__ import annotations

from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

MAX_CLIENT: Final = 17
_RANGES: Final = {
    "overlap_minutes": (2, 1440),
    "clock_margin_minutes": (2, 120),
    "page_size": (10, 50_000),
    "order_batch": (1, 1000),
    "accounting_category": (1, 50),
}


class Sage100Settings(ConnectorSettings, frozen=True, kw_only=True):
    """Two doors: the base, for a login that may only read, and the pont, for what is written."""

    server: Annotated[str, Setting(N_("SQL server"), placeholder="sage-server.local")]
    database: Annotated[str, Setting(N_("Company database"), placeholder="MASOCIETE")]
    user: Annotated[str, Setting(N_("Read-only login"))]
    password: Annotated[str, Setting(N_("Its password"), secret=True)]
    base_url: Annotated[
        str,
        Setting(
            N_("Address of the pont"), help=N_("The agent that writes into Sage, on its server."), kind="url"
        ),
    ]
    pont_key: Annotated[str, Setting(N_("Key of the pont"), secret=True)]
    client: Annotated[
        str,
        Setting(
            N_("Customer of the marketplaces"), help=N_("One generic customer account that exists in Sage.")
        ),
    ]
    customer_accounts: Annotated[
        str,
        Setting(
            N_("Customer accounts"),
            choices=(
                ("generic", N_("One generic account, or one per channel")),
                ("buyer", N_("One account for each buyer")),
            ),
            help=N_(
                "An account of a buyer holds their name and town alone, and is emptied when they are forgotten."
            ),
            advanced=True,
        ),
    ] = "generic"
    clients: Annotated[
        str,
        Setting(
            N_("Customer per channel"),
            help=N_("channel:account, separated by commas, where a channel has an account of its own."),
            placeholder="fnac-1:MKFNAC, cdiscount-1:MKCDISC",
        ),
    ] = ""
    port: Annotated[int, Setting(N_("Port"), help=N_("1433 for SQL Server."), advanced=True)] = 1433
    driver: Annotated[
        str,
        Setting(
            N_("How the base is reached"),
            choices=(
                ("pyodbc", N_("ODBC (SQL Server)")),
                ("psycopg", N_("PostgreSQL (a replica, a simulator)")),
            ),
            advanced=True,
        ),
    ] = "pyodbc"
    odbc_driver: Annotated[str, Setting(N_("ODBC driver"), advanced=True)] = "ODBC Driver 18 for SQL Server"
    trust_certificate: Annotated[bool, Setting(N_("Accept the server's own certificate"), advanced=True)] = (
        False
    )
    cost: Annotated[
        str,
        Setting(
            N_("Purchase price"),
            choices=(
                ("average", N_("Weighted average cost (CMUP)")),
                ("standard", N_("Standard cost")),
                ("supplier", N_("Main supplier's price")),
            ),
        ),
    ] = "average"
    warehouses: Annotated[
        str,
        Setting(N_("Depots"), help=N_("Their codes, separated by commas; empty: all."), placeholder="MAIN"),
    ] = ""
    published_only: Annotated[
        bool, Setting(N_("Only articles published on the web"), help=N_("Those where “publié” is ticked."))
    ] = False
    accounting_category: Annotated[int, Setting(N_("Accounting category of the VAT"), advanced=True)] = 1
    shipping_article: Annotated[str, Setting(N_("Article of the shipping fee"))] = "PORT"
    discount_article: Annotated[str, Setting(N_("Article of a discount"), advanced=True)] = "REMISE"
    rounding_article: Annotated[str, Setting(N_("Article of a cent of rounding"), advanced=True)] = "ARRONDI"
    reference_prefix: Annotated[
        str,
        Setting(
            N_("Beginning of our references"),
            help=N_("What tells our documents from all others."),
            advanced=True,
        ),
    ] = "CO-"
    purchase_prefix: Annotated[
        str, Setting(N_("Beginning of our references to suppliers"), advanced=True)
    ] = "PO-"
    time_zone: Annotated[str, Setting(N_("Time zone of the server"), advanced=True)] = "Europe/Paris"
    overlap_minutes: Annotated[int, Setting(N_("Minutes read again each time"), advanced=True)] = 5
    clock_margin_minutes: Annotated[
        int, Setting(N_("Minutes by which the server's clock may be wrong"), advanced=True)
    ] = 10
    page_size: Annotated[int, Setting(N_("Rows read at once"), advanced=True)] = 2000
    order_batch: Annotated[int, Setting(N_("Orders in one delivery, at most"), advanced=True)] = 100

    def problems(self) -> dict[str, str]:
        found = {
            name: N_("Out of range.")
            for name, (least, most) in _RANGES.items()
            if not least <= getattr(self, name) <= most
        }
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            found["time_zone"] = N_("No time zone has this name.")
        if not 2 <= len(self.reference_prefix) <= 6 or not self.reference_prefix.replace("-", "").isalnum():
            found["reference_prefix"] = N_("Two to six letters, digits or dashes.")
        try:
            if any(not 0 < len(number) <= MAX_CLIENT for number in (self.client, *self.client_of().values())):
                found["client"] = N_("A customer account has 1 to 17 characters.")
        except ValueError:
            found["clients"] = N_("Write channel:account, separated by commas.")
        return found

    def client_of(self) -> dict[str, str]:
        """`{channel key: customer account}`; ValueError when it cannot be read."""
        pairs = [pair.strip().split(":") for pair in self.clients.split(",") if pair.strip()]
        return {channel.strip(): number.strip() for channel, number in pairs}

    def depots(self) -> frozenset[str]:
        return frozenset(code.strip() for code in self.warehouses.split(",") if code.strip())
