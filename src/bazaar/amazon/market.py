"""The party itself: its routes, its timers, and what the world asks of a marketplace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bazaar.amazon import (
    application_calls,
    buying,
    catalog_calls,
    documents,
    feed_calls,
    finance_calls,
    gate,
    giving_back,
    listing_calls,
    notification_calls,
    order_life,
    orders_read,
    pricing_calls,
    report_calls,
    seller_calls,
    shipments,
    sqs,
    tokens,
)
from bazaar.amazon.account import Account, asin_of
from bazaar.amazon.exchange import Operation, answer
from bazaar.amazon.listings import is_buyable, price_at
from bazaar.amazon.product_types import schema_of
from bazaar.amazon.records import Listing, Order
from bazaar.amazon.sandbox import Sandbox
from bazaar.amazon.settings import Settings
from bazaar.party import World
from bazaar.world.facts import Buyer, ListedOffer, Purchase, PurchaseChange, PurchaseLine, Timer
from bazaar.world.people import make_buyer
from bazaar.world.randomness import NamedRandom, digest, unit

OPERATIONS: tuple[Operation, ...] = (
    *orders_read.OPERATIONS,
    *shipments.OPERATIONS,
    *listing_calls.OPERATIONS,
    *feed_calls.OPERATIONS,
    *report_calls.OPERATIONS,
    *pricing_calls.OPERATIONS,
    *catalog_calls.OPERATIONS,
    *seller_calls.OPERATIONS,
    *finance_calls.OPERATIONS,
    *notification_calls.OPERATIONS,
    *tokens.OPERATIONS,
    *application_calls.OPERATIONS,
)


class AmazonMarket:
    kind = "amazon"

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.account = Account(key, world, settings)
        self.share = settings.share
        self.currency = self.account.home.currency
        if "opened" not in self.account.counters:
            self.account.counters["opened"] = 1
            report_calls.start_settlements(self.account)
        self._stock_shelves()

    def routes(self) -> Sequence[BaseRoute]:
        account = self.account
        if account.settings.sandbox:
            lwa = Route("/auth/o2/token", tokens.lwa(account), methods=["POST"])
            return [lwa, *Sandbox(account, Path(account.settings.sandbox)).routes()]
        return [
            Route("/auth/o2/token", tokens.lwa(account), methods=["POST"]),
            Route("/documents/{document_id}", documents.endpoint(account), methods=["GET", "PUT"]),
            Route("/schemas/{product_type}", _schema, methods=["GET"]),
            *gate.Gate(account).routes(OPERATIONS),
        ]

    def refusal(self, status: int) -> Response:
        return gate.refusal(status)

    def on_timer(self, timer: Timer) -> None:
        _ACTIONS[timer.action](self.account, **timer.payload)

    def describe(self) -> dict[str, object]:
        account = self.account
        return {
            "protocol": "Amazon Selling Partner API",
            "connector": "amazon",
            "settings": {
                "client_id": account.client_id,
                "client_secret": account.client_secret,
                "refresh_token": account.refresh_token,
                "seller_id": account.settings.seller_id,
                "country": account.home.country,
            },
            "marketplaces": list(account.settings.countries),
            "offers": len(account.listings),
            "orders": len(account.orders),
            "feeds": len(account.feeds),
        }

    # --- what the world asks ----------------------------------------------------------------------------

    def listed_offers(self) -> Iterable[ListedOffer]:
        self._stock_shelves()
        return (offer for sku in list(self.account.listings) if (offer := self.listed_offer(sku)) is not None)

    def listed_offer(self, sku: str) -> ListedOffer | None:
        self._stock_shelves()
        listing = self.account.listings.get(sku)
        place = self.account.home.id
        if listing is None or place not in listing.prices:
            return None
        price = price_at(listing, place, self.account.now())
        assert price is not None, f"{sku} is on sale in {place} without a price"
        return ListedOffer(
            sku=sku,
            ean=listing.ean,
            price=price,
            quantity=listing.available,
            active=is_buyable(listing, place),
        )

    def buy(self, purchase: Purchase) -> str | None:
        return buying.buy(self.account, purchase)

    def change(self, change: PurchaseChange) -> None:
        giving_back.change(self.account, change)

    def place_by_hand(self, lines: Sequence[tuple[str, int]], buyer: object | None = None) -> str:
        account = self.account
        who = buyer if isinstance(buyer, Buyer) else _somebody(account)
        wanted = tuple(PurchaseLine(sku=sku, quantity=quantity) for sku, quantity in lines)
        order_id = self.buy(Purchase(at=account.now(), buyer=who, lines=wanted, forced=True))
        assert order_id is not None, "a forced purchase is never missed"
        return order_id

    def order_states(self) -> Iterable[dict[str, object]]:
        return (_state(order) for order in self.account.orders)

    def _stock_shelves(self) -> None:
        """With `initial_offers: all`, once the world has its products: everything is on sale, at list price."""
        account = self.account
        if account.settings.initial_offers != "all" or "stocked" in account.counters:
            return
        if not account.world.products:
            return
        account.counters["stocked"] = 1
        for product in account.world.products.values():
            share = account.settings.amazon_stock_rate
            by_amazon = unit(account.world.seed, "by amazon", self.key, product.sku) < share
            now = account.now()
            account.keep_listing(
                Listing(
                    sku=product.sku,
                    asin=asin_of(product.ean),
                    ean=product.ean,
                    created_at=now,
                    updated_at=now,
                    quantity=0 if by_amazon else product.initial_stock,
                    prices=dict.fromkeys(account.places, product.list_price),
                    amazon_quantity=product.initial_stock if by_amazon else None,
                )
            )


def _somebody(account: Account) -> Buyer:
    return make_buyer(NamedRandom(digest(account.world.seed, "by hand", account.key, len(account.orders))))


def _state(order: Order) -> dict[str, object]:
    lines = [
        {
            "line_id": item.item_id,
            "sku": item.sku,
            "quantity": item.quantity,
            "shipped": item.shipped,
            "cancelled": item.cancelled,
            "refunded": item.refunded,
        }
        for item in order.items
    ]
    return {
        "order_id": order.order_id,
        "state": order.state,
        "total": order.total,
        "currency": order.currency,
        "placed_at": order.created_at,
        "lines": lines,
    }


async def _schema(request: Any) -> Response:
    schema = schema_of(str(request.path_params["product_type"]))
    return answer(schema) if schema else Response(status_code=404)


_ACTIONS: dict[str, Callable[..., None]] = {
    "authorise": order_life.authorise,
    "amazon_ships": order_life.amazon_ships,
    "deliver": order_life.deliver,
    "effect": listing_calls.take_effect,
    "feed_begins": feed_calls.begin,
    "feed_ends": feed_calls.end,
    "report_ends": report_calls.end,
    "settle": report_calls.settle,
    "send_notices": sqs.deliver,
}
