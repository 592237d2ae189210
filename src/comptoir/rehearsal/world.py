"""The simulated world as a process of its own, driven through its admin address."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from comptoir.rehearsal.options import Options
from comptoir.rehearsal.sage_database import make_sage_database

START_TIMEOUT_S = 60.0
# A replay lasts months of virtual time: its ERP exchanges files some times a day, as many do.
_SLOW_ERP = """
[parties.erp_files]
read_every_s = 21600
write_every_s = 21600
stock_every_s = 21600
products_every_s = 21600
complete_stock_every = 200
"""


class WorldDidNotStart(RuntimeError):  # noqa: N818
    """bazaar ended or stayed silent; its log says why."""


class WorldRefused(RuntimeError):  # noqa: N818
    """It will not do what it was asked; its own words."""


class World:
    """`with World(options, folder) as world:` plays until the block ends."""

    def __init__(self, options: Options, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._log = folder / "bazaar.log"
        self.parties: list[dict[str, Any]] = []

    def __enter__(self) -> World:
        ready = self._folder / "bazaar.json"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command(ready), stdout=log, stderr=subprocess.STDOUT, env=dict(os.environ)
            )
        told = self._wait(ready)
        self.parties = told["parties"]
        self._http = httpx2.Client(base_url=f"{told['url']}/_bazaar", timeout=600, trust_env=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _command(self, ready: Path) -> list[str]:
        options = self._options
        command = [
            sys.executable, "-m", "bazaar", "serve", "--port", "0", "--seed", str(options.seed), "--manual-clock",
            "--start", options.start.isoformat(), "--orders-per-hour", "0", "--ready-file", str(ready),
            *self._erp(), "--config", str(self._config()),
            "--products", "0" if options.replay else str(options.products),
        ]  # fmt: skip
        for kind, count in Counter(options.channels).items():
            command += ["--party", f"{kind}:{count}"]
        return [*command, "--scarce"] if options.scarce else command

    def _erp(self) -> list[str]:
        if self._options.erp == "files":
            return ["--erp-folder", str(self._folder / "erp")]
        if self._options.erp == "sage_x3":
            return ["--party", "sage_x3"]
        owner, reader = make_sage_database()
        return ["--sage-database", owner, "--sage-reader", reader]

    def _config(self) -> Path:
        path = self._folder / "bazaar.toml"
        path.write_text(_SLOW_ERP if self._options.replay else "")
        return path

    def _wait(self, ready: Path) -> dict[str, Any]:
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and self._process.poll() is None:
            if ready.exists():
                return dict(json.loads(ready.read_text()))
            time.sleep(0.05)
        self._process.kill()
        raise WorldDidNotStart(self._log.read_text()[-2000:])

    # --- time -------------------------------------------------------------------------------------------

    def advance(self, to: datetime) -> datetime | None:
        """Let everything up to `to` happen; when the next thing will."""
        told = self._post("clock/advance", {"to": to.isoformat()})
        return None if told["next_event_at"] is None else instant(told["next_event_at"])

    # --- plans and faults -------------------------------------------------------------------------------

    def plan_day(self) -> dict[str, Any]:
        return self.plan_buyers(self._options.orders, self._options.day)

    def plan_buyers(
        self, orders: int, during: timedelta, *, key: str = "day", parties: Sequence[str] = ()
    ) -> dict[str, Any]:
        """From the opening of the doors; on `parties`, or on every marketplace by its share."""
        start = self._options.doors_open
        body = {
            "orders": orders,
            "start": start.isoformat(),
            "end": (start + during).isoformat(),
            "key": key,
            "parties": list(parties),
        }
        return self._post("plan/day", body)

    def plan_replay(self, path: Path) -> dict[str, Any]:
        return self._post(
            "plan/replay", {"path": str(path.resolve()), "shift_to": self._options.doors_open.isoformat()}
        )

    def set_faults(self, level: str) -> None:
        hold = {"hold_s": 0.05} if level != "none" else {}
        self._post("faults", {"party": "*", "level": level, "set": {**hold, "rates": {}}})

    def take_away(self, party: str) -> None:
        """It answers 503 to everything, all day long, until its faults are set anew."""
        self._post("faults", {"party": party, "set": {"rates": {"down": 1.0}, "down_minutes": 24 * 60}})

    def bring_back(self, party: str) -> None:
        self._post("faults", {"party": party, "level": "none", "set": {"rates": {}}})

    def slow_down(self, seconds: float) -> None:
        """Every answer takes up to so long, in real time."""
        self._post("faults", {"party": "*", "set": {"rates": {"latency": 1.0}, "latency_s": seconds}})

    def faults_injected(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for party in self._get("faults").values():
            counts.update(party["counts"])
        return dict(sorted(counts.items()))

    # --- the ledger -------------------------------------------------------------------------------------

    def orders(self) -> Iterator[dict[str, Any]]:
        return self._lines("ledger/orders")

    def documents(self) -> Iterator[dict[str, Any]]:
        return self._lines("ledger/erp")

    def offers(self) -> Iterator[dict[str, Any]]:
        return self._lines("ledger/offers")

    def facts(self, kind: str) -> Iterator[dict[str, Any]]:
        return self._lines(f"ledger?kind={kind}")

    def stock(self) -> dict[str, dict[str, int]]:
        return self._get("ledger/stock")

    def _get(self, path: str) -> dict[str, Any]:
        return _checked(self._http.get(f"/{path}"))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _checked(self._http.post(f"/{path}", json=body))

    def _lines(self, path: str) -> Iterator[dict[str, Any]]:
        with self._http.stream("GET", f"/{path}") as answer:
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            for line in answer.iter_lines():
                if line:
                    yield msgspec.json.decode(line)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _checked(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code >= 400:
        raise WorldRefused(f"{answer.url.path}: {answer.status_code} {answer.text[:500]}")
    return dict(answer.json())
