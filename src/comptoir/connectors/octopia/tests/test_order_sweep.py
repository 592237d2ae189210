"""Orders are read while they change; none may be missed, wherever the read is cut."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.octopia.order_sweep import PAGE_SIZE, Position, Seen, Sweep, load_position
from comptoir.sdk.errors import UnexpectedAnswer

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
OVERLAP = timedelta(minutes=60)


@dataclass
class Server:
    """Orders by id with the instant of their last change; something may happen before each request."""

    updated: dict[str, datetime]
    now: datetime = START
    sorted_: bool = True
    before_request: Callable[[Server], None] = lambda server: None
    requests: int = 0
    shuffle: random.Random | None = None
    extra: list[Seen] = field(default_factory=list)

    def page(self, at: datetime, index: int) -> list[Seen]:
        self.before_request(self)
        self.requests += 1
        found = [(updated, order_id) for order_id, updated in self.updated.items() if updated >= at]
        # Without a sort the order of creation stands: ids are given in that order.
        found.sort(key=(lambda one: one) if self.sorted_ else (lambda one: (one[1], one[0])))
        page = found[(index - 1) * PAGE_SIZE : index * PAGE_SIZE]
        if self.shuffle:
            self.shuffle.shuffle(page)
        return page

    def touch(self, order_id: str) -> None:
        self.now += timedelta(seconds=1)
        self.updated[order_id] = self.now


def read(
    server: Server, cursor: str, *, trusts: bool = True, cut: bool = False
) -> Iterator[tuple[list[Seen], str]]:
    """Pages and cursors; with `cut`, every page is the last before the connection breaks."""
    while True:
        sweep = Sweep(load_position(cursor), OVERLAP, sorted_by_server=trusts)
        while not sweep.finished:
            page = server.page(sweep.at, sweep.position.page)
            sweep.record(page, len(page), server.now)
            cursor = sweep.position.dump()
            yield page, cursor
            if cut:
                break
        if sweep.finished:
            return
        assert server.requests < 2000, "the read does not end"


def everything(server: Server, cursor: str, **how: bool) -> tuple[dict[str, datetime], str]:
    found: dict[str, datetime] = {}
    for page, after in read(server, cursor, **how):
        found.update({order_id: updated for updated, order_id in page})
        cursor = after
    return found, cursor


def beginning() -> str:
    return Position(high=START - timedelta(days=30)).dump()


def orders(count: int, per_second: int = 1) -> dict[str, datetime]:
    begin = START - timedelta(hours=10)
    return {f"O{n:05d}": begin + timedelta(seconds=n // per_second) for n in range(count)}


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut after each page"])
@pytest.mark.parametrize("per_second", [1, 30, 100, 101, 777])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 777])
def test_every_order_is_read_however_many_share_a_second(count: int, per_second: int, cut: bool) -> None:
    server = Server(orders(count, per_second))
    found, _ = everything(server, beginning(), cut=cut)
    assert found == server.updated


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut after each page"])
def test_orders_that_change_during_the_read_hide_no_other(cut: bool) -> None:
    """Each request is preceded by a change of an order already read: all those behind it move forward."""
    server = Server(orders(450, per_second=7))
    first = iter(list(server.updated)[:60])

    def change(one: Server) -> None:
        if (order_id := next(first, None)) is not None:
            one.touch(order_id)

    server.before_request = change
    found, _ = everything(server, beginning(), cut=cut)
    assert found.keys() == server.updated.keys()
    assert all(found[order_id] == updated for order_id, updated in server.updated.items())


def test_the_same_in_a_crowd_of_one_second() -> None:
    server = Server(orders(350, per_second=350))
    leaving = iter(list(server.updated)[:3])

    def change(one: Server) -> None:
        if one.requests in (1, 2, 3) and (order_id := next(leaving, None)) is not None:
            one.touch(order_id)

    server.before_request = change
    found, _ = everything(server, beginning())
    assert found == server.updated


def test_a_server_that_ignores_the_sort_is_read_whole_when_it_is_not_trusted() -> None:
    server = Server(orders(350), sorted_=False)
    for order_id in list(server.updated)[:200:7]:
        server.touch(order_id)
    found, _ = everything(server, beginning(), trusts=False)
    assert found == server.updated


def test_pages_in_another_order_lose_nothing() -> None:
    server = Server(orders(350, per_second=3), shuffle=random.Random(5))
    found, _ = everything(server, beginning())
    assert found == server.updated


def test_the_next_read_starts_before_the_last_instant_seen() -> None:
    """An order that becomes visible late, within the overlap, is found by the next read."""
    server = Server(orders(10))
    _, cursor = everything(server, beginning())
    late = max(server.updated.values()) - timedelta(minutes=59)
    server.updated["LATE"] = late
    found, _ = everything(server, cursor)
    assert found["LATE"] == late


def test_a_clock_ahead_of_the_servers_never_moves_the_cursor_past_it() -> None:
    server = Server({"AHEAD": START + timedelta(days=300), "O1": START - timedelta(hours=1)})
    _, cursor = everything(server, beginning())
    server.updated["O2"] = server.now = START + timedelta(minutes=5)
    found, _ = everything(server, cursor)
    assert "O2" in found


def test_a_quiet_account_costs_two_requests() -> None:
    server = Server(orders(3))
    _, cursor = everything(server, beginning())
    server.requests = 0
    everything(server, cursor)
    assert server.requests <= 2


def test_a_cursor_of_somebody_else_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer):
        load_position("eyJ0b2tlbiI6MX0=")


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(0, 320),
    per_second=st.integers(1, 130),
    changes=st.lists(st.integers(0, 319), max_size=40),
    cut=st.booleans(),
)
def test_nothing_is_lost_whatever_changes_when(
    count: int, per_second: int, changes: list[int], cut: bool
) -> None:
    server = Server(orders(count, per_second))
    coming = iter([f"O{n:05d}" for n in changes if n < count])

    def change(one: Server) -> None:
        if (order_id := next(coming, None)) is not None:
            one.touch(order_id)

    server.before_request = change
    found, cursor = everything(server, beginning(), cut=cut)
    server.before_request = lambda one: None
    again, _ = everything(server, cursor)
    assert {**found, **again} == server.updated
