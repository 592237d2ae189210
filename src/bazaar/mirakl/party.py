"""One simulated Mirakl marketplace: its routes, its timers, and the buyers who buy there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.routing import BaseRoute

from bazaar.mirakl import (
    buying,
    competition,
    documents,
    exports,
    giving_back,
    import_calls,
    imports,
    inbox,
    ledger,
    ledger_json,
    money_back,
    offer_rules,
    offers_read,
    order_life,
    order_updates,
    orders_read,
    orders_write,
    platform,
    reference_calls,
    returns,
    shipments,
)
from bazaar.mirakl.exchange import Operation
from bazaar.mirakl.gate import make_routes
from bazaar.mirakl.order_records import Line, Order
from bazaar.mirakl.records import Offer
from bazaar.mirakl.reference import reason_label
from bazaar.mirakl.settings import Settings
from bazaar.mirakl.shop import Shop
from bazaar.party import World
from bazaar.world.facts import Buyer, ListedOffer, Purchase, PurchaseChange, PurchaseLine, Timer

ROOMS = (
    platform,
    reference_calls,
    orders_read,
    orders_write,
    order_updates,
    money_back,
    documents,
    shipments,
    returns,
    offers_read,
    import_calls,
    exports,
    competition,
    ledger_json,
    inbox,
)
NOT_WANTED, SENT_BACK = "34", "16"  # reasons of a buyer's cancelation and of a refund after a return
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


class MiraklParty:
    kind = "mirakl"

    def __init__(self, key: str, world: World, settings: Settings) -> None:
        self.key = key
        self.currency = settings.currency
        self.share = settings.share
        self.shop = Shop(key, world, settings)
        if settings.initial_offers == "all" and not self.shop.offers:
            for product in world.products.values():
                offer_rules.put_on_sale(self.shop, product)

    def routes(self) -> Sequence[BaseRoute]:
        return make_routes(self.shop, all_operations())

    def on_timer(self, timer: Timer) -> None:
        shop, given = self.shop, {name: str(value) for name, value in timer.payload.items()}
        match timer.action:
            case "step":
                order_life.step(shop, given["order_id"], given["leaves"])
            case "refund":
                giving_back.move_refund(shop, given["order_id"], given["id"])
            case "import_run":
                imports.run(shop, given["import_id"])
            case "import_complete":
                imports.complete(shop, given["import_id"])
            case "export":
                exports.complete(shop, given["tracking_id"])
            case "payout":
                ledger.pay_out(shop)
            case unknown:
                raise ValueError(f"{self.key} never set a timer for {unknown!r}")

    def describe(self) -> dict[str, object]:
        states: dict[str, int] = {}
        for order in self.shop.orders.all():
            states[order.state] = states.get(order.state, 0) + 1
        return {
            "protocol": "Mirakl MMP, seller API",
            "connector": "mirakl",
            "settings": {
                "api_key": self.shop.api_key,
                "shop_id": self.shop.settings.shop_id,
                "refund_reason": "15",
            },
            "api_key": self.shop.api_key,
            "shop_id": self.shop.settings.shop_id,
            "shop_name": self.shop.settings.shop_name,
            "offers": sum(1 for _ in self.shop.live_offers()),
            "orders": states,
        }

    def listed_offers(self) -> Iterable[ListedOffer]:
        return (self._listed(offer) for offer in self.shop.live_offers())

    def listed_offer(self, sku: str) -> ListedOffer | None:
        offer = self.shop.offer(sku)
        return None if offer is None else self._listed(offer)

    def _listed(self, offer: Offer) -> ListedOffer:
        now = self.shop.now()
        price = offer.price_for(now, None)
        unit = price.unit(now) if price else self.shop.world.products_by_ean[offer.ean].list_price
        return ListedOffer(
            sku=offer.sku, ean=offer.ean, price=unit, quantity=offer.quantity, active=offer.is_active(now)
        )

    def buy(self, purchase: Purchase) -> str | None:
        return buying.buy(self.shop, purchase)

    def place_many(self, purchases: Iterable[Purchase]) -> list[str]:
        """For benchmarks: every purchase becomes an order, whatever the offers say."""
        return buying.place_many(self.shop, purchases)

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
        """Before shipping the units are cancelled; after it they come back and are refunded.

        Units which are already given back are left alone. Raises KeyError for an unknown order or SKU.
        """
        order = self._order(change.order_id)
        shipped = order.state in {"SHIPPED", "TO_COLLECT", "RECEIVED", "CLOSED"}
        sent_back = []
        for wanted in change.lines:
            line = self._line(order, wanted.sku)
            if shipped:
                count = self._take_back(order, line, wanted.quantity)
                sent_back.append((line.line_id, count))
            else:
                self._cancel(order, line, wanted.quantity)
        order_life.settle_state(order)
        self.shop.touch(order)
        if sent_back:
            returns.open_return(self.shop, order, sent_back)

    def _cancel(self, order: Order, line: Line, quantity: int) -> None:
        count = min(quantity, line.quantity - line.cancelled_quantity)
        if count > 0 and not line.is_closed:
            price, shipping = giving_back.amounts_for(line, count)
            giving_back.cancel_line(self.shop, order, line, count, price, shipping, NOT_WANTED, by="buyer")

    def _take_back(self, order: Order, line: Line, quantity: int) -> int:
        returned = sum(one.quantity for one in line.refunds)
        count = max(0, min(quantity, line.quantity - line.cancelled_quantity - returned))
        price, shipping = giving_back.amounts_for(line, count)
        if count and price + shipping > 0:
            giving_back.refund_line(self.shop, order, line, count, price, shipping, SENT_BACK, by="buyer")
        return count

    def open_incident(self, order_id: str, line_id: str, reason_code: str = "2") -> None:
        """A buyer complains about a line: INCIDENT_OPEN until OR64."""
        order = self._order(order_id)
        line = order.line(line_id)
        label = reason_label(reason_code, "INCIDENT_OPEN")
        if line is None or label is None:
            raise KeyError(f"{line_id} or reason {reason_code} is unknown")
        order_life.open_incident(self.shop, line, order, reason_code, label)

    def write_message(self, order_id: str, topic: str, body: str) -> str:
        """A buyer writes to the shop; returns the thread's id."""
        return inbox.customer_writes(self.shop, self._order(order_id), topic, body)

    def cancel_by_operator(self, order_id: str) -> None:
        """The operator cancels what is not shipped: fraud, a failed debit."""
        order = self._order(order_id)
        if order.state in {"SHIPPED", "TO_COLLECT", "RECEIVED", "CLOSED", "REFUSED", "CANCELED"}:
            raise ValueError(f"{order_id} is {order.state}: too late to cancel it")
        giving_back.cancel_order(self.shop, order, "36", by="operator")

    def order_states(self) -> Iterable[dict[str, object]]:
        return (_state(order) for order in self.shop.orders.all())

    def _order(self, order_id: str) -> Order:
        order = self.shop.orders.get(order_id)
        if order is None:
            raise KeyError(f"{self.key} has no order {order_id}")
        return order

    def _line(self, order: Order, sku: str) -> Line:
        line = next((one for one in order.lines if one.sku == sku), None)
        if line is None:
            raise KeyError(f"{order.order_id} has no line of {sku}")
        return line


def all_operations() -> list[Operation]:
    return [operation for room in ROOMS for operation in room.operations()]


def _state(order: Order) -> dict[str, object]:
    lines = [
        {
            "line_id": line.line_id,
            "sku": line.sku,
            "quantity": line.quantity,
            "state": line.state,
            "cancelled": line.cancelled_quantity,
            "refunded": str(line.refunded),
            "total": str(line.total),
        }
        for line in order.lines
    ]
    return {
        "order_id": order.order_id,
        "state": order.state,
        "total": order.total,
        "currency": order.currency,
        "placed_at": order.created_at,
        "lines": lines,
    }
