"""The state of our merchant's shop on one instance: its shelves, and what is found in them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from bazaar.mirakl.account import Account
from bazaar.mirakl.money import to_millisecond
from bazaar.mirakl.order_book import OrderBook
from bazaar.mirakl.order_json import JSON, order_fields
from bazaar.mirakl.order_records import Document, Order, Shipment
from bazaar.mirakl.records import Export, Import, Invoice, Offer, Return, Thread, Transaction
from bazaar.mirakl.settings import Settings
from bazaar.party import World
from bazaar.world.facts import Product


class Shop:
    """One seller account. Every module of the party is a set of functions over it."""

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.world = world
        self.settings = settings
        self.api_key = settings.api_key or f"{key}-api-key"
        self.offers = world.shelf(key, "offers", Offer)  # by our SKU
        self.last_search: dict[tuple[object, ...], list[Offer]] = {}  # of OF21, until an offer changes
        self.imports = world.shelf(key, "imports", Import)
        self.exports = world.shelf(key, "exports", Export)
        self.account = Account(world.shelf(key, "transactions", Transaction))
        self.invoices = world.shelf(key, "invoices", Invoice)
        self.threads = world.shelf(key, "threads", Thread)
        self.returns = world.shelf(key, "returns", Return)
        self.shipments = world.shelf(key, "shipments", Shipment)
        self._shipments_of: dict[str, list[str]] = {}
        for shipment in self.shipments.values():
            self._shipments_of.setdefault(shipment.order_id, []).append(shipment.id)
        self.documents = world.shelf(key, "documents", Document)
        self.orders = OrderBook(world.shelf(key, "orders", Order), self._order_bytes)
        self._skus_by_offer_id: dict[int, str] = {}
        self._skus_by_ean: dict[str, dict[str, None]] = {}  # a dict keeps the order in which they came
        for offer in self.offers.values():
            self._index(offer)
        self.opened_at = self.now()

    def now(self) -> datetime:
        """The instance's own clock, to the millisecond."""
        return to_millisecond(self.world.now() + self.world.skew(self.key))

    def rng(self, name: str) -> random.Random:
        return self.world.rng(f"{self.key}/{name}")

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self.rng("uuid").getrandbits(128), version=4))

    def later(self, seconds: float, action: str, **payload: object) -> None:
        self.world.set_timer(self.world.now() + timedelta(seconds=seconds), self.key, action, **payload)

    def touch(self, order: Order) -> None:
        """Every change of an order ends here: its last_updated_date moves and it is kept."""
        order.updated_at = self.now()
        self.orders.put(order)

    def keep_shipment(self, shipment: Shipment) -> None:
        shipment.updated_at = self.now()
        if shipment.id not in self.shipments:
            self._shipments_of.setdefault(shipment.order_id, []).append(shipment.id)
        self.shipments[shipment.id] = shipment

    def shipments_of(self, order_id: str) -> list[Shipment]:
        return [self.shipments[one] for one in self._shipments_of.get(order_id, ())]

    def offer_by_id(self, offer_id: int) -> Offer | None:
        offer = self.offers.get(self._skus_by_offer_id.get(offer_id, ""))
        return None if offer is None or offer.deleted else offer

    def offer(self, sku: str) -> Offer | None:
        offer = self.offers.get(sku)
        return None if offer is None or offer.deleted else offer

    def live_offers(self) -> Iterator[Offer]:
        return (offer for offer in self.offers.values() if not offer.deleted)

    def offers_of(self, ean: str) -> list[Offer]:
        """Our offers on one product: usually one, more when its conditions differ."""
        offers = (self.offer(sku) for sku in self._skus_by_ean.get(ean, ()))
        return [offer for offer in offers if offer is not None]

    def keep_offer(self, offer: Offer) -> None:
        offer.updated_at = self.now()
        self.offers[offer.sku] = offer
        self.last_search.clear()
        self._index(offer)

    def _index(self, offer: Offer) -> None:
        self._skus_by_offer_id[offer.offer_id] = offer.sku
        self._skus_by_ean.setdefault(offer.ean, {})[offer.sku] = None

    def next_offer_id(self) -> int:
        return 2000 + len(self.offers)

    def product(self, id_type: str, reference: str) -> Product | None:
        """A product of the operator's catalogue: by EAN, by his SKU, or by ours."""
        if id_type == "EAN":
            return self.world.products_by_ean.get(reference)
        if id_type == "SKU":
            return self.world.products_by_ean.get(ean_of(reference))
        return self.world.products.get(reference) if id_type == "SHOP_SKU" else None

    def _order_bytes(self, order: Order) -> bytes:
        return JSON.encode(order_fields(order, self.settings))


def product_sku(ean: str) -> str:
    """The operator's SKU of a product; P11 takes it in product_ids, where an EAN finds nothing."""
    return f"MKP{ean}"


def ean_of(sku: str) -> str:
    return sku.removeprefix("MKP") if sku.startswith("MKP") else ""
