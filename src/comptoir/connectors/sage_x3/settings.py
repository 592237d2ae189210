"""The form of a Sage X3."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from comptoir.connectors.sage_x3.mapping import Mapped, parse_overrides
from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

MAX_CUSTOMER: Final = 15
MAX_REFERENCE: Final = 20
_RANGES: Final = {
    "overlap_minutes": (5, 1440),
    "clock_margin_minutes": (2, 120),
    "settle_minutes": (5, 240),
    "page_size": (10, 1000),
    "order_batch": (1, 500),
}


class SageX3Settings(ConnectorSettings, frozen=True, kw_only=True):
    """One door, Syracuse: REST lists to read, SOAP web services to write. Published names are the folder's own."""

    base_url: Annotated[
        str, Setting(N_("Address of Sage X3"), kind="url", placeholder="https://x3.example.com:8124")
    ]
    endpoint: Annotated[
        str, Setting(N_("Endpoint"), help=N_("The folder as REST names it."), placeholder="PROD")
    ]
    pool: Annotated[str, Setting(N_("Pool of the web services"), placeholder="COMPTOIR")]
    user: Annotated[str, Setting(N_("X3 user"))]
    sales_site: Annotated[str, Setting(N_("Sales site"), placeholder="FR011")]
    stock_site: Annotated[str, Setting(N_("Shipping site"), placeholder="FR012")]
    customer: Annotated[
        str,
        Setting(N_("Customer of the marketplaces"), help=N_("One generic customer that exists in Sage X3.")),
    ]
    auth: Annotated[
        str,
        Setting(
            N_("Signing in"),
            choices=(
                ("basic", N_("User and password (Basic)")),
                ("jwt", N_("Connected application (JWT)")),
            ),
        ),
    ] = "basic"
    password: Annotated[str, Setting(N_("Password"), help=N_("For Basic."), secret=True)] = ""
    client_id: Annotated[
        str, Setting(N_("Connected application: identifier"), help=N_("For JWT."), advanced=True)
    ] = ""
    client_secret: Annotated[
        str, Setting(N_("Connected application: secret"), help=N_("For JWT."), secret=True, advanced=True)
    ] = ""
    customers: Annotated[
        str,
        Setting(
            N_("Customer per channel"),
            help=N_("channel:account, separated by commas, where a channel has an account of its own."),
            placeholder="fnac-1:MKFNAC, cdiscount-1:MKCDISC",
        ),
    ] = ""
    customer_mode: Annotated[
        str,
        Setting(
            N_("Who the order is for"),
            choices=(
                ("generic", N_("The marketplace's customer")),
                ("buyer", N_("One customer per buyer")),
            ),
        ),
    ] = "generic"
    order_type: Annotated[str, Setting(N_("Order type"), help=N_("SOHTYP"))] = "SON"
    own_numbers: Annotated[
        bool,
        Setting(
            N_("Our reference is the order's number"),
            help=N_("For an order type without a counter: Sage X3 itself then refuses a second one."),
        ),
    ] = False
    credit_type: Annotated[str, Setting(N_("Credit note type"), help=N_("SIVTYP"))] = "AVC"
    order_object: Annotated[str, Setting(N_("Published name of the sales order"), advanced=True)] = "YOSOH"
    invoice_object: Annotated[str, Setting(N_("Published name of the sales invoice"), advanced=True)] = (
        "YOSIH"
    )
    customer_object: Annotated[str, Setting(N_("Published name of the customer"), advanced=True)] = "YOBPC"
    purchase_object: Annotated[str, Setting(N_("Published name of the purchase order"), advanced=True)] = (
        "YOPOH"
    )
    stock_program: Annotated[
        str,
        Setting(
            N_("Published sub-program of the available stock"),
            help=N_("Empty: from the lists of stock and allocations."),
            placeholder="YSTOCK_LOT",
            advanced=True,
        ),
    ] = ""
    mapping: Annotated[
        str,
        Setting(
            N_("Fields of this folder"),
            help=N_("name=GROUP.FIELD, separated by commas, where they differ from the standard."),
            placeholder="order.external=SOH0_1.YREFEXT, deliveries.tracking=YTRACK",
            advanced=True,
        ),
    ] = ""
    stock_sites: Annotated[
        str,
        Setting(N_("Sites whose stock counts"), help=N_("Separated by commas; empty: the shipping site.")),
    ] = ""
    vat_rates: Annotated[
        str, Setting(N_("Rates of the tax levels"), help=N_("level=rate, separated by commas."))
    ] = "NOR=20, INT=10, RED=5.5, SRE=2.1"
    price_with_tax: Annotated[bool, Setting(N_("Base prices of articles include tax"), advanced=True)] = False
    language: Annotated[str, Setting(N_("Language of the messages"), advanced=True)] = "FRA"
    result_format: Annotated[
        str,
        Setting(N_("Results of the web services"), choices=(("XML", "XML"), ("JSON", "JSON")), advanced=True),
    ] = "XML"
    customer_category: Annotated[str, Setting(N_("Category of a buyer's customer"), advanced=True)] = "FR"
    customer_tax_rule: Annotated[str, Setting(N_("Tax rule of a buyer's customer"), advanced=True)] = "FRA"
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
    settle_minutes: Annotated[
        int,
        Setting(
            N_("Minutes before an order without an answer is sent again"),
            help=N_("Longer than any web service of yours takes."),
            advanced=True,
        ),
    ] = 15
    overlap_minutes: Annotated[int, Setting(N_("Minutes read again each time"), advanced=True)] = 30
    clock_margin_minutes: Annotated[
        int, Setting(N_("Minutes by which the server's clock may be wrong"), advanced=True)
    ] = 10
    page_size: Annotated[int, Setting(N_("Rows read at once"), advanced=True)] = 200
    order_batch: Annotated[int, Setting(N_("Orders in one delivery, at most"), advanced=True)] = 50

    def problems(self) -> dict[str, str]:
        found = {
            name: N_("Out of range.")
            for name, (least, most) in _RANGES.items()
            if not least <= getattr(self, name) <= most
        }
        if self.auth == "basic" and not self.password:
            found["password"] = N_("This setting is needed.")
        if self.auth == "jwt":
            needed = {"client_id": self.client_id, "client_secret": self.client_secret}
            found |= {name: N_("This setting is needed.") for name, value in needed.items() if not value}
        if not 2 <= len(self.reference_prefix) <= 6 or not self.reference_prefix.replace("-", "").isalnum():
            found["reference_prefix"] = N_("Two to six letters, digits or dashes.")
        if not self.purchase_prefix.replace("-", "").isalnum():
            found["purchase_prefix"] = N_("Two to six letters, digits or dashes.")
        return found | self._unreadable()

    def _unreadable(self) -> dict[str, str]:
        found = {}
        try:
            accounts = (self.customer, *self.customer_of().values())
            if any(not 0 < len(number) <= MAX_CUSTOMER for number in accounts):
                found["customer"] = N_("A customer account has 1 to 15 characters.")
        except ValueError:
            found["customers"] = N_("Write channel:account, separated by commas.")
        try:
            self.rates()
        except (ValueError, InvalidOperation):
            found["vat_rates"] = N_("Write level=rate, separated by commas.")
        try:
            parse_overrides(self.mapping)
        except ValueError:
            found["mapping"] = N_("Write name=GROUP.FIELD, separated by commas, with names of the list.")
        return found

    def customer_of(self) -> dict[str, str]:
        """`{channel key: customer account}`; ValueError when it cannot be read."""
        pairs = [pair.strip().split(":") for pair in self.customers.split(",") if pair.strip()]
        return {channel.strip(): number.strip() for channel, number in pairs}

    def rates(self) -> dict[str, Decimal]:
        pairs = [pair.strip().split("=") for pair in self.vat_rates.split(",") if pair.strip()]
        return {level.strip(): Decimal(rate.strip()) for level, rate in pairs}

    def sites(self) -> tuple[str, ...]:
        named = tuple(site.strip() for site in self.stock_sites.split(",") if site.strip())
        return named or (self.stock_site,)

    def mapped(self) -> Mapped:
        return Mapped(parse_overrides(self.mapping))
