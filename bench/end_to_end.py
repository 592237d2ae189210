"""From a Mirakl marketplace on HTTP to orders that are stored, reserved and delivered to the ERP's folder.

The flows are those of production, run by `run_flow` one after the other in one worker. The marketplace is
bazaar in a process of its own, on the same machine as the hub and its database.

`end_to_end_own_share` is the processor time of the worker over the time that went by. The worker has one
thread and never sleeps, so all the rest is waiting: for answers on HTTP, for PostgreSQL, for the disk, or
for a processor that another program has. What the libraries compute for us (HTTP, JSON, psycopg) counts as ours.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from django.test.utils import override_settings

from bench.market_process import market
from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.shop import analyse, clear_database, make_products
from comptoir.channels.services import add_channel
from comptoir.core.bulk import execute, fetch
from comptoir.flows.connect import connector_type
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run
from comptoir.offers.listing import list_products

ORDERS = 20_000
WANTED_PER_S = 1_000
SPEED, SHARE = "end_to_end_orders_per_s", "end_to_end_own_share"
_STORED = """
SELECT count(*), count(*) FILTER (WHERE erp_state = 'sent'),
       count(*) FILTER (WHERE EXISTS (SELECT FROM orders_orderline line JOIN inventory_reservation r
                                      ON r.order_line_id = line.id WHERE line.order_id = o.id))
FROM orders_order o
"""


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    clear_database()
    with tempfile.TemporaryDirectory(prefix="comptoir-bench-") as name:
        folder = Path(name)
        progress(f"{SPEED}: buyers place {count:,} orders", 0.1)
        with market(folder, count) as (party, skus), override_settings(UNTHROTTLED=True):
            _connect(party, skus, folder / "erp")
            progress(SPEED, 0.5)
            seconds, own = _import_and_export()
        _expect_everything(count, folder / "erp")
    return [
        result(SPEED, count / seconds, "orders/s", WANTED_PER_S),
        result(SHARE, own / seconds, "of the time", 1.0),
    ]


def _connect(party: dict[str, object], skus: list[str], erp_folder: Path) -> None:
    """The channels, and the products that both sides know, offered and in stock."""
    for place in ("to_erp", "from_erp"):
        (erp_folder / place).mkdir(parents=True)
    add_channel(
        key="erp", name="ERP", connector=connector_type("files"), actor="bench",
        settings=connector_type("files").settings.load({"folder": str(erp_folder)}),
    )  # fmt: skip
    channel = add_channel(
        key="market", name="Market", connector=connector_type("mirakl"), actor="bench",
        settings=connector_type("mirakl").settings.load(_market_settings(party)),
    )  # fmt: skip
    list_products(channel, make_products(skus))
    execute("UPDATE offers_offer SET state = 'listed'")
    analyse()


def _market_settings(party: dict[str, object]) -> dict[str, object]:
    told = party["settings"]
    assert isinstance(told, dict)
    return {"base_url": party["url"], **told}


def _import_and_export() -> tuple[float, float]:
    """Seconds that went by, and seconds of processor time of this process."""
    started, processor = time.perf_counter(), time.process_time()
    for flow, channel in (("import_orders", "market"), ("export_orders_to_erp", "erp")):
        ran = run_flow(flow, channel, trigger="bench")
        if ran is None or ran.outcome != Run.Outcome.SUCCEEDED:
            raise RuntimeError(f"{flow}: {ran and (ran.outcome, ran.error)}")
    return time.perf_counter() - started, time.process_time() - processor


def _expect_everything(count: int, erp_folder: Path) -> None:
    stored = fetch(_STORED)[0]
    delivered = {
        line.split(";", 1)[0]
        for file in (erp_folder / "to_erp").glob("orders-*.csv")
        for line in file.read_text("utf-8").splitlines()[1:]
    }
    if stored != (count, count, count) or len(delivered) != count:
        raise RuntimeError(
            f"of {count} orders, stored, sent and reserved: {stored}; in files: {len(delivered)}"
        )


BENCHMARK = Benchmark(names=(SPEED, SHARE), run=run, budgets={SPEED: Budget("≥", 1.0)})
