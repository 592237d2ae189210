"""Who buys what, when and where: live arrivals, planned days and replayed invoices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from bazaar.party import Marketplace
from bazaar.world.agenda import AnyEvent, Arrival, Replay, Return, Visit
from bazaar.world.basket import Shopping
from bazaar.world.day import DayPlan, planned_return
from bazaar.world.facts import Purchase, PurchaseChange
from bazaar.world.people import make_buyer
from bazaar.world.profiles import PROFILES, weight_at
from bazaar.world.randomness import NamedRandom

if TYPE_CHECKING:
    from bazaar.world.world import SimulatedWorld

_REFUND_PATIENCE = timedelta(hours=6)
_REFUND_ATTEMPTS = 60


class LiveRate(msgspec.Struct, frozen=True, kw_only=True):
    """Arrivals per hour of virtual time over all marketplaces, and how they spread over the day."""

    orders_per_hour: float
    profile: str = "flat"
    generation: int = 0


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a planned purchase became an order."""

    party: str
    order_id: str


class Demand:
    """Makes the buyers of a `SimulatedWorld` act, and counts what became of each plan."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._shopping = Shopping(world)
        self.placed = world.shelf("world", "placed", Placed)
        self.days = world.shelf("world", "days", DayPlan)
        self.counts = world.shelf("world", "demand_counts", int)
        self._rates = world.shelf("world", "live_rate", LiveRate)

    # Live demand

    @property
    def live(self) -> LiveRate:
        return self._rates.get("live", LiveRate(orders_per_hour=0.0))

    def go_live(self, orders_per_hour: float, profile: str = "flat") -> None:
        """Start, change or (with 0) stop the live arrivals, from now on."""
        if profile not in PROFILES:
            raise ValueError(f"unknown profile {profile!r}: {', '.join(PROFILES)}")
        generation = self.live.generation + 1
        self._rates["live"] = LiveRate(
            orders_per_hour=orders_per_hour, profile=profile, generation=generation
        )
        if orders_per_hour > 0:
            for party in self._world.marketplaces():
                self._call_next(party)

    def resume_live(self) -> None:
        """After a stop in real time, arrivals go on from now: nobody bought while the world was away."""
        if self.live.orders_per_hour > 0:
            self.go_live(self.live.orders_per_hour, self.live.profile)

    def _call_next(self, party: str) -> None:
        """A Poisson process of the highest rate of the day; `_arrive` thins it to the hour's."""
        market, live = self._world.marketplaces(), self.live
        total = sum(m.share for m in market.values())
        peak = max(PROFILES[live.profile])
        rate = live.orders_per_hour * peak * market[party].share / total if total else 0.0
        if rate <= 0:
            return
        wait = timedelta(hours=self._world.rng(f"arrivals/{party}").expovariate(rate))
        at, number = self._world.now() + wait, self._world.agenda.next_number()
        self._world.agenda.add(Arrival(at=at, number=number, party=party, generation=live.generation))

    def _arrive(self, event: Arrival) -> None:
        if event.generation != self.live.generation or event.party not in self._world.marketplaces():
            return
        self._call_next(event.party)
        rng = self._world.rng(f"visits/{event.party}")
        profile = PROFILES[self.live.profile]
        if rng.random() * max(profile) <= weight_at(profile, event.at):
            self._visit(event.party, rng, event.at, reference="")

    # What happens

    def happen(self, event: AnyEvent) -> None:
        match event:
            case Arrival():
                self._arrive(event)
            case Visit():
                self._planned_visit(event)
            case Replay():
                self._replay(event)
            case Return():
                self._return(event)

    def _planned_visit(self, event: Visit) -> None:
        rng = self._world.randomness.fresh("visit", event.plan, event.index)
        reference = f"{event.plan}/{event.index}"
        placed = self._visit(event.party, rng, event.at, reference)
        self._count(f"{event.plan}: {'placed' if placed else 'missed'}")
        if placed:
            number = self._world.agenda.next_number()
            later = planned_return(self.days[event.plan], rng, reference, placed, event.at, number)
            if later is not None:
                self._world.agenda.add(later)

    def _visit(self, party: str, rng: NamedRandom, at: datetime, reference: str) -> Purchase | None:
        """One buyer on one marketplace; the purchase when it became an order."""
        market = self._world.marketplaces()[party]
        lines = self._shopping.fill_basket(market, rng)
        if not lines:
            return None
        purchase = Purchase(at=at, buyer=make_buyer(rng), lines=lines, reference=reference)
        return purchase if self._buy(market, purchase) else None

    def _buy(self, market: Marketplace, purchase: Purchase) -> bool:
        order_id = market.buy(purchase)
        if order_id is None:
            return False
        if purchase.reference:
            self.placed[purchase.reference] = Placed(party=market.key, order_id=order_id)
        return True

    def _replay(self, event: Replay) -> None:
        market = self._world.marketplaces()[event.party]
        placed = self._buy(market, event.purchase)
        self._count(f"replay: {'placed' if placed else 'missed'}")

    def _return(self, event: Return) -> None:
        placed = self.placed.get(event.reference)
        if placed is None:
            self._count("returns of an order that was never placed")
            return
        if event.only_shipped and not self._shipped(placed):
            self._wait_for_shipping(event)
            return
        change = PurchaseChange(
            at=self._world.now(),
            order_id=placed.order_id,
            lines=event.lines,
            reason=event.reason,
            reference=event.reference,
        )
        self._world.marketplaces()[placed.party].change(change)
        self._count("returns done")

    def _shipped(self, placed: Placed) -> bool:
        facts = self._world.ledger.of_order(placed.party, placed.order_id)
        return any(fact.kind == "order_shipped" for fact in facts)

    def _wait_for_shipping(self, event: Return) -> None:
        if event.attempts >= _REFUND_ATTEMPTS:
            self._count("refunds given up: never shipped")
            return
        later = msgspec.structs.replace(
            event,
            at=self._world.now() + _REFUND_PATIENCE,
            number=self._world.agenda.next_number(),
            attempts=event.attempts + 1,
        )
        self._world.agenda.add(later)

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
