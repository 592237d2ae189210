"""The books of this X3: every shelf in one place, its own clock, its counters and its physical stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from bazaar.party import World
from bazaar.sage_x3.records import Customer, Delivery, Invoice, Movement, Order, Purchase
from bazaar.sage_x3.settings import X3Settings
from bazaar.world.facts import Product

SERVICES = {"PORT": "Frais de port", "REMISE": "Remise commerciale", "ARRONDI": "Arrondi"}
LEVELS = {"20": "NOR", "10": "INT", "5.5": "RED", "2.1": "SRE"}
DELIVERY, RECEIPT, RETURN, OPENING = 4, 6, 13, 19
"""`VCRTYP` of the stock journal (local menu 701)."""


class Books:
    def __init__(self, key: str, world: World, settings: X3Settings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.orders = world.shelf(key, "orders", Order)
        self.deliveries = world.shelf(key, "deliveries", Delivery)
        self.invoices = world.shelf(key, "invoices", Invoice)
        self.purchases = world.shelf(key, "purchases", Purchase)
        self.movements = world.shelf(key, "movements", Movement)
        self.customers = world.shelf(key, "customers", Customer)
        self.stock = world.shelf(key, "stock", int)  # physical units by article
        self.incoming = world.shelf(key, "incoming", int)  # units ordered from suppliers
        self.moved_at = world.shelf(key, "moved_at", datetime)  # `UPDDAT` of ITMMVT
        self.seen_at = world.shelf(key, "seen_at", datetime)  # `UPDDAT` of ITMMASTER
        self.counters = world.shelf(key, "counters", int)
        self.working = world.shelf(key, "working", bytes)  # a session that its caller has given up
        if settings.customer not in self.customers:
            self.customers[settings.customer] = Customer(number=settings.customer, name="Places de marché")

    def own_now(self) -> datetime:
        """The server's clock, which may be wrong."""
        return self.world.now() + self.world.skew(self.key)

    def number(self, kind: str) -> str:
        """The next number of a counter: site, kind and six digits, past the numbers that are taken."""
        while True:
            self.counters[kind] = self.counters.get(kind, 0) + 1
            found = f"{self.settings.sales_site}{kind}{self.counters[kind]:06d}"
            if found not in self.orders and found not in self.invoices:
                return found

    # --- orders -----------------------------------------------------------------------------------------

    def keep(self, order: Order) -> Order:
        """With the instant of this change."""
        kept = msgspec.structs.replace(order, updated_at=self.own_now())
        self.orders[order.number] = kept
        for line in order.goods:
            self.moved_at[line.article] = kept.updated_at
        return kept

    def of_reference(self, reference: str) -> list[Order]:
        return [order for order in self.orders.values() if order.reference == reference]

    def allocated(self, article: str) -> int:
        return sum(
            line.allocated
            for order in self.orders.values()
            for line in order.lines
            if line.article == article
        )

    # --- articles and stock -----------------------------------------------------------------------------

    def article(self, reference: str) -> tuple[str, bool] | None:
        """Its words and whether it has a stock; None when there is no such article."""
        if reference in SERVICES:
            return SERVICES[reference], False
        product = self.world.products.get(reference)
        return (product.title, True) if product is not None else None

    def level(self, product: Product) -> str:
        return LEVELS.get(f"{product.vat_rate.normalize():f}", "NOR")

    def take_in_products(self) -> None:
        """The articles of the world that this folder does not have yet, with their opening stock."""
        for sku, product in self.world.products.items():
            if sku not in self.stock:
                self.stock[sku] = 0
                self.seen_at[sku] = self.own_now()
                self.move(sku, product.initial_stock, OPENING, "OPENING", why="opening")

    def move(
        self,
        article: str,
        quantity: int,
        voucher_type: int,
        voucher: str,
        *,
        why: str,
        line: int = 0,
        order: str = "",
    ) -> None:
        self.stock[article] += quantity
        if self.stock[article] < 0:
            raise AssertionError(f"the site cannot hold {self.stock[article]} units of {article}")
        now = self.own_now()
        self.moved_at[article] = now
        if quantity:
            self.counters["movement"] = number = self.counters.get("movement", 0) + 1
            self.movements[f"{number:09d}"] = Movement(
                number=number, voucher_type=voucher_type, voucher=voucher, line=line, article=article,
                quantity=quantity, at=now,
            )  # fmt: skip
            self.world.record(
                "stock_moved", self.key, order_id=order, sku=article, quantity=quantity, why=why
            )

    def cost(self, article: str) -> Decimal:
        return self.world.products[article].purchase_price
