"""`python -m bench.busy_markets READY_FILE ORDERS_PER_S`: four Mirakl marketplaces on which buyers come all the time.

A process of its own, in real time. Imports are taken in and done at once, nothing limits the calls, orders are paid
as they are placed. READY_FILE with the suffix `.skus` lists what is on sale.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bazaar.genesis import begin
from bazaar.server import serve
from bazaar.settings import ServeSettings

CHANNELS = 4
PRODUCTS = 2_000
AT_ONCE = {"import_wait_seconds": 0, "import_run_seconds": 0, "debit_minutes": 0, "debit_payment_minutes": 0}


def main(ready_file: str, orders_per_s: float) -> None:
    settings = ServeSettings(
        port=0, products=PRODUCTS, orders_per_hour=orders_per_s * 3600, party=[f"mirakl:{CHANNELS}"],
        ready_file=ready_file,
        parties={"mirakl": {"limits": "off", "initial_offers": "all", "order_acceptance": "AUTOMATIC", **AT_ONCE}},
    )  # fmt: skip
    world = begin(settings)
    Path(ready_file).with_suffix(".skus").write_text("\n".join(world.products))
    asyncio.run(serve(world, settings, lambda _: None))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
