"""The ledger: what truly happened, in order, never rewritten. It judges the hub, the ERP and everyone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from bazaar.world.facts import Fact, FactKind

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Fact).decode
_json = msgspec.json.Encoder(order="deterministic").encode


class Ledger:
    """Append-only facts, numbered from 1, found by kind, party, order or SKU."""

    def __init__(self, kept: Iterable[bytes] = ()) -> None:
        self._facts: list[Fact] = []
        self._by_kind: dict[str, list[Fact]] = defaultdict(list)
        self._by_order: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._by_sku: dict[str, list[Fact]] = defaultdict(list)
        for body in kept:
            self._index(_decode(body))
        self._written = len(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def append(self, fact: Fact) -> None:
        """Add the next fact; its number must be `len(ledger) + 1`."""
        if fact.number != len(self._facts) + 1:
            raise ValueError(f"fact {fact.number} cannot follow fact {len(self._facts)}")
        self._index(fact)

    def _index(self, fact: Fact) -> None:
        self._facts.append(fact)
        self._by_kind[fact.kind].append(fact)
        if fact.order_id:
            self._by_order[fact.party, fact.order_id].append(fact)
        if fact.sku:
            self._by_sku[fact.sku].append(fact)

    def of_kind(self, kind: FactKind) -> list[Fact]:
        return self._by_kind.get(kind, [])

    def of_order(self, party: str, order_id: str) -> list[Fact]:
        return self._by_order.get((party, order_id), [])

    def of_sku(self, sku: str) -> list[Fact]:
        return self._by_sku.get(sku, [])

    def counts(self) -> dict[str, int]:
        return {kind: len(facts) for kind, facts in sorted(self._by_kind.items())}

    def find(
        self, *, kind: str = "", party: str = "", after: int = 0, limit: int | None = None
    ) -> Iterator[Fact]:
        """The facts numbered above `after`, oldest first, at most `limit`."""
        source = self._by_kind.get(kind, []) if kind else self._facts[after:]
        matching = (f for f in source if f.number > after and (not party or f.party == party))
        return islice(matching, limit)

    def unwritten(self) -> list[tuple[int, bytes]]:
        """`(number, body)` of the facts not handed out by an earlier call."""
        fresh = self._facts[self._written :]
        self._written = len(self._facts)
        return [(fact.number, _encode(fact)) for fact in fresh]


def ndjson(rows: Iterable[object]) -> Iterator[bytes]:
    """One JSON object per line, keys sorted, in blocks of about 500 lines."""
    iterator = iter(rows)
    while block := list(islice(iterator, 500)):
        yield b"".join(_json(row) + b"\n" for row in block)
