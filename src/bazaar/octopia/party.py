"""One sales channel of an Octopia account: its routes, its timers, and the buyers who buy there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from bazaar.octopia import (
    account_calls,
    buying,
    cancellation_calls,
    discussion_calls,
    finance_calls,
    gesture_calls,
    invoice_calls,
    offer_calls,
    order_calls,
    order_life,
    package_calls,
    package_life,
    xml_calls,
)
from bazaar.octopia.account import join_account
from bazaar.octopia.exchange import Operation, problem
from bazaar.octopia.gate import make_routes
from bazaar.octopia.offer_records import Offer
from bazaar.octopia.opening import HAND_BUYER, put_on_sale
from bazaar.octopia.order_records import LEFT, Order
from bazaar.octopia.settings import Settings
from bazaar.party import World
from bazaar.world.facts import Buyer, ListedOffer, Purchase, PurchaseChange, PurchaseLine, Timer

ROOMS = (
    account_calls,
    order_calls,
    cancellation_calls,
    gesture_calls,
    package_calls,
    xml_calls,
    offer_calls,
    finance_calls,
    discussion_calls,
    invoice_calls,
)


class OctopiaParty:
    kind = "octopia"

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.currency = settings.currency
        self.share = settings.share
        self.settings = settings
        self.account = join_account(key, world, settings)
        if settings.initial_offers == "all" and not self.account.offers_of(settings.sales_channel_id):
            for product in world.products.values():
                put_on_sale(self.account, settings, product)

    def routes(self) -> Sequence[BaseRoute]:
        """The whole account's API: sales channels of one account are told apart by its parameters."""
        return make_routes(self.account, all_operations())

    def refusal(self, status: int) -> Response:
        """A fault of the wire in Octopia's own form; what fails before Octopia answers is a bare page."""
        if status >= 502:
            return Response(f"<html><h1>{status}</h1></html>", status, None, "text/html")
        return problem(status)

    def on_timer(self, timer: Timer) -> None:
        account, given = self.account, {name: str(value) for name, value in timer.payload.items()}
        match timer.action:
            case "step":
                order_life.step(account, given["order_id"], given["leaves"])
            case "warehouse":
                order_life.warehouse_ships(account, self._order(given["order_id"]))
            case "cancellation":
                cancellation_calls.carry_out(account, given["request_id"])
            case "package_run":
                package_life.run(account, given["package_id"])
            case "package_end":
                package_life.integrate(account, given["package_id"])
            case "invoice":
                invoice_calls.take_in(account, given["import_id"])
            case unknown:
                raise ValueError(f"{self.key} never set a timer for {unknown!r}")

    def describe(self) -> dict[str, object]:
        account = self.account
        states = Counter(order.state for order in account.orders.all() if order.party == self.key)
        return {
            "protocol": "Octopia seller API v2",
            "connector": "octopia",
            "settings": {
                "client_id": account.client_id,
                "client_secret": account.client_secret,
                "seller_id": account.seller_id,
                "sales_channel_id": self.settings.sales_channel_id,
                "currency": self.settings.currency,
                "delivery_modes": "TRK:4.90:1.00",
                "cancellation_reason": "seller-out-of-stock",
                "refund_reason": "sim-returned",
                "requests_per_second": account.settings.requests_per_second,
                "requests_in_a_row": account.settings.requests_in_a_row,
            },
            "address": account.settings.base_url,
            "path": f"/{self.key}",
            "account": account.key,
            "offers": len(account.offers_of(self.settings.sales_channel_id)),
            "orders": dict(states),
        }

    def listed_offers(self) -> Iterable[ListedOffer]:
        return [self._listed(offer) for offer in self.account.offers_of(self.settings.sales_channel_id)]

    def listed_offer(self, sku: str) -> ListedOffer | None:
        offer = self.account.offer(self.settings.sales_channel_id, sku)
        return None if offer is None else self._listed(offer)

    def buy(self, purchase: Purchase) -> str | None:
        return buying.buy(self.account, self.settings, purchase)

    def place_many(self, purchases: Iterable[Purchase]) -> list[str]:
        """For benchmarks: every purchase becomes an order, whatever the offers say."""
        return buying.place_many(self.account, self.settings, purchases)

    def place_by_hand(self, lines: Sequence[tuple[str, int]], buyer: object | None = None) -> str:
        purchase = Purchase(
            at=self.account.world.now(),
            buyer=buyer if isinstance(buyer, Buyer) else HAND_BUYER,
            lines=tuple(PurchaseLine(sku=sku, quantity=quantity) for sku, quantity in lines),
            forced=True,
        )
        order_id = self.buy(purchase)
        assert order_id is not None, "a forced purchase is never missed"
        return order_id

    def change(self, change: PurchaseChange) -> None:
        """Whole lines only: Octopia knows no quantity below a line, so a part of one is kept by the buyer.

        Raises KeyError for an unknown order or SKU.
        """
        order = self._order(change.order_id)
        for wanted in change.lines:
            line = next((one for one in order.lines if one.sku == wanted.sku), None)
            if line is None:
                raise KeyError(f"{order.order_id} has no line of {wanted.sku}")
            if not line.ended and wanted.quantity >= line.quantity:
                reason = "sim-returned" if line.state in LEFT else "sim-customer-request"
                order_life.end_line(self.account, order, line, by="buyer", reason=reason)
        order_life.settle(self.account, order)

    def write_message(self, order_id: str, subject: str, body: str) -> str:
        """A buyer writes about his order; returns the discussion's id."""
        return discussion_calls.customer_writes(self.account, self._order(order_id), subject, body)

    def order_states(self) -> Iterable[dict[str, object]]:
        return [_state(order) for order in self.account.orders.all() if order.party == self.key]

    def _order(self, order_id: str) -> Order:
        order = self.account.orders.get(order_id)
        if order is None:
            raise KeyError(f"{self.key} has no order {order_id}")
        return order

    def _listed(self, offer: Offer) -> ListedOffer:
        quantity = self.account.quantity(offer)
        return ListedOffer(
            sku=offer.sku, ean=offer.ean, price=offer.price, quantity=quantity, active=quantity > 0
        )


def all_operations() -> list[Operation]:
    return [operation for room in ROOMS for operation in room.operations()]


def _state(order: Order) -> dict[str, object]:
    lines = [
        {"line_id": x.line_id, "sku": x.sku, "quantity": x.quantity, "state": x.state, "total": str(x.total)}
        for x in order.lines
    ]
    return {
        "order_id": order.order_id,
        "state": order.state,
        "total": order.total,
        "currency": order.currency,
        "placed_at": order.created_at,
        "lines": lines,
    }
