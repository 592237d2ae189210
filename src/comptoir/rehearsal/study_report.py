"""The study of overselling as a table and as a picture (SVG)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from rich.console import Console
from rich.table import Table

from comptoir.rehearsal.study import Case, Result, by_case, study

_COLOURS = ("#b4432e", "#d9863b", "#c9b458", "#4f8f6b", "#2f6f8f")
_BAR, _GAP, _LEFT, _WIDTH = 15, 26, 190, 420


def run_study(*, products: int, seed: int, picture: Path) -> None:
    console = Console()
    results = list(study(products=products, seed=seed))
    console.print(_table(results))
    picture.write_text(draw(results), encoding="utf-8")
    console.print(f"{products} products sold to depletion for each figure. Picture: {picture}")


def _table(results: Sequence[Result]) -> Table:
    cases = by_case(results)
    table = Table(title="Oversold units per 1,000 sold (units never sold per product; hours to the last sale)",
                  title_justify="left")  # fmt: skip
    for label in ("demand, stock", "cycle", *(r.scheme.label for r in next(iter(cases.values())))):
        table.add_column(label)
    for case, row in cases.items():
        told = [f"{r.oversold_per_1000:.2f} ({r.stranded:.2f}; {r.sold_out_h:.1f} h)" for r in row]
        table.add_row(f"{case.daily:g}/day, {case.stock} u", f"{case.cycle_s / 60:g} min", *told)
    return table


def draw(results: Sequence[Result]) -> str:
    """One group of bars per case; a bar of no length is a scheme that never oversold."""
    most = max(1.0, *(r.oversold_per_1000 for r in results))
    parts, y = [], 40
    for case, row in by_case(results).items():
        parts.append(f'<text x="10" y="{y + 12}" font-weight="bold">{escape(_title(case))}</text>')
        y += 20
        for colour, result in zip(_COLOURS, row, strict=True):
            length = round(_WIDTH * result.oversold_per_1000 / most, 1)
            figures = f"{result.oversold_per_1000:.2f} ‰, {result.stranded:.2f} never sold"
            parts.append(
                f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(result.scheme.label)}</text>'
                f'<rect x="{_LEFT}" y="{y}" width="{max(length, 1)}" height="{_BAR - 3}" fill="{colour}"/>'
                f'<text x="{_LEFT + length + 6}" y="{y + 11}">{figures}</text>'
            )
            y += _BAR
        y += _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {y}" font-family="sans-serif" font-size="11">'
        f'<rect width="800" height="{y}" fill="#fff"/>'
        '<text x="10" y="20" font-size="14" font-weight="bold">Oversold units per 1,000 sold, four channels</text>'
        f"{''.join(parts)}</svg>\n"
    )


def _title(case: Case) -> str:
    return f"{case.daily:g} a day, {case.stock} units, a cycle of {case.cycle_s / 60:g} min"
