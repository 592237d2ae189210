"""The smallest marketplace there can be, to test the world through: `/ping`, `/orders`, `/ship/{id}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bazaar.party import World
from bazaar.world.facts import ListedOffer, Purchase, PurchaseChange, PurchaseLine, Timer
from bazaar.world.people import make_buyer


class Order(msgspec.Struct, kw_only=True):
    order_id: str
    lines: list[tuple[str, int, Decimal]]
    state: str = "open"


class CornerShop:
    kind = "corner_shop"
    currency = "EUR"

    def __init__(self, key: str, world: World, share: float = 1.0) -> None:
        self.key, self.world, self.share = key, world, share
        self.orders = world.shelf(key, "orders", Order)
        self.stock = world.shelf(key, "stock", int)
        for sku, product in world.products.items():
            self.stock.setdefault(sku, product.initial_stock)

    def routes(self) -> Sequence[BaseRoute]:
        async def ping(request: Request) -> Response:
            return JSONResponse({"pong": "x" * 400})

        async def orders(request: Request) -> Response:
            if request.method == "POST":
                sku = (await request.json())["sku"]
                return JSONResponse({"order_id": self.place_by_hand([(sku, 1)])}, 201)
            return JSONResponse(list(self.orders))

        async def ship(request: Request) -> Response:
            order = self.orders[request.path_params["id"]]
            order.state = "shipped"
            self.orders[order.order_id] = order
            self.world.record("order_shipped", self.key, order_id=order.order_id)
            return Response(status_code=204)

        return [
            Route("/ping", ping),
            Route("/orders", orders, methods=["GET", "POST"]),
            Route("/ship/{id}", ship, methods=["POST"]),
        ]

    def on_timer(self, timer: Timer) -> None:
        self.world.record("order_delivered", self.key, order_id=str(timer.payload["order_id"]))

    def describe(self) -> dict[str, object]:
        return {"api_key": f"{self.key}-secret", "orders": len(self.orders)}

    def listed_offers(self) -> Iterable[ListedOffer]:
        return filter(None, map(self.listed_offer, self.stock))

    def listed_offer(self, sku: str) -> ListedOffer | None:
        product = self.world.products[sku]
        return ListedOffer(
            sku=sku, ean=product.ean, price=product.list_price, quantity=self.stock[sku], active=True
        )

    def buy(self, purchase: Purchase) -> str | None:
        for line in purchase.lines:
            if not purchase.forced and self.stock[line.sku] < line.quantity:
                return None
        if not purchase.forced:
            for line in purchase.lines:
                self.stock[line.sku] -= line.quantity
        return self._place(purchase.lines)

    def place_by_hand(self, lines: Sequence[tuple[str, int]], buyer: object | None = None) -> str:
        make_buyer(self.world.rng(f"{self.key}/buyers"))
        return self._place([PurchaseLine(sku=sku, quantity=units) for sku, units in lines])

    def _place(self, lines: Iterable[PurchaseLine]) -> str:
        order_id = f"{self.key}-{len(self.orders) + 1:06d}"
        sold = [(x.sku, x.quantity, x.unit_price or self.world.products[x.sku].list_price) for x in lines]
        self.orders[order_id] = Order(order_id=order_id, lines=sold)
        told = [_told(number, *line) for number, line in enumerate(sold, 1)]
        self.world.record(
            "order_placed",
            self.key,
            order_id=order_id,
            amount=sum((Decimal(line["amount"]) for line in told), Decimal()),
            currency="EUR",
            lines=told,
        )
        return order_id

    def change(self, change: PurchaseChange) -> None:
        shipped = self.orders[change.order_id].state == "shipped"
        kind = "order_refunded" if shipped else "order_cancelled"
        for line in change.lines:
            self.world.record(kind, self.key, order_id=change.order_id, sku=line.sku, quantity=line.quantity)

    def order_states(self) -> Iterable[dict[str, object]]:
        return ({"order_id": order.order_id, "state": order.state} for order in self.orders.values())


def _told(number: int, sku: str, quantity: int, price: Decimal) -> dict[str, str]:
    amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {
        "line_id": str(number),
        "sku": sku,
        "quantity": str(quantity),
        "unit_price": str(price),
        "amount": str(amount),
        "shipping_amount": "0.00",
    }


def create(key: str, world: World, settings: Mapping[str, object]) -> CornerShop:
    return CornerShop(key, world, **dict(settings))
