"""OR11: the orders of the shop, filtered, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starlette.responses import Response

from bazaar.mirakl.exchange import Call, Operation, RefusedError
from bazaar.mirakl.order_json import JSON, order_fields
from bazaar.mirakl.order_records import Order
from bazaar.mirakl.paging import offset_page
from bazaar.mirakl.shop import Shop
from bazaar.mirakl.tax_modes import in_mode

ORDER_STATES = frozenset(
    [
        "STAGING",
        "WAITING_ACCEPTANCE",
        "WAITING_DEBIT",
        "WAITING_DEBIT_PAYMENT",
        "SHIPPING",
        "SHIPPED",
        "TO_COLLECT",
        "RECEIVED",
        "CLOSED",
        "REFUSED",
        "CANCELED",
    ]
)
WORKFLOWS = frozenset(
    [
        "PAY_ON_ACCEPTANCE",
        "PAY_ON_DELIVERY",
        "PAY_ON_DUE_DATE",
        "PAY_ON_SHIPMENT",
        "NO_CUSTOMER_PAYMENT_CONFIRMATION",
    ]
)
TAX_MODES = frozenset({"TAX_INCLUDED", "TAX_EXCLUDED"})
ORDERS_AND_DIRECTIONS = (frozenset({"dateCreated"}), frozenset({"asc", "desc"}))
Test = Callable[[Order], bool]


class OrderReader:
    """Keeps the last result while no order changes, so that a long read does not filter again per page."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._found: list[Order] = []

    async def or11(self, call: Call) -> Response:
        mode = call.choice("order_tax_mode", TAX_MODES) or call.shop.settings.order_tax_mode
        orders = self.found(call)
        return offset_page(call, "orders", orders, _encoder(call.shop, mode))

    def found(self, call: Call) -> list[Order]:
        params = call.request.query_params.multi_items()
        asked = tuple(sorted(item for item in params if item[0] not in {"max", "offset"}))
        key = (call.shop.orders.version, asked)
        if key != self._key:
            self._found = _search(call)
            self._key = key
        return self._found


def _encoder(shop: Shop, mode: str) -> Callable[[Order], bytes]:
    if mode == shop.settings.order_tax_mode or not shop.settings.order_taxes:
        return shop.orders.json
    return lambda order: JSON.encode(in_mode(order_fields(order, shop.settings), mode))


def _search(call: Call) -> list[Order]:
    sorts, directions = ORDERS_AND_DIRECTIONS
    call.choice("sort", sorts)
    descending = call.choice("order", directions) == "desc"
    tests = _tests(call)
    found = [order for order in _candidates(call) if all(test(order) for test in tests)]
    return found[::-1] if descending else found


def _candidates(call: Call) -> list[Order]:
    """The smallest sorted set that the dates and ids leave."""
    book = call.shop.orders
    ids = call.csv("order_ids")
    if ids:
        orders = [order for one in dict.fromkeys(ids) if (order := book.get(one)) is not None]
        return sorted(orders, key=lambda one: (one.created_at, one.order_id))
    since = call.instant("start_update_date")
    if since is not None:
        # "Mirakl will subtract a time delta to ensure no orders are missed": how much is not documented.
        return book.updated_since(since - timedelta(seconds=call.shop.settings.update_delta_seconds))
    return book.created_between(call.instant("start_date"), call.instant("end_date"))


def _tests(call: Call) -> list[Test]:
    tests: list[Test] = []
    _add_dates(call, tests)
    _add_lists(call, tests)
    if call.flag("only_null_channel"):
        tests.append(lambda order: order.channel is None)
    elif channels := set(call.csv("channel_codes")):
        tests.append(lambda order: order.channel in channels)
    if (debited := call.flag("customer_debited")) is not None:
        tests.append(lambda order: (order.debited_at is not None) == debited)
    if (incident := call.flag("has_incident")) is not None:
        tests.append(lambda order: order.has_incident == incident)
    if (workflow := call.choice("payment_workflow", WORKFLOWS)) is not None:
        tests.append(lambda _: workflow == "PAY_ON_ACCEPTANCE")
    return tests


def _add_dates(call: Call, tests: list[Test]) -> None:
    start, end = call.instant("start_date"), call.instant("end_date")
    if start is not None:
        tests.append(lambda order: order.created_at >= start)
    if end is not None:
        tests.append(lambda order: order.created_at <= end)
    if (until := call.instant("end_update_date")) is not None:
        tests.append(lambda order: order.updated_at <= until)
    since = call.instant("start_update_date")
    if since is not None and call.csv("order_ids"):
        earliest = since - timedelta(seconds=call.shop.settings.update_delta_seconds)
        tests.append(lambda order: order.updated_at >= earliest)


def _add_lists(call: Call, tests: list[Test]) -> None:
    if states := set(call.choices("order_state_codes", ORDER_STATES)):
        tests.append(lambda order: order.state in states)
    if seller := set(call.csv("order_references_for_seller")):
        tests.append(lambda order: order.reference_for_seller in seller)
    if customer := set(call.csv("order_references_for_customer")):
        tests.append(lambda order: order.reference_for_customer in customer)
    if centers := set(call.csv("fulfillment_center_code")):
        tests.append(lambda _: "DEFAULT" in centers)


def find_order(call: Call) -> Order:
    order = call.shop.orders.get(call.path("order_id"))
    if order is None:
        raise RefusedError(404, f"Order with id '{call.path('order_id')}' not found", code="ORDER_NOT_FOUND")
    return order


def operations() -> list[Operation]:
    return [Operation("OR11", "GET", "/api/orders", OrderReader().or11)]
