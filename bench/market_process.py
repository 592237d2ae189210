"""Starts a simulated marketplace beside us, `bench.market` unless told otherwise, and stops it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 300.0


@contextmanager
def market(
    folder: Path, count: int, module: str = "bench.market"
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """What the party says of itself, `{url, settings, …}`, and the SKUs that it sells."""
    with markets(folder, count, module) as (parties, skus):
        yield parties[0], skus


@contextmanager
def markets(folder: Path, count: float, module: str) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """The same of every party of a world."""
    ready, log = folder / "market.json", folder / "market.log"
    ready.unlink(missing_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", module, str(ready), str(count)],
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        parties = wait_until_told(process, ready, log)["parties"]
        yield [dict(party) for party in parties], ready.with_suffix(".skus").read_text().splitlines()
    finally:
        process.terminate()
        process.wait(10)


def wait_until_told(process: subprocess.Popen[bytes], ready: Path, log: Path) -> dict[str, Any]:
    """What a world writes into `ready` once it listens; RuntimeError with the end of its log when it does not."""
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        if ready.exists():
            return dict(json.loads(ready.read_text()))
        time.sleep(0.05)
    raise RuntimeError(f"the world did not start: {log.read_text()[-2000:]}")
