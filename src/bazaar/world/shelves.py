"""Shelves: dicts of Structs that remember what changed since they were last written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from bazaar.party import Shelf
from bazaar.world.store import Store

T = TypeVar("T")
_encode = msgspec.msgpack.Encoder().encode


class MemoryShelf(Shelf[T]):
    """A dict in memory; with a store, `write` sends what changed since the last time."""

    def __init__(self, name: str, kind: type[T], store: Store | None) -> None:
        self.name = name
        self.kind = kind
        self._keep = store is not None
        self._values: dict[str, T] = {}
        self._changed: dict[str, None] = {}
        self._removed: dict[str, None] = {}
        if store is not None:
            decode = msgspec.msgpack.Decoder(kind).decode
            self._values = {key: decode(body) for key, body in store.shelf(name)}

    def __getitem__(self, key: str) -> T:
        return self._values[key]

    def __setitem__(self, key: str, value: T) -> None:
        self._values[key] = value
        if self._keep:
            self._changed[key] = None

    def __delitem__(self, key: str) -> None:
        del self._values[key]
        if self._keep:
            self._changed.pop(key, None)
            self._removed[key] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    @property
    def changed(self) -> bool:
        return bool(self._changed or self._removed)

    def write(self, store: Store) -> None:
        """Send the changes into the store's open transaction."""
        put = ((key, _encode(self._values[key])) for key in self._changed)
        store.put_shelf(self.name, self._removed, put)
        self._changed, self._removed = {}, {}


class Shelves:
    """Every shelf of the world, by party and name."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._shelves: dict[str, MemoryShelf[object]] = {}

    def get(self, party: str, name: str, kind: type[T]) -> MemoryShelf[T]:
        full = f"{party}/{name}"
        if full not in self._shelves:
            self._shelves[full] = MemoryShelf(full, kind, self._store)
        return self._shelves[full]  # type: ignore[return-value]

    def changed(self) -> list[MemoryShelf[object]]:
        return [shelf for shelf in self._shelves.values() if shelf.changed]
