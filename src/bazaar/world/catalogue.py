"""The merchant's products: a French shop of gaming accessories, invented from a seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableMapping
from decimal import ROUND_HALF_UP, Decimal

from bazaar.party import Shelf
from bazaar.world.facts import Product
from bazaar.world.randomness import NamedRandom, Randomness
from bazaar.world.ranges import BRANDS, COLOURS, RANGES, SERIES, SUPPLIERS, Range

_PREFIX = "376"  # GS1 France
_VAT = Decimal(20)


def ean13(twelve: str) -> str:
    """The twelve digits followed by their GS1 check digit (weights 1 and 3 from the left)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


def generate_products(randomness: Randomness, count: int, *, scarce: bool = False) -> Iterator[Product]:
    """`count` products; the same seed gives the same ones, and a bigger count only adds to them.

    Demand follows Zipf's law by rank. With `scarce`, stock is a few units, so that the last ones are
    fought over.
    """
    for rank in range(1, count + 1):
        yield _product(randomness.fresh("product", rank), rank, scarce)


def _product(rng: NamedRandom, rank: int, scarce: bool) -> Product:
    family = RANGES[(rank - 1) % len(RANGES)]
    brand, series = rng.choice(BRANDS), f"{rng.choice(SERIES)} {rng.randint(1, 9) * 100 + rank % 100}"
    list_price = _shop_price(rng.uniform(*family.prices))
    popularity = 1.0 / rank**0.9
    return Product(
        sku=f"{family.code}-{rank:05d}",
        ean=ean13(f"{_PREFIX}{rank:09d}"),
        title=f"{brand} {series} – {family.label} {rng.choice(family.features)}, {rng.choice(COLOURS)}",
        brand=brand,
        family=family.name,
        supplier=rng.choice(SUPPLIERS),
        purchase_price=_cents(list_price / Decimal("1.2") * Decimal(str(round(rng.uniform(0.48, 0.78), 3)))),
        list_price=list_price,
        vat_rate=_VAT,
        weight_g=_weight(rng, family),
        popularity=round(popularity, 6),
        initial_stock=rng.randint(0, 4) if scarce else _stock(rng, popularity),
        length_mm=family.size_mm[0],
        width_mm=family.size_mm[1],
        height_mm=family.size_mm[2],
    )


def _weight(rng: NamedRandom, family: Range) -> int:
    return round(family.weight_g * rng.uniform(0.8, 1.25))


def _stock(rng: NamedRandom, popularity: float) -> int:
    """Best sellers are kept deep, the tail shallow, and one product in forty is out of stock."""
    if rng.random() < 0.025:
        return 0
    return 3 + round(rng.expovariate(1.0) * (12 + 260 * math.sqrt(popularity)))


def _shop_price(amount: float) -> Decimal:
    """A price as shops write them: …,99 or …,90."""
    whole = Decimal(int(amount))
    return whole + (Decimal("0.99") if int(amount) % 3 else Decimal("0.90"))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


class Catalogue(MutableMapping[str, Product]):
    """The products by SKU, kept on a shelf, with `by_ean` beside it."""

    def __init__(self, shelf: Shelf[Product]) -> None:
        self._shelf = shelf
        self.by_ean: dict[str, Product] = {product.ean: product for product in shelf.values()}

    def __getitem__(self, sku: str) -> Product:
        return self._shelf[sku]

    def __setitem__(self, sku: str, product: Product) -> None:
        if sku in self._shelf:
            self.by_ean.pop(self._shelf[sku].ean, None)
        self._shelf[sku] = product
        self.by_ean[product.ean] = product

    def __delitem__(self, sku: str) -> None:
        self.by_ean.pop(self._shelf[sku].ean, None)
        del self._shelf[sku]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shelf)

    def __len__(self) -> int:
        return len(self._shelf)
