"""How much memory one worker needs to take in a million orders: the reader and the parser of the Mirakl connector,
then the intake, page by page, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from bench.measures import Benchmark, Budget, Progress, Result, result, scaled
from bench.shop import analyse, clear_database, open_shop

ORDERS = 1_000_000
WANTED_MB = 300
NAME = "order_intake_peak_mb"


def run(scale: float, progress: Progress) -> list[Result]:
    count = scaled(ORDERS, scale)
    clear_database()
    open_shop()
    analyse()
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.long_import", str(count)], stdout=subprocess.PIPE, text=True
    ) as process:
        peak = 0.0
        assert process.stdout is not None
        for line in process.stdout:
            done, peak = int(line.split()[0]), float(line.split()[1])
            progress(f"{NAME}: {done:,} orders, {peak:.0f} MB", done / count)
    if process.returncode != 0:
        raise RuntimeError(f"the import ended with the code {process.returncode}")
    return [result(NAME, peak, "MB", WANTED_MB)]


BENCHMARK = Benchmark(names=(NAME,), run=run, budgets={NAME: Budget("≤", 1.0)})
