"""Reads what the hub sends: in order, each once, with a receipt for each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from bazaar.erp_files.books import Books, stamp
from bazaar.erp_files.folder import Folder
from bazaar.erp_files.pair import CONTRACT, RefusedError, read_manifest, read_rows
from bazaar.erp_files.records import Rejection, Taken

Rows = list[dict[str, str]]


class Reading(NamedTuple):
    """How one kind is read: the columns it needs, and what to do with its rows."""

    columns: tuple[str, ...]
    apply: Callable[[Rows, str], list[Rejection]]  # (rows, decimal mark) -> the lines not taken


class Inbox:
    def __init__(self, books: Books, folder: Folder, readings: Mapping[str, Reading]) -> None:
        self._books = books
        self._folder = folder
        self._readings = readings

    def read_all(self) -> None:
        """Everything that can be read now."""
        for kind, sequences in self._folder.manifests().items():
            if kind not in self._readings:
                for sequence in sequences:
                    self._refuse(kind, sequence, "contract")
                continue
            for sequence in sequences:
                if sequence <= self._last(kind):
                    self._read_again(kind, sequence)
                elif self._hole_before(kind, sequence):
                    break
                else:
                    self._read(kind, sequence)

    def _last(self, kind: str) -> int:
        return self._books.counters.get(f"in/{kind}", 0)

    def _hole_before(self, kind: str, sequence: int) -> bool:
        """Files are taken in order; one that was refused does not hold up those behind it."""
        names = [_name(kind, number) for number in range(self._last(kind) + 1, sequence)]
        missing = [name for name in names if name not in self._books.refused]
        for name in missing:
            self._books.gaps.setdefault(name, self._books.world.now())
        return bool(missing)

    def alarms(self) -> list[str]:
        """The holes older than the setting allows."""
        oldest = self._books.world.now() - timedelta(minutes=self._books.settings.gap_alarm_minutes)
        return [name for name, since in self._books.gaps.items() if since <= oldest]

    def _read(self, kind: str, sequence: int) -> None:
        name = _name(kind, sequence)
        manifest_body, data = self._folder.read_pair(name)
        try:
            manifest = read_manifest(manifest_body, kind, sequence)
            rows = read_rows(manifest, data or b"", self._readings[kind].columns)
        except RefusedError as refusal:
            self._refuse(kind, sequence, refusal.reason)
            return
        rejected = self._readings[kind].apply(rows, manifest["decimal"])
        lines = len({rejection.line for rejection in rejected})
        receipt = self._receipt(kind, sequence, taken=len(rows) - lines, rejected=rejected)
        self._books.taken[name] = Taken(fingerprint=_fingerprint(manifest_body, data), receipt=receipt)
        self._books.counters[f"in/{kind}"] = sequence
        self._books.gaps.pop(name, None)
        self._books.world.write_down()  # before the receipt says so
        self._give_receipt(name)
        self._folder.move(name, "done")

    def _read_again(self, kind: str, sequence: int) -> None:
        """A sequence already taken: harmless when it is the very same, refused when it is not."""
        name = _name(kind, sequence)
        taken = self._books.taken.get(name)
        if taken is not None and taken.fingerprint == _fingerprint(*self._folder.read_pair(name)):
            self._give_receipt(name)
            self._folder.move(name, "done")
        else:
            self._refuse_replay(kind, sequence)

    def _refuse_replay(self, kind: str, sequence: int) -> None:
        """Its receipt must not hide the one of the exchange that was taken, if that is still unread."""
        name = _name(kind, sequence)
        self._books.count("replays refused")
        if not (self._folder.path / "receipts" / f"{name}.json").exists():
            receipt = self._receipt(kind, sequence, taken=0, rejected=[], refused="replayed")
            self._folder.write(f"receipts/{name}.json", receipt)
        self._folder.move(name, "refused")

    def _refuse(self, kind: str, sequence: int, reason: str) -> None:
        name = _name(kind, sequence)
        self._books.refused[name] = reason
        self._books.gaps.pop(name, None)
        self._books.world.write_down()
        receipt = self._receipt(kind, sequence, taken=0, rejected=[], refused=reason)
        self._folder.write(f"receipts/{name}.json", receipt)
        self._folder.move(name, "refused")

    def _give_receipt(self, name: str) -> None:
        """At once, or late when that fault strikes."""
        if self._books.world.fault(self._books.key, "late_receipt"):
            late = timedelta(minutes=self._books.settings.late_receipt_minutes)
            self._books.world.set_timer(self._books.world.now() + late, self._books.key, "receipt", name=name)
        else:
            self.write_receipt(name)

    def write_receipt(self, name: str) -> None:
        self._folder.write(f"receipts/{name}.json", self._books.taken[name].receipt)

    def _receipt(
        self, kind: str, sequence: int, *, taken: int, rejected: list[Rejection], refused: str | None = None
    ) -> bytes:
        receipt: dict[str, Any] = {
            "contract": CONTRACT,
            "kind": kind,
            "sequence": sequence,
            "read_at": stamp(self._books.own_now()),
            "taken": taken,
            "rejected": msgspec.to_builtins(rejected),
            "refused": refused,
        }
        return json.dumps(receipt, ensure_ascii=False).encode()


def _name(kind: str, sequence: int) -> str:
    return f"{kind}-{sequence:09d}"


def _fingerprint(manifest: bytes, data: bytes | None) -> str:
    return hashlib.sha256(manifest + b"\0" + (data or b"")).hexdigest()
