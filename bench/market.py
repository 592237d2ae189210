"""`python -m bench.market READY_FILE ORDERS`: a Mirakl marketplace of bazaar whose orders wait to be shipped.

A process of its own: the hub meets it on HTTP alone. It counts no calls, and has its answers written
before anybody asks, since it is the hub that is measured. READY_FILE with the suffix `.skus` lists what is
sold there, one SKU a line.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path

from bazaar.genesis import begin
from bazaar.mirakl.party import MiraklParty
from bazaar.server import serve
from bazaar.settings import ServeSettings
from bazaar.world.facts import Purchase, PurchaseLine
from bazaar.world.people import make_buyer
from bazaar.world.world import SimulatedWorld

PRODUCTS = 2_000
LINES, SHARES = (1, 2, 3, 4), (78, 15, 6, 1)


def main(ready_file: str, orders: int) -> None:
    settings = ServeSettings(
        port=0, products=PRODUCTS, orders_per_hour=0.0, party=["mirakl"], ready_file=ready_file,
        parties={"mirakl": {"limits": "off", "initial_offers": "all", "order_acceptance": "AUTOMATIC",
                            "debit_minutes": 0, "debit_payment_minutes": 0}},
    )  # fmt: skip
    world = begin(settings)
    _sell(world, orders)
    Path(ready_file).with_suffix(".skus").write_text("\n".join(world.products))
    asyncio.run(serve(world, settings, lambda _: None))


def _sell(world: SimulatedWorld, orders: int) -> None:
    party = world.parties["mirakl-1"]
    assert isinstance(party, MiraklParty)
    skus = list(world.products)
    party.place_many(_purchase(world, number, skus) for number in range(orders))
    world.run_due(world.now() + timedelta(seconds=1))  # the buyers are debited: everything is to be shipped
    for order in party.shop.orders.all():
        if order.state != "SHIPPING":
            raise RuntimeError(f"{order.order_id} is {order.state}")
        party.shop.orders.json(order)


def _purchase(world: SimulatedWorld, number: int, skus: list[str]) -> Purchase:
    chance = random.Random(number)
    bought = chance.sample(skus, chance.choices(LINES, SHARES)[0])
    return Purchase(
        at=world.now(), buyer=make_buyer(world.rng("bench")),
        lines=tuple(PurchaseLine(sku=sku, quantity=1) for sku in bought),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
