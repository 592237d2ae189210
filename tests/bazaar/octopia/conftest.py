"""Octopia accounts in a world with a clock pushed by hand, served on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from octopia_stand import Served, Stand, make_world


@pytest.fixture
def stand() -> Iterator[Callable[..., Stand]]:
    """`stand({"octopia-1": {…settings}}, seed=…)` serves such a world until the test ends."""
    served: list[tuple[Stand, Served]] = []

    def start(
        parties: Mapping[str, Mapping[str, object]] | None = None, seed: int = 7, products: int = 30
    ) -> Stand:
        world = make_world(parties or {"octopia-1": {}}, seed, products)
        server = Served(world)
        served.append((Stand(world, server.url), server))
        return served[-1][0]

    yield start
    for one, server in served:
        for connection in one.opened:
            connection.close()
        server.stop()
