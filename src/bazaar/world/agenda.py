"""What is to come: timers of the parties and purchases of the buyers, in one order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime

import msgspec

from bazaar.world.facts import Purchase, PurchaseLine, Timer


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that happens at `at`; `number` orders equal instants by when they were planned."""

    at: datetime
    number: int


class TimerDue(Event, frozen=True, kw_only=True):
    timer: Timer


class Arrival(Event, frozen=True, kw_only=True):
    """Live demand: one more buyer comes to that marketplace, and calls the next one."""

    party: str
    generation: int  # of the rate: an arrival of an older one is stale


class Visit(Event, frozen=True, kw_only=True):
    """A planned day: buyer `index` of plan `plan` comes."""

    party: str
    plan: str
    index: int


class Replay(Event, frozen=True, kw_only=True):
    """A replayed invoice is bought."""

    party: str
    purchase: Purchase


class Return(Event, frozen=True, kw_only=True):
    """Units of an earlier purchase, known by the reference of its plan, are cancelled or sent back."""

    reference: str
    lines: tuple[PurchaseLine, ...]
    reason: str
    only_shipped: bool = False  # a refund: it waits until the order is shipped
    attempts: int = 0


AnyEvent = TimerDue | Arrival | Visit | Replay | Return
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(AnyEvent).decode


class Agenda:
    """A heap by `(at, number)` that can tell what changed since it was last written down."""

    def __init__(self, kept: Iterable[bytes] = (), last_number: int = 0) -> None:
        events: list[AnyEvent] = [_decode(body) for body in kept]
        self._heap = [(event.at, event.number, event) for event in events]
        heapq.heapify(self._heap)
        self._fresh: dict[int, AnyEvent] = {}
        self._done: list[int] = []
        self.last_number = max([last_number, *(event.number for event in events)])

    def __len__(self) -> int:
        return len(self._heap)

    def next_number(self) -> int:
        self.last_number += 1
        return self.last_number

    def add(self, event: AnyEvent) -> None:
        heapq.heappush(self._heap, (event.at, event.number, event))
        self._fresh[event.number] = event

    @property
    def next_at(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def pop_due(self, until: datetime) -> AnyEvent | None:
        """Take the first event at or before `until`."""
        if not self._heap or self._heap[0][0] > until:
            return None
        event = heapq.heappop(self._heap)[2]
        if self._fresh.pop(event.number, None) is None:
            self._done.append(event.number)
        return event

    def timers_of(self, party: str) -> list[Timer]:
        """The timers that wait for a party, soonest first."""
        waiting = sorted(entry[2].timer for entry in self._heap if isinstance(entry[2], TimerDue))
        return [timer for timer in waiting if timer.party == party]

    def take_timers(self, party: str) -> list[Timer]:
        """Remove the timers of a party, due or not, and hand them over soonest first."""
        taken = [e[2] for e in self._heap if isinstance(e[2], TimerDue) and e[2].timer.party == party]
        numbers = {event.number for event in taken}
        self._heap = [entry for entry in self._heap if entry[1] not in numbers]
        heapq.heapify(self._heap)
        self._done += [number for number in numbers if self._fresh.pop(number, None) is None]
        return sorted(event.timer for event in taken)

    def changes(self) -> tuple[list[int], list[tuple[int, bytes]]]:
        """The numbers of the events done and the bodies of the new ones, since the last call."""
        done, fresh = self._done, [(number, _encode(event)) for number, event in self._fresh.items()]
        self._done, self._fresh = [], {}
        return done, fresh
