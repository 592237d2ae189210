"""The world itself: one seed, one clock, one ledger, and the parties that live in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from bazaar.faults.board import FaultBoard
from bazaar.faults.names import ProtocolFault
from bazaar.party import Marketplace, Party, Shelf, Warehouse
from bazaar.world import rivals
from bazaar.world.agenda import Agenda, TimerDue
from bazaar.world.catalogue import Catalogue
from bazaar.world.clock import WorldClock
from bazaar.world.demand import Demand
from bazaar.world.facts import Fact, FactKind, Product, RivalOffer, Timer
from bazaar.world.ledger import Ledger
from bazaar.world.randomness import NamedRandom, Randomness
from bazaar.world.shelves import Shelves
from bazaar.world.store import Store

T = TypeVar("T")


class SimulatedWorld:
    """Implements `bazaar.party.World`. Single-threaded: one request or one tick at a time."""

    def __init__(self, seed: int, clock: WorldClock, store: Store | None = None) -> None:
        self.seed = seed
        self.clock = clock
        self._store = store
        self.randomness = Randomness(seed, store.chance() if store else None)
        self.ledger = Ledger(store.facts() if store else ())
        last_event = int(store.settings().get("last_event", "0")) if store else 0
        self.agenda = Agenda(store.events() if store else (), last_event)
        self._shelves = Shelves(store)
        self.products = Catalogue(self.shelf("world", "products", Product))
        self.products_by_ean = self.products.by_ean
        self.parties: dict[str, Party] = {}
        self.faults = FaultBoard(self)
        self.demand = Demand(self)
        self._instant: datetime | None = None
        self._floor = self.clock.now()

    # What the parties use

    def now(self) -> datetime:
        """The instant of the event that is happening, else the clock's."""
        return self._instant or self.clock.now()

    def rng(self, name: str) -> NamedRandom:
        return self.randomness.named(name)

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
        fact = Fact(
            number=len(self.ledger) + 1,
            at=self.now(),
            kind=kind,
            party=party,
            order_id=order_id,
            sku=sku,
            quantity=quantity,
            amount=amount,
            currency=currency,
            detail=detail,
        )
        self.ledger.append(fact)
        return fact

    def set_timer(self, at: datetime, party: str, action: str, **payload: object) -> Timer:
        number = self.agenda.next_number()
        timer = Timer(at=at, number=number, party=party, action=action, payload=payload)
        self.agenda.add(TimerDue(at=at, number=number, timer=timer))
        return timer

    def rivals(self, party: str, ean: str) -> Sequence[RivalOffer]:
        product = self.products_by_ean.get(ean)
        return rivals.offers_at(self.seed, party, product, self.now()) if product else ()

    def shelf(self, party: str, name: str, kind: type[T]) -> Shelf[T]:
        return self._shelves.get(party, name, kind)

    def fault(self, party: str, name: ProtocolFault) -> bool:
        return self.faults.strikes_protocol(party, name)

    def skew(self, party: str) -> timedelta:
        return self.faults.skew(party)

    # What runs it

    def add_party(self, party: Party) -> None:
        if party.key in self.parties:
            raise ValueError(f"two parties are called {party.key}")
        self.parties[party.key] = party

    def marketplaces(self) -> dict[str, Marketplace]:
        """The parties where buyers buy, in the order in which they were added."""
        return {key: party for key, party in self.parties.items() if hasattr(party, "buy")}  # type: ignore[misc]

    def warehouses(self) -> dict[str, Warehouse]:
        return {key: party for key, party in self.parties.items() if hasattr(party, "physical_stock")}  # type: ignore[misc]

    def run_due(self, until: datetime | None = None) -> int:
        """Let everything due happen, in order of time, each at its own instant; how many events."""
        limit, count = until or self.clock.now(), 0
        while (event := self.agenda.pop_due(limit)) is not None:
            self._floor = self._instant = max(event.at, self._floor)
            try:
                if isinstance(event, TimerDue):
                    self._ring(event.timer)
                else:
                    self.demand.happen(event)
            finally:
                self._instant = None
            count += 1
        self._floor = max(self._floor, limit)
        return count

    def advance(self, to: datetime) -> int:
        """Push the clock to `to` through everything that happens on the way."""
        if to < self.clock.now():
            raise ValueError(f"the world's clock is at {self.clock.now().isoformat()}, it does not go back")
        count = self.run_due(to)
        self.clock.advance_to(max(to, self.clock.now()))
        return count

    def run_timers_of(self, party: str) -> int:
        """Ring every timer of a party now, due or not (not those they set meanwhile)."""
        timers = self.agenda.take_timers(party)
        for timer in timers:
            self._ring(timer)
        return len(timers)

    def _ring(self, timer: Timer) -> None:
        if timer.party not in self.parties:
            raise LookupError(f"a timer rings for {timer.party}, which is not part of this world")
        self.parties[timer.party].on_timer(timer)

    def write_down(self) -> None:
        """Put what changed into the store, as one transaction; nothing without a data folder."""
        if self._store is None:
            return
        facts, chance, (done, fresh) = (
            self.ledger.unwritten(),
            self.randomness.changes(),
            self.agenda.changes(),
        )
        shelves = self._shelves.changed()
        if not (facts or chance or done or fresh or shelves or self.clock.speed != 1.0):
            return
        self._store.begin()
        try:
            self._store.put_facts(facts)
            self._store.put_chance(chance)
            self._store.put_events(done, fresh)
            for shelf in shelves:
                shelf.write(self._store)
            self._store.put_settings(self._settings())
        except BaseException:
            self._store.rollback()
            raise
        self._store.commit()

    def close(self) -> None:
        self.write_down()
        if self._store is not None:
            self._store.close()

    def _settings(self) -> list[tuple[str, str]]:
        now = self.clock.now().isoformat()
        return [("seed", str(self.seed)), ("clock", now), ("last_event", str(self.agenda.last_number))]
