"""A chart as data: drawn by `static/comptoir/charts.js`, told as a table by `chart.html`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int | None


@dataclass(frozen=True)
class Series:
    name: str
    values: list[Number]
    """One per label; None where there is nothing to say yet."""
    kind: str = "line"
    """line or bar"""


@dataclass(frozen=True)
class Chart:
    title: str
    axis: str
    labels: list[str]
    series: list[Series]
    unit: str = ""

    @property
    def json(self) -> str:
        series = [
            {"name": s.name, "kind": s.kind, "values": [_plain(v) for v in s.values]} for s in self.series
        ]
        return json.dumps({"labels": self.labels, "series": series, "unit": self.unit})

    @property
    def rows(self) -> list[tuple[str, list[Number]]]:
        return [(label, [s.values[place] for s in self.series]) for place, label in enumerate(self.labels)]


def _plain(value: Number) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value


def sparkline(values: list[int], *, width: int = 96, height: int = 22) -> str:
    """The points of an SVG polyline, the oldest first; flat on the ground when nothing happened."""
    top = max(values, default=0) or 1
    step = width / max(1, len(values) - 1)
    return " ".join(
        f"{place * step:.1f},{height - 1 - value / top * (height - 3):.1f}"
        for place, value in enumerate(values)
    )
