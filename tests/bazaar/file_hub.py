"""The hub's side of the file contract, played with none of the ERP's own reading and writing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bazaar.erp_files.amendments import CANCELLATION_COLUMNS, REFUND_COLUMNS
from bazaar.erp_files.intake import ORDER_COLUMNS
from bazaar.world.world import SimulatedWorld

COLUMNS = {"orders": ORDER_COLUMNS, "cancellations": CANCELLATION_COLUMNS, "refunds": REFUND_COLUMNS}


class Hub:
    """Writes and reads the folder with nothing of the ERP's own code."""

    def __init__(self, world: SimulatedWorld, root: Path) -> None:
        self.world, self.root = world, root
        self.skus = list(world.products)

    def send(self, kind: str, sequence: int, rows: list[dict[str, Any]], /, **spoilt: Any) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS[kind], delimiter=",", restval="")
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode("cp1252")
        manifest = {
            "contract": "comptoir-files/1",
            "kind": kind,
            "sequence": sequence,
            "created_at": "2026-11-23T08:00:00.000000Z",
            "rows": len(rows),
            "sha256": hashlib.sha256(data).hexdigest(),
            "encoding": "cp1252",
            "separator": ",",
            "decimal": ",",
        }
        name = self.root / "to_erp" / f"{kind}-{sequence:09d}"
        name.with_suffix(".csv").write_bytes(data)
        name.with_suffix(".json").write_text(json.dumps({**manifest, **spoilt}))

    def receipt(self, kind: str, sequence: int) -> dict[str, Any]:
        return json.loads((self.root / "to_erp" / "receipts" / f"{kind}-{sequence:09d}.json").read_text())

    def where(self, kind: str, sequence: int) -> str:
        (found,) = (self.root / "to_erp").glob(f"*/{kind}-{sequence:09d}.csv")
        return found.parent.name

    def told(self, kind: str) -> list[dict[str, str]]:
        """Every line the ERP wrote of that kind, after the manifest's checks."""
        lines: list[dict[str, str]] = []
        for path in sorted((self.root / "from_erp").glob(f"{kind}-*.json")):
            manifest, data = json.loads(path.read_text()), path.with_suffix(".csv").read_bytes()
            if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
                continue
            rows = list(
                csv.DictReader(
                    io.StringIO(data.decode(manifest["encoding"])), delimiter=manifest["separator"]
                )
            )
            assert len(rows) == manifest["rows"]
            lines += rows
        return lines

    def sequences(self, kind: str) -> list[int]:
        return [int(path.stem[-9:]) for path in sorted((self.root / "from_erp").glob(f"{kind}-*.json"))]

    def live(self, **span: float) -> None:
        self.world.advance(self.world.now() + timedelta(**span))

    def facts(self, kind: Any) -> list[tuple[str, str, int]]:
        return [(fact.order_id, fact.sku, fact.quantity) for fact in self.world.ledger.of_kind(kind)]


def order(reference: str, *lines: tuple[str, int]) -> list[dict[str, Any]]:
    common = {"reference": reference, "channel": "shop", "external_id": f"X{reference}", "currency": "EUR"}
    common |= {"customer_name": "Élodie L'Hermitte", "lines": len(lines), "total_amount": "10,50"}
    return [
        {
            **common,
            "line_number": n,
            "line_reference": f"L{n}",
            "sku": sku,
            "quantity": units,
            "unit_price": "1,25",
        }
        for n, (sku, units) in enumerate(lines, start=1)
    ]


def amendment(reference: str, sku: str, units: int, **more: str) -> dict[str, Any]:
    return {
        "reference": reference,
        "line_number": 1,
        "line_reference": "L1",
        "sku": sku,
        "quantity": units,
        **more,
    }
