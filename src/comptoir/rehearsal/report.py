"""The verdict, for people and for programs."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from comptoir.rehearsal.judge import Verdict
from comptoir.rehearsal.options import Options

ORDER_COUNTS = (
    "placed", "in_hub", "in_erp", "accepted", "refused", "cancelled", "shipped", "lost", "doubled", "wrong_total",
)  # fmt: skip
MORE_COUNTS = (
    "wrong_status", "wrong_lines", "lost_before_erp", "invented", "shipped_after_cancellation",
)  # fmt: skip


def as_object(options: Options, verdict: Verdict, faults: dict[str, int], wall_s: float) -> dict[str, Any]:
    more = {name: verdict.orders[name] for name in MORE_COUNTS if verdict.orders[name]}
    return {
        "seed": options.seed,
        "channels": list(options.channels),
        "faults": options.faults,
        "orders": {name: verdict.orders[name] for name in ORDER_COUNTS} | more,
        "stock": {
            "oversold_units": verdict.stock["oversold_units"],
            "drift_units": verdict.stock["drift_units"],
        },
        "offers": {name: verdict.offers[name] for name in ("count", "unconfirmed", "below_floor")},
        "refunds": {name: verdict.refunds[name] for name in ("done", "refused", "credit_notes", "credited")},
        "issues": {name: verdict.issues[name] for name in ("opened", "open")},
        "faults_injected": faults,
        "stock_latency_s": {
            "p50": verdict.latency.p50,
            "p95": verdict.latency.p95,
            "max": verdict.latency.max,
            "later": verdict.latency.later,
        },
        "wall_s": round(wall_s, 1),
        "verdict": "pass" if verdict.passed else "fail",
    }


def print_report(
    console: Console, told: dict[str, Any], verdict: Verdict, replay: dict[str, Any] | None
) -> None:
    table = Table(title="Rehearsal", title_justify="left", show_header=False)
    for name in ("orders", "stock", "offers", "refunds", "issues", "faults_injected", "stock_latency_s"):
        words = "  ".join(f"{key} [bold]{value}[/bold]" for key, value in told[name].items()) or "none"
        table.add_row(name.replace("_", " "), words)
    if replay is not None:
        table.add_row("replayed file", "  ".join(f"{k} [bold]{v}[/bold]" for k, v in replay.items()))
    table.add_row("time", f"{told['wall_s']} s")
    console.print(table)
    for line in verdict.disagreements[:40]:
        console.print(f"  [red]✗[/red] {line}", highlight=False)
    if len(verdict.disagreements) > 40:
        console.print(f"  … and {len(verdict.disagreements) - 40} more")
    colour = "green" if verdict.passed else "red"
    console.print(f"[bold {colour}]{told['verdict'].upper()}[/bold {colour}]")


def as_line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
