"""`python -m bench.long_import ORDERS`: one import of that many orders. Prints `<orders done> <peak MB>` now and then.

The orders are those of a marketplace that makes its pages while they are asked for: what is kept in memory
is what the connector and the intake keep.
"""

from __future__ import annotations

import os
import random
import resource
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import django
import msgspec

TELL_EVERY = 20_000


class EndlessMarket:
    """Answers OR11 as `MiraklClient.get` does, whatever the offset."""

    def __init__(self, orders: int, first_at: datetime, products: int) -> None:
        self._orders = orders
        self._first_at = first_at
        self._products = products

    def get(self, code: str, query: Mapping[str, Any], *, throttled: bool = True) -> Any:
        from comptoir.sdk.http import Answer

        first, size = int(query["offset"]), int(query["max"])
        page = [self._order(n) for n in range(first, min(first + size, self._orders))]
        body = msgspec.json.encode({"orders": page, "total_count": self._orders})
        return Answer(200, {}, body, code)

    def _order(self, number: int) -> dict[str, Any]:
        chance = random.Random(number)
        order_id, at = f"MK{number:08d}-A", self._first_at + timedelta(milliseconds=10 * number)
        lines = [
            self._line(f"{order_id}-{n}", chance)
            for n in range(1, chance.choices((1, 2, 3), (76, 18, 6))[0] + 1)
        ]
        price = sum(line["price"] for line in lines)
        person = {"firstname": "Marie-Hélène", "lastname": "Lefèvre"}
        address = {
            **person, "street_1": "12 avenue du Général-de-Gaulle", "street_2": "Bât. C", "zip_code": "75011",
            "city": "Paris", "country": "FRANCE", "country_iso_code": "FRA", "phone": "+33612345678",
        }  # fmt: skip
        return {
            "order_id": order_id, "commercial_id": order_id[:-2], "order_state": "SHIPPING",
            "created_date": at, "last_updated_date": at, "currency_iso_code": "EUR", "order_lines": lines,
            "price": price, "shipping_price": 0, "total_price": price, "order_tax_mode": "TAX_INCLUDED",
            "customer": {**person, "shipping_address": address, "billing_address": address},
        }  # fmt: skip

    def _line(self, line_id: str, chance: random.Random) -> dict[str, Any]:
        from bench.shop import sku_of

        sku = sku_of(chance.randrange(self._products))
        return {
            "order_line_id": line_id, "order_line_state": "SHIPPING", "offer_sku": sku, "quantity": 1, "price": 30,
            "price_unit": 30, "shipping_price": 0, "total_price": 30, "total_commission": 4, "product_title": sku,
        }  # fmt: skip


def main(orders: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    django.setup()
    from bench.intake import Importer
    from bench.shop import MORNING, PRODUCTS
    from comptoir.channels.models import Channel
    from comptoir.connectors.mirakl.client import MiraklClient
    from comptoir.connectors.mirakl.order_sweep import OrderReader
    from comptoir.connectors.mirakl.settings import MiraklSettings
    from comptoir.core import clock

    market = EndlessMarket(orders, MORNING, PRODUCTS)
    settings = MiraklSettings(base_url="https://market.example.org", api_key="key")
    reader = OrderReader(cast(MiraklClient, market), settings, clock.now)
    importer = Importer(Channel.objects.get(key="bench"))
    for page in reader.changed(""):
        importer.store(page.orders)
        if importer.counted("created") % TELL_EVERY == 0:
            tell(importer.counted("created"))
    if importer.counted("created") != orders:
        raise RuntimeError(f"{orders} orders were served, {importer.execution.counts} were taken")
    tell(orders)


def tell(done: int) -> None:
    """`ru_maxrss` is in KiB on Linux and in bytes on macOS (getrusage(2))."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    sys.stdout.write(f"{done} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
