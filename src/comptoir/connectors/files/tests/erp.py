"""The ERP's side of the folder for these tests: written from the contract, without the connector's code."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NOW = "2026-11-23T09:00:00.000000Z"


class Erp:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.inbox, self.outbox = root / "to_erp", root / "from_erp"
        for folder in (self.inbox, self.outbox):
            folder.mkdir(parents=True)
        for name in ("done", "refused", "receipts"):
            (self.inbox / name).mkdir()

    # --- writing ----------------------------------------------------------------------------------------

    def send(self, kind: str, sequence: int, rows: Sequence[dict[str, Any]], **manifest: Any) -> bytes:
        """Write a pair as the contract says; `manifest` overrides what it would say."""
        separator = manifest.get("separator", ";")
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode(manifest.get("encoding", "utf-8"))
        return self.send_bytes(kind, sequence, data, **{"rows": len(rows)} | manifest)

    def send_bytes(self, kind: str, sequence: int, data: bytes, **manifest: Any) -> bytes:
        told = {
            "contract": "comptoir-files/1",
            "kind": kind,
            "sequence": sequence,
            "created_at": NOW,
            "rows": data.count(b"\n") - 1,
            "sha256": hashlib.sha256(data).hexdigest(),
            "encoding": "utf-8",
            "separator": ";",
            "decimal": ".",
        }
        if kind in ("products", "stock"):
            told["complete"] = False
        if kind == "stock":
            told["as_of"] = NOW
        (self.outbox / f"{kind}-{sequence:09d}.csv").write_bytes(data)
        content = json.dumps(told | manifest).encode()
        (self.outbox / f"{kind}-{sequence:09d}.json").write_bytes(content)
        return data

    def stock(self, sequence: int, **quantities: int) -> bytes:
        rows = [{"sku": sku, "warehouse": "LYON", "quantity": n} for sku, n in quantities.items()]
        return self.send("stock", sequence, rows)

    # --- reading ----------------------------------------------------------------------------------------

    def manifest(self, stem: str) -> dict[str, Any]:
        return json.loads((self.inbox / f"{stem}.json").read_bytes())

    def rows(self, stem: str) -> list[dict[str, str]]:
        told = self.manifest(stem)
        data = (self.inbox / f"{stem}.csv").read_bytes()
        assert hashlib.sha256(data).hexdigest() == told["sha256"]
        text = io.StringIO(data.decode(told["encoding"]), newline="")
        rows = list(csv.DictReader(text, delimiter=told["separator"], strict=True))
        assert len(rows) == told["rows"]
        return rows

    def take(self, stem: str, *, taken: int, rejected: Sequence[dict[str, Any]] = ()) -> None:
        self.tell(stem, taken=taken, rejected=list(rejected), refused=None)
        self.move(stem, "done")

    def refuse(self, stem: str, reason: str) -> None:
        self.tell(stem, taken=0, rejected=[], refused=reason)
        self.move(stem, "refused")

    def tell(self, stem: str, **said: Any) -> None:
        kind, _, sequence = stem.rpartition("-")
        told = {"contract": "comptoir-files/1", "kind": kind, "sequence": int(sequence), "read_at": NOW}
        (self.inbox / "receipts" / f"{stem}.json").write_text(json.dumps(told | said))

    def move(self, stem: str, folder: str) -> None:
        for extension in ("csv", "json"):
            (self.inbox / f"{stem}.{extension}").rename(self.inbox / folder / f"{stem}.{extension}")

    def receipt(self, stem: str) -> dict[str, Any]:
        return json.loads((self.outbox / "receipts" / f"{stem}.json").read_bytes())

    def left(self, folder: str = "") -> list[str]:
        return sorted(path.name for path in (self.outbox / folder).iterdir() if path.is_file())

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.inbox.iterdir() if path.is_file())
