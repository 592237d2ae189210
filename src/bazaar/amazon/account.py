"""The state of our merchant's account: its shelves, its clock, and what is found in them."""

from __future__ import annotations

import hashlib
import random
import uuid
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bazaar.amazon.places import PLACES, Place
from bazaar.amazon.records import (
    Destination,
    Document,
    Effect,
    Feed,
    Listing,
    Money,
    Order,
    Report,
    Subscription,
)
from bazaar.amazon.settings import Settings
from bazaar.party import World
from bazaar.world.facts import Product

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Account:
    """Every module of the party is a set of functions over it."""

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.client_id = settings.client_id or f"amzn1.application-oa2-client.{key}"
        self._first_secret = settings.client_secret or f"amzn1.oa2-cs.v1.{key}"
        self.refresh_token = settings.refresh_token or f"Atzr|{key}"
        self.places: dict[str, Place] = {PLACES[c].id: PLACES[c] for c in settings.countries}
        self.home = PLACES[settings.countries[0]]
        self.listings = world.shelf(key, "listings", Listing)
        self.orders = OrderBook(world, key)
        self.documents = world.shelf(key, "documents", Document)
        self.feeds = world.shelf(key, "feeds", Feed)
        self.reports = world.shelf(key, "reports", Report)
        self.effects = world.shelf(key, "effects", Effect)
        self.money = world.shelf(key, "money", Money)
        self.tokens = world.shelf(key, "tokens", datetime)
        self.destinations = world.shelf(key, "destinations", Destination)
        self.subscriptions = world.shelf(key, "subscriptions", Subscription)  # by notification type
        self.outbox = world.shelf(key, "outbox", dict[str, Any])  # notifications on their way
        self.counters = world.shelf(key, "counters", int)
        self.former_secrets = world.shelf(key, "former_secrets", datetime)  # until when each still works
        self._skus_by_asin: dict[str, dict[str, None]] = {}
        self._eans_by_asin: dict[str, str] = {}
        for listing in self.listings.values():
            self._skus_by_asin.setdefault(listing.asin, {})[listing.sku] = None

    @property
    def client_secret(self) -> str:
        """The newest: each rotation makes the next one."""
        number = self.counters.get("secrets", 0)
        return f"{self._first_secret}.{number}" if number else self._first_secret

    def knows_secret(self, secret: str | None) -> bool:
        if not secret:
            return False
        return secret == self.client_secret or (
            secret in self.former_secrets and self.former_secrets[secret] > self.now()
        )

    def now(self) -> datetime:
        """Amazon's own clock, to the second."""
        return (self.world.now() + self.world.skew(self.key)).replace(microsecond=0)

    def rng(self, name: str) -> random.Random:
        return self.world.rng(f"{self.key}/{name}")

    def later(self, seconds: float, action: str, **payload: object) -> None:
        self.world.set_timer(self.world.now() + timedelta(seconds=seconds), self.key, action, **payload)

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.rng("uuid").getrandbits(128), version=4))

    def number(self, name: str, start: int) -> int:
        self.counters[name] = self.counters.get(name, start) + 1
        return self.counters[name]

    def keep_listing(self, listing: Listing) -> None:
        listing.updated_at = self.now()
        self.listings[listing.sku] = listing
        self._skus_by_asin.setdefault(listing.asin, {})[listing.sku] = None

    def drop_listing(self, sku: str) -> None:
        listing = self.listings.pop(sku)
        self._skus_by_asin.get(listing.asin, {}).pop(sku, None)

    def listings_of(self, asin: str) -> list[Listing]:
        return [self.listings[sku] for sku in self._skus_by_asin.get(asin, ())]

    def product_of_asin(self, asin: str) -> Product | None:
        if len(self._eans_by_asin) != len(self.world.products_by_ean):
            self._eans_by_asin = {asin_of(ean): ean for ean in self.world.products_by_ean}
        return self.world.products_by_ean.get(self._eans_by_asin.get(asin, ""))


class OrderBook:
    """The orders, by id and by the instant of their last change."""

    def __init__(self, world: World, key: str) -> None:
        self._shelf = world.shelf(key, "orders", Order)
        self._by_change = sorted((order.updated_at, order.order_id) for order in self._shelf.values())

    def __len__(self) -> int:
        return len(self._shelf)

    def __iter__(self) -> Iterator[Order]:
        return iter(list(self._shelf.values()))

    def get(self, order_id: str) -> Order | None:
        return self._shelf.get(order_id)

    def put(self, order: Order, changed_at: datetime) -> None:
        """Keep it, moved to its new place among the changes."""
        place = bisect_left(self._by_change, (order.updated_at, order.order_id))
        if self._by_change[place : place + 1] == [(order.updated_at, order.order_id)]:
            del self._by_change[place]
        order.updated_at = changed_at
        insort(self._by_change, (changed_at, order.order_id))
        self._shelf[order.order_id] = order

    def changed(self, after: datetime, until: datetime, beyond: tuple[datetime, str] | None) -> list[str]:
        """Ids changed from `after` to `until`, both included, oldest first, those past `beyond` only."""
        start = bisect_left(self._by_change, (after, ""))
        if beyond is not None:
            start = max(start, bisect_right(self._by_change, beyond))
        end = bisect_right(self._by_change, (until, "\uffff"))
        return [order_id for _, order_id in self._by_change[start:end]]


def asin_of(ean: str) -> str:
    """The article of a barcode: `B0` and eight letters or digits that only depend on it."""
    number = int.from_bytes(hashlib.sha256(ean.encode()).digest()[:8], "big")
    letters = []
    for _ in range(8):
        number, rest = divmod(number, 36)
        letters.append(_ALPHABET[rest])
    return "B0" + "".join(letters)
