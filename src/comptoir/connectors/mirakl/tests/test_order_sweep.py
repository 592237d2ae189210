"""Reading changed orders: nothing is lost while the set moves, pages repeat, or the reader dies."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.connectors.mirakl.tests.payloads import order
from comptoir.connectors.mirakl.tests.shop import Shop, connected
from comptoir.sdk.errors import RateLimited, UnexpectedAnswer
from comptoir.sdk.records import OrderPage
from comptoir.sdk.testing import FakeClock, FakeThrottle, Scripted, SeenRequest, context_for_tests

IDS = [f"C-{number:03}-A" for number in range(230)]


def shop_of(ids: list[str] = IDS) -> Shop:
    return Shop(orders=[order(order_id) for order_id in ids])


def ids_of(*pages: OrderPage) -> list[str]:
    return [one.external_id for page in pages for one in page.orders]


def test_a_reading_killed_after_each_page_goes_on_where_it_was() -> None:
    with connected(shop_of()) as (connection, server):
        cursor, found = "", []
        for _ in range(3):
            page = next(connection.order_pages(cursor))
            found += ids_of(page)
            cursor = page.cursor
        assert found == IDS
        assert page.last
        assert [request.query["offset"] for request in server.seen] == ["0", "100", "200"]


def test_the_next_reading_starts_before_this_one_did() -> None:
    clock = FakeClock(datetime(2020, 1, 1, 12, 0, tzinfo=UTC))
    with connected(shop_of(), context_for_tests(clock=clock)) as (connection, _):
        pages = connection.order_pages("")
        first = next(pages)
        clock.advance(hours=2)
        *_, last = [first, *pages]
        assert json.loads(last.cursor)["since"] == "2020-01-01T11:45:00Z"


def test_the_servers_clock_decides_when_it_is_the_earlier_one() -> None:
    clock = FakeClock(datetime.now(UTC) + timedelta(days=400))
    with connected(shop_of(), context_for_tests(clock=clock)) as (connection, _):
        *_, last = connection.order_pages("")
        since = datetime.fromisoformat(json.loads(last.cursor)["since"])
        assert abs(since - (datetime.now(UTC) - timedelta(minutes=15))) < timedelta(minutes=1)


def test_the_first_reading_goes_back_thirty_days_and_asks_for_whole_pages() -> None:
    with connected(shop_of()) as (connection, server):
        list(connection.order_pages(""))
        query = server.seen[0].query
        assert query["start_update_date"] == "2026-10-24T09:00:00Z"
        assert (query["max"], query["sort"], query["order"]) == ("100", "dateCreated", "asc")
        assert "end_update_date" not in query


def test_an_old_order_that_changes_meanwhile_loses_none() -> None:
    shop = shop_of()
    with connected(shop) as (connection, _):
        pages = connection.order_pages("")
        found = ids_of(next(pages))
        shop.orders.insert(0, order("OLD-A"))
        found += ids_of(*pages)
        assert set(IDS) <= set(found)


def test_a_page_served_twice_is_noticed_and_the_set_is_read_again() -> None:
    shop = shop_of()
    repeated: list[bool] = []

    def answer(request: SeenRequest) -> Scripted:
        if request.query.get("offset") == "100" and not repeated:
            repeated.append(True)
            request = dataclasses.replace(request, query={**request.query, "offset": "0"})
        return shop(request)

    with connected(answer) as (connection, server):
        assert set(ids_of(*connection.order_pages(""))) == set(IDS)
        assert len(server.seen) > 3


def test_a_page_served_twice_is_noticed_by_a_reader_that_was_killed_between() -> None:
    shop = shop_of()
    with connected(shop) as (connection, _):
        first = next(connection.order_pages(""))
    repeat = [True]

    def answer(request: SeenRequest) -> Scripted:
        if repeat and request.query.get("offset") == "100":
            repeat.clear()
            request = dataclasses.replace(request, query={**request.query, "offset": "0"})
        return shop(request)

    with connected(answer) as (connection, _):
        assert set(ids_of(first, *connection.order_pages(first.cursor))) == set(IDS)


def test_an_order_that_stands_twice_on_a_page_hides_no_other() -> None:
    shop = shop_of()

    def answer(request: SeenRequest) -> Scripted:
        body = shop(request).body
        assert isinstance(body, dict)
        return Scripted(body={**body, "orders": [*body["orders"], body["orders"][0]]})

    with connected(answer) as (connection, server):
        assert set(ids_of(*connection.order_pages(""))) == set(IDS)
        assert [request.query["offset"] for request in server.seen] == ["0", "100", "200"]


def test_pages_in_another_order_lose_none() -> None:
    shop = shop_of()
    swapped = {"0": "100", "100": "0"}

    def answer(request: SeenRequest) -> Scripted:
        offset = request.query["offset"]
        return shop(
            dataclasses.replace(request, query={**request.query, "offset": swapped.get(offset, offset)})
        )

    with connected(answer) as (connection, _):
        assert set(ids_of(*connection.order_pages(""))) == set(IDS)


def test_a_server_that_never_serves_them_all_stops_the_flow_and_not_the_orders() -> None:
    shop = shop_of()

    def answer(request: SeenRequest) -> Scripted:
        return shop(dataclasses.replace(request, query={**request.query, "offset": "0"}))

    with connected(answer) as (connection, server):
        pages: list[OrderPage] = []
        with pytest.raises(UnexpectedAnswer, match="230"):
            pages.extend(connection.order_pages(""))
        assert set(ids_of(*pages)) == set(IDS[:100])
        assert not any(page.last for page in pages)
        assert json.loads(pages[-1].cursor)["since"] == "2026-10-24T09:00:00Z"
        assert len(server.seen) == 9


def test_a_server_with_smaller_pages_is_read_to_the_end() -> None:
    shop = shop_of()

    def answer(request: SeenRequest) -> Scripted:
        return shop(dataclasses.replace(request, query={**request.query, "max": "40"}))

    with connected(answer) as (connection, _):
        assert ids_of(*connection.order_pages("")) == IDS


def test_one_bad_order_does_not_break_its_page() -> None:
    bad: list[dict[str, Any]] = [order("BAD-A", order_lines="none"), {"order_id": "EMPTY-A"}]
    shop = Shop(orders=[order("C-1-A"), *bad, order("C-2-A")])
    with connected(shop) as (connection, _):
        page = next(connection.order_pages(""))
        assert ids_of(page) == ["C-1-A", "C-2-A"]
        assert [one.external_id for one in page.rejected] == ["BAD-A", "EMPTY-A"]
        assert json.loads(page.rejected[0].raw) == bad[0]
        assert page.last


def test_an_empty_answer_ends_the_sweep() -> None:
    with connected(Shop(orders=[])) as (connection, _):
        (page,) = connection.order_pages("")
        assert page.last
        assert "offset" not in json.loads(page.cursor)


def test_our_limit_holds_for_a_sweep_not_for_its_pages() -> None:
    throttle = FakeThrottle()
    context = dataclasses.replace(context_for_tests(), throttle=throttle)
    with connected(shop_of(), context) as (connection, _):
        list(connection.order_pages(""))
        assert throttle.taken == ["test:OR11"]
        throttle.refuse_for = 42.0
        with pytest.raises(RateLimited) as caught:
            list(connection.order_pages(""))
        assert caught.value.retry_after == timedelta(seconds=42)


def test_limits_can_be_lifted_for_the_installation() -> None:
    throttle = FakeThrottle(refuse_for=42.0)
    context = dataclasses.replace(context_for_tests(), throttle=throttle, overrides={"throttle": "off"})
    with connected(shop_of(), context) as (connection, _):
        assert ids_of(*connection.order_pages("")) == IDS


def test_a_sweep_of_the_past_stops_at_orders_placed_later() -> None:
    with connected(shop_of(["C-1-A"])) as (connection, server):
        start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
        assert ids_of(*connection.orders_between(start, end)) == ["C-1-A"]
        query = server.seen[0].query
        assert (query["start_update_date"], query["end_date"]) == (
            "2026-11-01T00:00:00Z",
            "2026-11-02T00:00:01Z",
        )


def test_orders_are_read_by_id_a_hundred_at_a_time() -> None:
    with connected(shop_of()) as (connection, server):
        pages = list(connection.orders_by_id([*IDS, "UNKNOWN-A"]))
        assert ids_of(*pages) == IDS
        assert [page.last for page in pages] == [False, False, True]
        assert len(server.seen) == 3


def test_the_shop_is_named_in_every_request() -> None:
    with connected(shop_of(["C-1-A"]), shop_id=2001) as (connection, server):
        list(connection.order_pages(""))
        connection.check()
        assert {request.query.get("shop_id") for request in server.seen} == {"2001"}


def test_a_cursor_that_is_not_ours_is_refused() -> None:
    with connected(shop_of()) as (connection, _), pytest.raises(UnexpectedAnswer):
        list(connection.order_pages("page 7"))
