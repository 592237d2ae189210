"""A real `bazaar serve` in a process of its own, and worlds in this one, with a corner shop in them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import bazaar
from bazaar.genesis import begin
from bazaar.settings import read_settings
from bazaar.world.world import SimulatedWorld

PARTIES = Path(__file__).parent / "parties"
SOURCES = Path(bazaar.__file__).parent.parent
START = "2026-11-23T08:00:00+00:00"
_PLAY = f"import bazaar; bazaar.__path__.append({str(PARTIES)!r}); from bazaar.cli import main; main()"


class Served:
    """A `bazaar serve` process and a client on it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.ready_file = folder / f"ready-{time.monotonic_ns()}.json"
        command = [sys.executable, "-W", "error", "-c", _PLAY, "serve", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--ready-file", str(self.ready_file), *options],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.told = self._wait()
        self.client = httpx2.Client(base_url=self.told["url"], timeout=5)

    def _wait(self) -> dict[str, Any]:
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            if self.ready_file.exists():
                return json.loads(self.ready_file.read_text())
            time.sleep(0.02)
        self.process.kill()
        pytest.fail(f"bazaar did not start: {self.process.communicate()[0].decode()}")

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()
        self.client.close()

    def stop(self) -> tuple[int, str]:
        """SIGTERM; the exit code and everything that was printed."""
        self.process.send_signal(signal.SIGTERM)
        printed, _ = self.process.communicate(timeout=10)
        self.client.close()
        return self.process.returncode, printed.decode()

    def admin(self, path: str, body: object = None) -> Any:
        url = f"/_bazaar/{path}"
        answer = self.client.get(url) if body is None else self.client.post(url, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def ndjson(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.client.get(f"/_bazaar/{path}").text.splitlines()]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """`serve(*options)` starts a world with a corner shop and a manual clock."""
    started: list[Served] = []

    def start(*options: str, clock: tuple[str, ...] = ("--manual-clock",)) -> Served:
        usual = ("--party", "corner_shop", *clock, "--start", START, "--orders-per-hour", "0")
        started.append(Served(tmp_path, *usual, *options))
        return started[-1]

    yield start
    for served in started:
        served.kill()


@pytest.fixture
def make_world(monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimulatedWorld]:
    """`make_world(seed=…, …)`: a world in this process, clock at `START` and pushed by hand."""
    monkeypatch.setattr(bazaar, "__path__", [*bazaar.__path__, str(PARTIES)])

    def make(**given: object) -> SimulatedWorld:
        usual = {"party": ["corner_shop:2"], "speed": 0.0, "start": START, "orders_per_hour": 0.0}
        return begin(read_settings(None, {**usual, **given}))

    return make
