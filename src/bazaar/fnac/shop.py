"""The state of our merchant's shop on one storefront: its shelves, and what is found in them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bazaar.fnac.records import Batch, Comment, Incident, Invoice, Message, Offer, Order, Session
from bazaar.fnac.settings import MARKETS, STOREFRONTS, Settings
from bazaar.party import World
from bazaar.world.facts import Product

CURRENCY = "EUR"
_NAMES = uuid.UUID("6f2d0a53-6b1e-4d7c-9a52-0c4f1f0a7b11")


class Shop:
    """One seller account. Every module of the party is a set of functions over it."""

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.storefront = settings.storefront or _storefront(key)
        self.market = MARKETS.get(self.storefront, "FR")
        self.partner_id = _uuid("partner")
        self.shop_id = _uuid(f"shop/{key}")
        self.api_key = settings.api_key or f"{key}-api-key"
        self.sessions = world.shelf(key, "sessions", Session)
        self.offers = world.shelf(key, "offers", Offer)  # by our SKU
        self.orders = world.shelf(key, "orders", Order)
        self.batches = world.shelf(key, "batches", Batch)
        self.messages = world.shelf(key, "messages", Message)
        self.incidents = world.shelf(key, "incidents", Incident)
        self.comments = world.shelf(key, "comments", Comment)
        self.invoices = world.shelf(key, "invoices", Invoice)
        self.marks = world.shelf(key, "marks", bool)  # what was begun once for all
        self._zone = ZoneInfo(settings.timezone)

    def now(self) -> datetime:
        """The storefront's own clock, in whole seconds and its own hour, as it writes its dates."""
        here = (self.world.now() + self.world.skew(self.key)).astimezone(self._zone)
        return here.replace(microsecond=0)

    def exact_now(self) -> datetime:
        return self.world.now() + self.world.skew(self.key)

    def rng(self, name: str) -> random.Random:
        return self.world.rng(f"{self.key}/{name}")

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self.rng("uuid").getrandbits(128), version=4)).upper()

    def later(self, seconds: float, action: str, **payload: object) -> None:
        self.world.set_timer(self.world.now() + timedelta(seconds=seconds), self.key, action, **payload)

    def touch(self, order: Order) -> None:
        """Every change of an order ends here: its date of change moves and it is kept."""
        order.updated_at = self.now()
        self.orders[order.order_id] = order

    def offer(self, sku: str) -> Offer | None:
        offer = self.offers.get(sku)
        return None if offer is None or offer.deleted else offer

    def live_offers(self) -> Iterator[Offer]:
        return (offer for offer in self.offers.values() if not offer.deleted)

    def keep_offer(self, offer: Offer) -> None:
        offer.updated_at = self.now()
        self.offers[offer.sku] = offer

    def product(self, kind: str, reference: str) -> Product | None:
        """A product of Fnac's catalogue, by EAN or by Fnac's own id."""
        ean = ean_of(reference) if kind == "FnacId" else reference
        return self.world.products_by_ean.get(ean) if kind in ("Ean", "FnacId") else None

    def new_order_id(self) -> str:
        """Thirteen characters; the number within keeps it unique, the rest unpredictable."""
        number = len(self.orders) + 1
        return f"{number:06X}{self.rng('order-ids').getrandbits(28):07X}"


def product_id(ean: str) -> str:
    """Fnac's own id of a product: digits, and not an EAN."""
    return f"7{ean}"


def ean_of(reference: str) -> str:
    return reference[1:] if reference.startswith("7") else ""


def _storefront(key: str) -> str:
    number = key.rpartition("-")[2]
    return STOREFRONTS[(int(number) - 1) % len(STOREFRONTS) if number.isdigit() else 0]


def _uuid(name: str) -> str:
    return str(uuid.uuid5(_NAMES, name)).upper()
