from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.measures import Budget
from bench.registry import MODULES

ROOT = Path(__file__).resolve().parents[2]
SMALL = "0.002"


@pytest.mark.timeout(1800)
def test_every_benchmark_runs_and_tells_its_ratio(tmp_path: Path) -> None:
    output = tmp_path / "latest.json"
    # Growth is the same measures again at three sizes, the smallest of which takes minutes.
    names = [name for name, module in MODULES.items() if module != "bench.growth"]
    done = _bench("--only", *names, "--scale", SMALL, "--output", str(output))
    assert done.returncode == 0, done.stdout + done.stderr
    results = {one["name"]: one for one in json.loads(output.read_text())}
    assert set(names) <= results.keys()
    for one in results.values():
        assert one.keys() == {"name", "value", "unit", "reference", "ratio"}
        assert one["value"] > 0
        assert one["ratio"] == pytest.approx(one["value"] / one["reference"], rel=0.05, abs=0.001)


def test_a_name_that_no_benchmark_has_is_told_with_those_there_are() -> None:
    done = _bench("--only", "speed_of_light")
    assert done.returncode == 2
    assert "speed_of_light" in done.stderr
    assert "order_intake_vs_copy" in done.stderr


@pytest.mark.parametrize(
    ("budget", "met", "missed"), [(Budget("≥", 0.25), 0.25, 0.2499), (Budget("≤", 0.1), 0.1, 0.1001)]
)
def test_a_budget_is_met_up_to_its_bound(budget: Budget, met: float, missed: float) -> None:
    assert budget.holds(met)
    assert not budget.holds(missed)


def _bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
