"""`python -m bench [--only NAME …] [--scale 0.1]`: measure, show, write `bench/latest.json`, judge."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.measures import Budget, Result
from bench.registry import chosen_modules, load

LATEST = Path(__file__).parent / "latest.json"
JUDGED_FROM_SCALE = 0.1
"""Below it fixed costs are most of what is measured: budgets are shown and not judged."""


def main() -> int:
    options = _read_options()
    console = Console()
    results, budgets = _measure(chosen_modules(options.only), options.scale, console)
    options.output.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    judged = options.scale >= JUDGED_FROM_SCALE
    console.print(_table(results, budgets, judged=judged))
    missed = [one.name for one in results if one.name in budgets and not budgets[one.name].holds(one.ratio)]
    if judged and missed:
        console.print(f"Budgets missed: {', '.join(missed)}", style="bold red")
    return 1 if judged and missed else 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these benchmarks alone")
    parser.add_argument("--scale", type=float, default=1.0, help="1: the sizes that the budgets are for")
    parser.add_argument("--output", type=Path, default=LATEST, help="where the results are written")
    options = parser.parse_args()
    try:
        chosen_modules(options.only)
    except LookupError as unknown:
        parser.error(str(unknown))
    return options


def _measure(
    modules: Sequence[str], scale: float, console: Console
) -> tuple[list[Result], dict[str, Budget]]:
    """On a database of its own, made for the run and thrown away with it."""
    from comptoir.config.stage import stage
    from comptoir.core.loaded import set_loaded_aside

    results: list[Result] = []
    budgets: dict[str, Budget] = {}
    with stage(), _progress(console) as bar:
        for module in modules:
            task = bar.add_task(module.removeprefix("bench."), total=1.0)
            benchmark = load(module)
            set_loaded_aside()  # as a worker does
            budgets |= benchmark.budgets
            results += benchmark.run(scale, partial(_show, bar, task))
            bar.remove_task(task)
    return results, budgets


def _show(bar: Progress, task: TaskID, words: str, done: float) -> None:
    bar.update(task, description=words, completed=done)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _table(results: Sequence[Result], budgets: Mapping[str, Budget], *, judged: bool) -> Table:
    table = Table("benchmark", "value", "unit", "reference", "ratio", "budget", "")
    for one in results:
        budget = budgets.get(one.name)
        verdict = "" if budget is None or not judged else "met" if budget.holds(one.ratio) else "MISSED"
        table.add_row(
            one.name, f"{one.value:,.4g}", one.unit, f"{one.reference:,.4g}", f"{one.ratio:.3f}",
            str(budget or ""), verdict,
        )  # fmt: skip
    return table


if __name__ == "__main__":
    sys.exit(main())
