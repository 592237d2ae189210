"""What the simulated account keeps over a restart, and how fast it is."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from octopia_stand import START, make_world

from bazaar.genesis import begin
from bazaar.octopia import OctopiaParty
from bazaar.octopia.party import HAND_BUYER
from bazaar.settings import read_settings
from bazaar.world.facts import Purchase, PurchaseLine
from bazaar.world.world import SimulatedWorld


def reopened(folder: Path) -> tuple[SimulatedWorld, OctopiaParty]:
    given: dict[str, Any] = {"party": ["octopia:2"], "data": str(folder), "speed": 0.0, "products": 20}
    parties = {
        "octopia": {"initial_offers": "all"},
        "octopia-2": {"account_of": "octopia-1", "sales_channel_id": "OTHERFR"},
    }
    start = {} if (folder / "world.sqlite3").exists() else {"start": START.isoformat()}
    world = begin(read_settings(None, {**given, **start, "parties": parties, "orders_per_hour": 0.0}))
    party = world.parties["octopia-2"]
    assert isinstance(party, OctopiaParty)
    return world, party


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    world, party = reopened(tmp_path)
    sku = next(iter(world.products))
    order_id = party.place_by_hand([(sku, 2)])
    party.write_message(order_id, "Ma commande", "Bonjour, où est-elle ?")
    before = (list(party.order_states()), party.listed_offer(sku), dict(party.account.discussions))
    world.close()

    world, party = reopened(tmp_path)
    assert (list(party.order_states()), party.listed_offer(sku), dict(party.account.discussions)) == before
    world.advance(world.clock.now() + timedelta(hours=25))
    assert [state["state"] for state in party.order_states()] == ["Cancelled"], "its timer rang"
    world.close()


def test_ten_thousand_orders_are_placed_and_a_page_of_the_last_is_quick() -> None:
    """Bounds are wide: this machine may be busy. A scan of every order per page would be far beyond."""
    world = make_world({"octopia-1": {"initial_offers": "all"}}, seed=1, products=50)
    party = world.parties["octopia-1"]
    assert isinstance(party, OctopiaParty)
    skus = list(world.products)
    purchases = [
        Purchase(at=START, buyer=HAND_BUYER, lines=(PurchaseLine(sku=skus[n % 50], quantity=1),))
        for n in range(10_000)
    ]
    started = time.perf_counter()
    assert len(party.place_many(purchases)) == 10_000
    assert time.perf_counter() - started < 20
    world.advance(world.clock.now() + timedelta(minutes=1))
    last = party.place_by_hand([(skus[0], 1)])
    started = time.perf_counter()
    for _ in range(100):
        (order,) = party.account.orders.since(START + timedelta(seconds=30))
    assert order.order_id == last
    assert time.perf_counter() - started < 1
