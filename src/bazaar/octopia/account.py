"""One seller account: its shelves, and the sales channels that live on it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary
from zlib import crc32

from bazaar.octopia.money import to_millisecond
from bazaar.octopia.offer_records import Offer, Package, Stock
from bazaar.octopia.order_book import OrderBook
from bazaar.octopia.order_json import order_bytes
from bazaar.octopia.order_records import (
    CancellationRequest,
    Discussion,
    Gesture,
    InvoiceImport,
    Operation,
    Order,
)
from bazaar.octopia.settings import Settings
from bazaar.party import World
from bazaar.world.facts import Product


class Account:
    """Every module of the party is a set of functions over it."""

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.seller_id = settings.seller_id or str(90_000 + crc32(key.encode()) % 10_000)
        self.client_id = settings.client_id or f"{key}-client"
        self.client_secret = settings.client_secret or f"{key}-secret"
        self.channels: dict[str, tuple[str, Settings]] = {}  # by id: the party's key, its settings
        self.offers = world.shelf(key, "offers", Offer)  # by "<channel>/<sku>"
        self.stocks = world.shelf(key, "stocks", Stock)  # by "<ean>/<condition>"
        self.packages = world.shelf(key, "packages", Package)
        self.cancellations = world.shelf(key, "cancellations", CancellationRequest)
        self.gestures = world.shelf(key, "gestures", Gesture)
        self.operations = world.shelf(key, "operations", Operation)
        self.discussions = world.shelf(key, "discussions", Discussion)
        self.invoice_imports = world.shelf(key, "invoice_imports", InvoiceImport)
        self._skus: dict[tuple[str, str], dict[str, None]] = {}
        for offer in self.offers.values():
            self._skus.setdefault((offer.ean, offer.condition), {})[offer.sku] = None
        self.orders = OrderBook(
            world.shelf(key, "orders", Order), lambda order: order_bytes(order, self.settings)
        )

    def now(self) -> datetime:
        """Octopia's own clock, to the millisecond."""
        return to_millisecond(self.world.now() + self.world.skew(self.key))

    def rng(self, name: str) -> random.Random:
        return self.world.rng(f"{self.key}/{name}")

    def later(self, seconds: float, action: str, **payload: object) -> None:
        self.world.set_timer(self.world.now() + timedelta(seconds=seconds), self.key, action, **payload)

    def touch(self, order: Order) -> None:
        """Every change of an order ends here: its `updatedAt` moves and it is kept."""
        order.updated_at = self.now()
        self.orders.put(order)

    def offer(self, sales_channel_id: str, sku: str) -> Offer | None:
        offer = self.offers.get(f"{sales_channel_id}/{sku}")
        return None if offer is None or offer.deleted else offer

    def keep_offer(self, offer: Offer) -> None:
        offer.updated_at = self.now()
        self.offers[f"{offer.sales_channel_id}/{offer.sku}"] = offer
        self._skus.setdefault((offer.ean, offer.condition), {})[offer.sku] = None

    def offers_of(self, sales_channel_id: str) -> list[Offer]:
        return [
            offer
            for offer in self.offers.values()
            if offer.sales_channel_id == sales_channel_id and not offer.deleted
        ]

    def offers_of_product(self, sales_channel_id: str, ean: str, condition: str) -> list[Offer]:
        skus = self._skus.get((ean, condition), ())
        found = (self.offer(sales_channel_id, sku) for sku in skus)
        return [one for one in found if one is not None and (one.ean, one.condition) == (ean, condition)]

    def quantity(self, offer: Offer) -> int:
        stock = self.stocks.get(f"{offer.ean}/{offer.condition}")
        return stock.quantity if stock else 0

    def set_quantity(self, offer: Offer, quantity: int) -> None:
        self.stocks[f"{offer.ean}/{offer.condition}"] = Stock(quantity=quantity)

    def product(self, ean: str) -> Product | None:
        return self.world.products_by_ean.get(ean)

    def party_of(self, sales_channel_id: str) -> str:
        return self.channels[sales_channel_id][0]


_ACCOUNTS: WeakKeyDictionary[World, dict[str, Account]] = WeakKeyDictionary()


def join_account(key: str, world: World, settings: Settings) -> Account:
    """The account of the party `key`: its own, or the one of the party that `account_of` names."""
    accounts = _ACCOUNTS.setdefault(world, {})
    owner = settings.account_of or key
    if owner not in accounts:
        if settings.account_of:
            raise ValueError(f"{key} is a sales channel of {owner}, which must be made before it")
        accounts[owner] = Account(owner, world, settings)
    account = accounts[owner]
    if settings.sales_channel_id in account.channels:
        raise ValueError(f"the account {owner} sells on {settings.sales_channel_id} already")
    account.channels[settings.sales_channel_id] = (key, settings)
    return account
