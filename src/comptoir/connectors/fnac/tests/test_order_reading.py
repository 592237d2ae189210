"""Orders come whole and none is lost, however their pages move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.tests import answers
from comptoir.sdk.errors import TransientError
from comptoir.sdk.testing import ScriptedServer, context_for_tests

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class MovingShop:
    """Orders with an instant of change, paged as Fnac pages them; `meanwhile` runs before each page."""

    def __init__(self, orders: dict[str, datetime], size: int) -> None:
        self.orders = dict(orders)
        self.size = size
        self.asked: list[tuple[str, str, str, int]] = []
        self.meanwhile: Callable[[int], None] = lambda call: None

    def answer(self, request: etree._Element) -> str:
        low, high = answers.asked(request, "min"), answers.asked(request, "max")
        date = next(node.get("type") for node in request if node.tag.endswith("}date"))
        number = int(answers.asked(request, "paging"))
        self.meanwhile(len(self.asked))
        self.asked.append((str(date), low, high, number))
        inside = [
            order_id
            for order_id, at in sorted(self.orders.items(), key=lambda item: item[1])
            if answers.instant(low) <= at <= answers.instant(high)
        ]
        page = inside[self.size * (number - 1) : self.size * number]
        pages = max(1, -(-len(inside) // self.size))
        drawn = [answers.order(order_id) for order_id in page]
        return answers.orders_page(drawn, page=number, pages=pages, total=len(inside))


@pytest.fixture
def shop() -> MovingShop:
    now = datetime.now(UTC)
    # Six orders changed in the same second: no cursor by instant could stand between them.
    return MovingShop({f"{n:013d}": now - timedelta(hours=2) for n in range(6)}, size=2)


@pytest.fixture
def connection(shop: MovingShop) -> Iterator[Any]:
    with ScriptedServer(answers.healthy(orders_query=shop.answer)) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url, page_size=2))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5))
        yield connection
        connection.close()


def ids(pages: Any) -> set[str]:
    return {order.external_id for page in pages for order in page.orders}


def test_an_order_that_changes_while_pages_are_read_hides_no_other(connection: Any, shop: MovingShop) -> None:
    def first_order_changes(call: int) -> None:
        if call == 1:  # page 1 has been read; the orders behind it now stand one place nearer
            shop.orders["0000000000000"] = datetime.now(UTC) + timedelta(hours=1)

    shop.meanwhile = first_order_changes
    assert ids(connection.order_pages("")) >= set(shop.orders) - {"0000000000000"}


def test_the_cursor_moves_only_when_a_window_has_been_read_to_its_end(connection: Any) -> None:
    pages = list(connection.order_pages(""))
    moved = [number for number, page in enumerate(pages) if page.cursor != pages[0].cursor]
    ends = [number for number, page in enumerate(pages) if page.last]
    assert ends == [len(pages) - 1]
    for number in moved:
        before = ids(pages[: number + 1])
        assert ids(connection.order_pages(pages[number].cursor)) | before == ids(pages)


@pytest.mark.parametrize("stop", range(8))
def test_a_reading_cut_after_any_page_is_taken_up_without_loss(
    connection: Any, shop: MovingShop, stop: int
) -> None:
    stored: set[str] = set()
    cursor = ""
    for number, page in enumerate(connection.order_pages("")):
        stored |= ids([page])
        cursor = page.cursor
        if number == stop:
            break
    assert stored | ids(connection.order_pages(cursor)) == set(shop.orders)


def test_each_window_starts_before_the_cursor(connection: Any, shop: MovingShop) -> None:
    cursor = (datetime.now(UTC) - timedelta(hours=3)).replace(microsecond=0)
    list(connection.order_pages(cursor.isoformat()))
    assert answers.instant(shop.asked[0][1]) == cursor - timedelta(minutes=10)


def test_new_orders_are_asked_for_by_date_of_creation_too(connection: Any, shop: MovingShop) -> None:
    list(connection.order_pages(""))
    assert {date for date, *_ in shop.asked} == {"UpdatedAt", "CreatedAt"}


def test_a_page_repeated_in_place_of_another_is_noticed_and_read_again(
    connection: Any, shop: MovingShop
) -> None:
    real = shop.answer
    calls = {"n": 0}

    def stuttering(request: etree._Element) -> str:
        number = next(node for node in request if node.tag.endswith("}paging"))
        calls["n"] += 1
        if calls["n"] == 2:
            number.text = "1"
        return real(request)

    with ScriptedServer(answers.healthy(orders_query=stuttering)) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url, page_size=2))
        other: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5))
        assert ids(other.order_pages("")) == set(shop.orders)
        other.close()


def test_orders_that_are_counted_and_never_shown_stop_the_cursor() -> None:
    page = answers.orders_page([answers.order("57BEAFDA828A8")], total=2)
    with ScriptedServer(answers.healthy(orders_query=lambda _: page)) as server:
        connection: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        cursors = []
        with pytest.raises(TransientError, match="counts 2 orders and showed 1"):
            cursors += [page.cursor for page in connection.order_pages("")]
        connection.close()


def test_one_order_that_cannot_be_read_leaves_the_others_alone() -> None:
    bad = answers.order("57BEAFDA828A9").replace("<quantity>2</quantity>", "<quantity>two</quantity>")
    page = answers.orders_page([answers.order("57BEAFDA828A8"), bad])
    with ScriptedServer(answers.healthy(orders_query=lambda _: page)) as server:
        connection: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        [first] = connection.orders_by_id(["57BEAFDA828A8", "57BEAFDA828A9"])
        connection.close()
    assert [order.external_id for order in first.orders] == ["57BEAFDA828A8"]
    assert [(r.external_id, "quantity" in r.message) for r in first.rejected] == [("57BEAFDA828A9", True)]
    assert b"<quantity>two</quantity>" in first.rejected[0].raw


def test_ids_are_asked_for_fifty_at_a_time_and_those_of_another_kind_never(connection: Any) -> None:
    asked: list[int] = []

    def count(request: etree._Element) -> str:
        found = [node.text for node in request.iter(f"{{{answers.NAMESPACE}}}order_fnac_id")]
        asked.append(len(found))
        return answers.orders_page([])

    with ScriptedServer(answers.healthy(orders_query=count)) as server:
        other: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        list(other.orders_by_id([f"{n:013d}" for n in range(120)] + ["short"]))
        other.close()
    assert asked == [50, 50, 20]
