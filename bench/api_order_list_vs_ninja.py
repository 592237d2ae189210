"""Pages of 50 orders with their lines: columns straight to JSON, against plain django-ninja serialising the models.

Both answer whole requests for the same orders, through the same view machinery; queries and JSON included.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory
from ninja import NinjaAPI

from bench.measures import Benchmark, Budget, Progress, Result, Stopwatch, result, scaled
from bench.order_stream import order_pages
from bench.shop import analyse, clear_database, open_shop
from comptoir.accounts.models import ApiKey
from comptoir.api.orders import OrderPageOut, list_orders
from comptoir.offers.own_deadlines import own_deadlines
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order

NAME = "api_order_list_vs_ninja"
ORDERS = 2_000
PAGES = 200
PAGE = 50
PRODUCTS = 500
ROUNDS = 3

plain = NinjaAPI(title="plain", urls_namespace="bench-plain")


@plain.get("/orders", response=OrderPageOut)
def plain_orders(request: HttpRequest) -> dict[str, Any]:
    orders = _page()
    own = own_deadlines(orders)
    return {"orders": [_with_channel(order, own) for order in orders], "next_cursor": None}


plain.get("/ours", response=OrderPageOut)(list_orders)


def _page() -> list[Order]:
    return list(
        Order.objects.select_related("channel").prefetch_related("lines").order_by("updated_at", "id")[:PAGE]
    )


def _with_channel(order: Order, own: dict[int, datetime]) -> dict[str, Any]:
    """The model as it is; the channel by its key, the lines as a list and our deadline, which ninja cannot guess."""
    lines = list(order.lines.all())
    return {**vars(order), "channel": order.channel.key, "lines": lines, "ship_by_own": own.get(order.pk)}


def run(scale: float, progress: Progress) -> list[Result]:
    clear_database()
    channel = open_shop(products=PRODUCTS)
    for page in order_pages(max(PAGE + 1, scaled(ORDERS, scale)), page=500, products=PRODUCTS):
        with transaction.atomic():
            record_orders(channel, page, run_id=None)
    analyse()
    request = RequestFactory().get("/", {"limit": PAGE})
    request.auth = ApiKey(name="bench", prefix="bench")  # type: ignore[attr-defined]
    views = {str(one.pattern): one.callback for one in plain.urls[0]}
    pages = scaled(PAGES, scale)
    ours, theirs = [], []
    for number in range(ROUNDS):
        progress(NAME, number / ROUNDS)
        theirs.append(_pages_per_s(lambda: views["orders"](request).content, pages))
        ours.append(_pages_per_s(lambda: views["ours"](request).content, pages))
    return [result(NAME, max(ours), "pages/s", max(theirs))]


def _pages_per_s(answer: Any, pages: int) -> float:
    if len(answer()) < 10_000:
        raise RuntimeError("this is no page of fifty orders")
    watch = Stopwatch()
    with watch.running():
        for _ in range(pages):
            answer()
    return pages / watch.seconds


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≥", 2.0)})
