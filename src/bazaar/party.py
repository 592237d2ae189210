"""What a simulated party owes to the world, and what the world offers to it.

The world runs in one thread: a party's HTTP handlers are `async def`, never plain functions.

A party is one folder. It speaks its real protocol on its routes, keeps its own state in its `Shelf`s,
and asks the world for everything that is shared: time, chance, products, rivals, the ledger, timers.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, MutableMapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from starlette.routing import BaseRoute

from bazaar.faults.names import ProtocolFault
from bazaar.world.facts import (
    Fact,
    FactKind,
    ListedOffer,
    Product,
    Purchase,
    PurchaseChange,
    RivalOffer,
    Timer,
)

T = TypeVar("T")


class Shelf(MutableMapping[str, T]):
    """A dict of msgspec Structs that survives kill -9 when the world is served with a data folder.

    A value changed in place is kept only when it is put back: `shelf[key] = value`.
    """


class World(Protocol):
    """The services that the world offers to its parties."""

    seed: int
    products: MutableMapping[str, Product]  # by SKU
    products_by_ean: MutableMapping[str, Product]

    def now(self) -> datetime: ...
    def rng(self, name: str) -> random.Random:
        """A generator of its own for `name`: the same seed and name always give the same draws.

        Asking again goes on where the last draw stopped, also after a restart on a data folder.
        """
        ...

    def record(
        self,
        kind: FactKind,
        party: str,
        *,
        order_id: str = "",
        sku: str = "",
        quantity: int = 0,
        amount: Decimal | None = None,
        currency: str = "",
        **detail: object,
    ) -> Fact:
        """Write one fact into the ledger, at the world's now."""
        ...

    def set_timer(self, at: datetime, party: str, action: str, **payload: object) -> Timer: ...
    def rivals(self, party: str, ean: str) -> Sequence[RivalOffer]:
        """The offers of the other sellers on that marketplace now, cheapest total first."""
        ...

    def shelf(self, party: str, name: str, kind: type[T]) -> Shelf[T]: ...
    def write_down(self) -> None:
        """Keep what was done until now, before it is told by a way that the world does not see (a file)."""
        ...

    def fault(self, party: str, name: ProtocolFault) -> bool:
        """Whether this fault of the protocol strikes now; a True is already written into the ledger."""
        ...

    def skew(self, party: str) -> timedelta:
        """How far this party's own clock is from the world's; zero unless its faults say otherwise."""
        ...


class Party(Protocol):
    """One simulated system. `key` is its name in addresses, faults and the ledger: `mirakl-1`, `erp`."""

    key: str
    kind: str  # mirakl, erp_files, fnac, octopia, amazon…

    def routes(self) -> Sequence[BaseRoute]:
        """Its protocol, mounted under `/<key>`; empty for a party that speaks through files."""
        ...

    def on_timer(self, timer: Timer) -> None: ...
    def describe(self) -> dict[str, object]:
        """What a newcomer needs to connect, and a summary of its state, for the admin page.

        `connector`: the kind of connector that speaks this protocol; `settings`: what is pasted into it.
        """
        ...


class Marketplace(Party, Protocol):
    """A party where buyers buy from our merchant."""

    currency: str
    share: float  # its part of the demand

    def listed_offers(self) -> Iterable[ListedOffer]: ...
    def listed_offer(self, sku: str) -> ListedOffer | None: ...
    def buy(self, purchase: Purchase) -> str | None:
        """Place an order and return its id; None when the sale is missed (no stock, offer not active).

        Writes `order_placed` with `total` in `amount` and the lines in `detail["lines"]`: a list of
        `{line_id, sku, quantity, unit_price, amount, shipping_amount}`, amounts as strings.
        """
        ...

    def change(self, change: PurchaseChange) -> None:
        """A buyer cancels units not yet shipped, or is refunded units already shipped."""
        ...

    def place_by_hand(self, lines: Sequence[tuple[str, int]], buyer: object | None = None) -> str:
        """Used by the admin page and tests: one order now, whatever the stock."""
        ...

    def order_states(self) -> Iterable[dict[str, object]]:
        """Every order as this marketplace sees it now.

        `{order_id, state, total, currency, placed_at, lines: […]}`
        """
        ...


class Warehouse(Party, Protocol):
    """The ERP: it owns the physical stock, takes orders and ships them."""

    def documents(self) -> Iterable[dict[str, object]]:
        """Every sales document.

        `{reference, channel, external_id, total, currency, copies, state, lines}`
        """
        ...

    def physical_stock(self) -> dict[str, int]: ...
