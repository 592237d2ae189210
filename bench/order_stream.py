"""Orders as a connector hands them over: 1.3 lines each, addresses as long as real ones, the raw payload kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import msgspec

from bench.shop import MORNING, sku_of
from comptoir.sdk.records import Address, Buyer, Order, OrderLine
from comptoir.sdk.statuses import OrderStatus

LINES = (1, 2, 3, 4)
SHARES = (78, 15, 6, 1)
"""In percent: 1.3 lines an order."""
_TOWNS = (
    ("75011", "Paris"),
    ("69003", "Lyon"),
    ("38400", "Saint-Martin-d'Hères"),
    ("14130", "Pont-l'Évêque"),
)
_FEE = Decimal("3.59")


def order_pages(count: int, *, page: int, products: int, seed: int = 1) -> Iterator[tuple[Order, ...]]:
    """The same orders at each call with the same seed, page by page, paid and to ship."""
    chance = random.Random(seed)
    for first in range(0, count, page):
        yield tuple(make_order(n, chance, products) for n in range(first, min(first + page, count)))


def make_order(number: int, chance: random.Random, products: int) -> Order:
    placed = MORNING + timedelta(milliseconds=10 * number)
    many = chance.choices(LINES, SHARES)[0]
    lines = tuple(_line(number, n, chance, products) for n in range(1, many + 1))
    town = chance.choice(_TOWNS)
    address = Address(
        name="Marie-Hélène Lefèvre", street_1=f"{number % 240 + 1} avenue du Général-de-Gaulle",
        street_2="Bât. C, esc. 2, 3e étage", postcode=town[0], city=town[1], country="FR", phone="+33612345678",
    )  # fmt: skip
    order = Order(
        external_id=f"MK{number:08d}-A", number=f"MK{number:08d}", status=OrderStatus.TO_SHIP,
        external_status="SHIPPING", placed_at=placed, updated_at=placed, currency="EUR", lines=lines,
        total_amount=sum((line.amount for line in lines), Decimal(0)) + Decimal("4.90"),
        shipping_amount=Decimal("4.90"), shipping_address=address, billing_address=address,
        buyer=Buyer(name="Marie-Hélène Lefèvre", email=f"m{number}@example.org", phone="+33612345678"),
        ship_by=placed + timedelta(days=2), shipping_method="Standard",
    )  # fmt: skip
    return msgspec.structs.replace(order, raw=msgspec.json.encode(order))


def _line(order: int, number: int, chance: random.Random, products: int) -> OrderLine:
    article, quantity = chance.randrange(products), chance.choice((1, 1, 1, 2))
    price = Decimal("29.90")
    return OrderLine(
        external_id=f"MK{order:08d}-A-{number}", sku=sku_of(article), title=f"Article number {article}",
        quantity=quantity, unit_price=price, amount=price * quantity, status=OrderStatus.TO_SHIP,
        external_status="SHIPPING", commission_amount=_FEE * quantity, external_product_id=f"MKP{article}",
        external_offer_id=str(article),
    )  # fmt: skip
