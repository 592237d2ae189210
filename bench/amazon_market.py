"""`python -m bench.amazon_market READY_FILE PRODUCTS`: bazaar's Amazon, which takes no time and has no quotas.

A process of its own, as `bench.market` is. READY_FILE with the suffix `.skus` lists what is on sale there.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bazaar.genesis import begin
from bazaar.server import serve
from bazaar.settings import ServeSettings

AT_ONCE = {"effect_s": 0, "feed_queue_s": 0, "feed_s": 0, "feed_message_s": 0}


def main(ready_file: str, products: int) -> None:
    settings = ServeSettings(
        port=0, products=products, orders_per_hour=0.0, party=["amazon"], ready_file=ready_file,
        parties={"amazon": {"limits": "off", "initial_offers": "all", **AT_ONCE}},
    )  # fmt: skip
    world = begin(settings)
    Path(ready_file).with_suffix(".skus").write_text("\n".join(world.products))
    asyncio.run(serve(world, settings, lambda _: None))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
