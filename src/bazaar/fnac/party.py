"""One simulated Fnac Darty storefront: its services, its timers, and the buyers who buy there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from bazaar.fnac import (
    batches,
    buying,
    comments,
    incidents,
    invoices,
    messages,
    order_life,
    orders_read,
    orders_write,
    pricing,
    reference,
    sessions,
)
from bazaar.fnac.exchange import Handler, RefusedError, refused
from bazaar.fnac.gate import make_routes
from bazaar.fnac.offers_read import offers_query
from bazaar.fnac.offers_write import batch_query, batch_status, offers_update
from bazaar.fnac.order_states import order_state
from bazaar.fnac.records import Line, Offer, Order
from bazaar.fnac.settings import Settings
from bazaar.fnac.shop import CURRENCY, Shop
from bazaar.party import World
from bazaar.world.facts import Buyer, ListedOffer, Purchase, PurchaseChange, PurchaseLine, Timer

HANDLERS: Mapping[str, Handler] = {
    "auth": sessions.auth,
    "orders_query": orders_read.orders_query,
    "orders_update": orders_write.orders_update,
    "offers_query": offers_query,
    "offers_update": offers_update,
    "batch_status": batch_status,
    "batch_query": batch_query,
    "carriers_query": reference.carriers_query,
    "pricing_query": pricing.pricing_query,
    "messages_query": messages.messages_query,
    "messages_update": messages.messages_update,
    "incidents_query": incidents.incidents_query,
    "incidents_update": incidents.incidents_update,
    "client_order_comments_query": comments.comments_query,
    "client_order_comments_update": comments.comments_update,
    "shop_invoices_query": invoices.invoices_query,
}
BILLING = "billing"
GIVEN_UP = frozenset({"ToAccept", "Accepted", "ToShip"})
SENT_BACK = frozenset({"Shipped", "NotReceived", "Received"})
HAND_BUYER = Buyer(
    firstname="Ada",
    lastname="Lovelace",
    street_1="12 rue des Écoles",
    street_2="",
    postcode="75005",
    city="Paris",
    country="FR",
    email="ada@example.com",
    phone="+33100000000",
)


class FnacParty:
    kind = "fnac"

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.currency = CURRENCY
        self.share = settings.share
        self.shop = Shop(key, world, settings)
        if settings.initial_offers == "all" and not self.shop.offers:
            for product in world.products.values():
                batches.put_on_sale(self.shop, product)
        self._begin_billing()

    def _begin_billing(self) -> None:
        """Once in the life of the shop: after a restart the timer that waits is still there."""
        if BILLING not in self.shop.marks:
            self.shop.marks[BILLING] = True
            invoices.plan(self.shop)

    def routes(self) -> Sequence[BaseRoute]:
        return make_routes(self.shop, HANDLERS)

    def refusal(self, status: int) -> Response:
        """What stands in the body when the wire refuses: XML below 500, a proxy's page above."""
        if status >= 500:
            return HTMLResponse(f"<html><body><h1>{status}</h1></body></html>", status)
        words = "Too many requests." if status == 429 else "Authentication failed."
        response = refused("auth", RefusedError(self.shop.settings.session_error, words))
        response.status_code = status
        return response

    def on_timer(self, timer: Timer) -> None:
        given = {name: str(value) for name, value in timer.payload.items()}
        match timer.action:
            case "step":
                order_life.step(self.shop, given["order_id"], given["leaves"])
            case "batch_run":
                batches.run(self.shop, given["batch_id"])
            case "batch_complete":
                batches.complete(self.shop, given["batch_id"])
            case "bill":
                invoices.bill(self.shop)
            case unknown:
                raise ValueError(f"{self.key} never set a timer for {unknown!r}")

    def describe(self) -> dict[str, object]:
        states: dict[str, int] = {}
        for order in self.shop.orders.values():
            state = order_state(line.state for line in order.lines)
            states[state] = states.get(state, 0) + 1
        return {
            "protocol": "Fnac Darty marketplace, XML API 2.6",
            "connector": "fnac",
            "name": self.shop.storefront,
            "settings": {
                "partner_id": self.shop.partner_id,
                "shop_id": self.shop.shop_id,
                "key": self.shop.api_key,
                "shop_name": self.shop.settings.shop_name,
                "market": self.shop.market,
            },
            "path": f"/{self.key}/api.php",
            "partner_id": self.shop.partner_id,
            "shop_id": self.shop.shop_id,
            "api_key": self.shop.api_key,
            "shop_name": self.shop.settings.shop_name,
            "offers": sum(1 for _ in self.shop.live_offers()),
            "orders": states,
        }

    # --- buyers -----------------------------------------------------------------------------------------

    def listed_offers(self) -> Iterable[ListedOffer]:
        return (_listed(offer) for offer in self.shop.live_offers())

    def listed_offer(self, sku: str) -> ListedOffer | None:
        offer = self.shop.offer(sku)
        return None if offer is None else _listed(offer)

    def buy(self, purchase: Purchase) -> str | None:
        return buying.buy(self.shop, purchase)

    def place_by_hand(self, lines: Sequence[tuple[str, int]], buyer: object | None = None) -> str:
        purchase = Purchase(
            at=self.shop.world.now(),
            buyer=buyer if isinstance(buyer, Buyer) else HAND_BUYER,
            lines=tuple(PurchaseLine(sku=sku, quantity=quantity) for sku, quantity in lines),
            forced=True,
        )
        order_id = self.buy(purchase)
        assert order_id is not None, "a forced purchase is never missed"
        return order_id

    def change(self, change: PurchaseChange) -> None:
        """The buyer gives up a line that has not left, or sends it back.

        Fnac knows whole lines only: a part of a line's units takes the whole line with it. Lines which are
        already given back are left alone. Raises KeyError for an unknown order or SKU.
        """
        order = self.shop.orders[change.order_id]
        by_sku = {line.sku: line for line in order.lines}
        for wanted in change.lines:
            line = by_sku[wanted.sku]
            if wanted.quantity > 0 and line.state in GIVEN_UP | SENT_BACK:
                order_life.give_back(self.shop, order, line, by="buyer", reason=change.reason)

    def write_message(self, order_id: str, subject: str, body: str) -> str:
        """The buyer writes; the message's id."""
        return messages.buyer_writes(self.shop, self.shop.orders[order_id], subject, body)

    def open_incident(self, order_id: str, numbers: list[int], kind: str, words: str) -> str:
        """The buyer complains about lines; `kind` 1 is « not received ». The incident's id."""
        return incidents.buyer_complains(self.shop, self.shop.orders[order_id], numbers, kind, words)

    def write_comment(self, order_id: str, rate: int, text: str) -> str:
        """The buyer says how it was, with 0 to 5 stars; the comment's id."""
        return comments.buyer_comments(self.shop, self.shop.orders[order_id], rate, text)

    def order_states(self) -> Iterable[dict[str, object]]:
        return (_state(order) for order in self.shop.orders.values())


def _listed(offer: Offer) -> ListedOffer:
    return ListedOffer(
        sku=offer.sku, ean=offer.ean, price=offer.price, quantity=offer.quantity, active=offer.quantity > 0
    )


def _is_cancelled(line: Line) -> bool:
    return line.state == "Cancelled" or (line.state == "Refunded" and line.shipped_at is None)


def _state(order: Order) -> dict[str, object]:
    lines = [
        {
            "line_id": str(line.number),
            "sku": line.sku,
            "quantity": line.quantity,
            "state": line.state,
            "cancelled": line.quantity if _is_cancelled(line) else 0,
            "refunded": str(line.total if line.state == "Refunded" and line.shipped_at else 0),
            "total": str(line.total),
        }
        for line in order.lines
    ]
    return {
        "order_id": order.order_id,
        "state": order_state(line.state for line in order.lines),
        "total": order.total,
        "currency": CURRENCY,
        "placed_at": order.created_at,
        "lines": lines,
    }
