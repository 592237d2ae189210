from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from storefronts import Play, Seller

from bazaar.genesis import begin
from bazaar.settings import read_settings

START = "2026-11-23T08:00:00+00:00"


@pytest.fixture
def start() -> Iterator[Callable[..., Play]]:
    """`start(fnac={…}, **world)`: a world of five products with a Fnac and a Darty, everything on sale."""
    started: list[Play] = []

    def play(fnac: dict[str, object] | None = None, **given: object) -> Play:
        usual: dict[str, object] = {"speed": 0.0, "start": START, "orders_per_hour": 0.0, "products": 5}
        parties = {"fnac": {"initial_offers": "all", **(fnac or {})}}
        wanted = {**usual, "party": ["fnac:2"], "parties": parties, **given}
        started.append(Play(begin(read_settings(None, wanted))))
        return started[-1]

    yield play
    for one in started:
        one.stop()


@pytest.fixture
def seller(start: Callable[..., Play]) -> Iterator[Seller]:
    seller = Seller(start())
    yield seller
    seller.http.close()
