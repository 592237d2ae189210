"""Small pages of a backlog are stored together, in their order, and none is kept back by a failing read."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from bench.order_stream import make_order

from comptoir.flows.gathering import MOST, gathered
from comptoir.sdk.errors import TransientError
from comptoir.sdk.records import OrderPage, Rejected

CHANCE = Random(1)


def pages(count: int, size: int, *, fails: bool = False) -> Iterator[OrderPage]:
    for number in range(count):
        yield OrderPage(
            orders=tuple(make_order(number * size + n, CHANCE, 50) for n in range(size)),
            rejected=(Rejected(external_id=f"bad-{number}", message="no date"),),
            cursor=str(number),
        )  # fmt: skip
    if fails:
        raise TransientError("cut")


def test_the_first_page_comes_at_once_and_a_backlog_by_the_thousand() -> None:
    read = list(gathered(pages(40, 100)))
    assert [len(page.orders) for page in read] == [100, 200, 400, 800, MOST, MOST, 500]
    assert [page.cursor for page in read] == ["0", "2", "6", "14", "24", "34", "39"]
    told = [order.external_id for page in read for order in page.orders]
    assert told == [order.external_id for page in pages(40, 100) for order in page.orders]
    assert [one.external_id for page in read for one in page.rejected] == [f"bad-{n}" for n in range(40)]


def test_what_was_read_before_a_failure_comes_before_the_failure() -> None:
    read = gathered(pages(5, 10, fails=True))
    assert [next(read).cursor for _ in range(3)] == ["0", "2", "4"]
    with pytest.raises(TransientError):
        next(read)


def test_nothing_gives_nothing() -> None:
    assert list(gathered(iter(()))) == []
