"""Decides, by the world's seed, which exchange goes wrong and how; tells the ledger each time."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bazaar.faults.levels import FaultSettings
from bazaar.faults.names import ALL_FAULTS, WIRE_FAULTS, Absence, ProtocolFault
from bazaar.world.randomness import unit

if TYPE_CHECKING:
    from bazaar.world.world import SimulatedWorld

EVERYONE = "*"


class FaultBoard:
    """The faults of every party. Settings set for `*` hold for those that have none of their own."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._settings = world.shelf("world", "faults", FaultSettings)
        self._forced: dict[str, deque[str]] = defaultdict(deque)
        self._storms: Counter[str] = Counter()
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        for fact in world.ledger.of_kind("fault"):
            self.counts[fact.party][str(fact.detail["name"])] += 1

    def settings(self, party: str) -> FaultSettings:
        return self._settings.get(party) or self._settings.get(EVERYONE) or FaultSettings()

    def set(self, party: str, settings: FaultSettings) -> None:
        """Change the faults of a party; for `*`, of everyone, whatever was set before."""
        if party == EVERYONE:
            self._settings.clear()
        self._settings[party] = settings

    def force(self, party: str, names: list[str]) -> None:
        """The next exchanges of that party meet these faults, one each, in this order."""
        unknown = sorted(set(names) - set(ALL_FAULTS))
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(unknown)}")
        self._forced[party].extend(names)

    def strikes_wire(self, party: str, method: str, path: str) -> str | None:
        """The fault of the wire or the absence that this request meets, if any."""
        name = self._forced_wire(party) or self._absence(party)
        if name is None and self._storms[party]:
            self._storms[party] -= 1
            name = "storm"
        else:
            name = name or self._drawn(party)
            if name == "storm":
                self._storms[party] = self.settings(party).storm_requests - 1
        if name is not None:
            self._tell(party, name, method=method, path=path)
        return name

    def strikes_protocol(self, party: str, name: ProtocolFault) -> bool:
        forced = self._forced[party]
        if forced and forced[0] == name:
            forced.popleft()
        elif not self._chance(f"faults/{party}/{name}", self.settings(party).rate(name)):
            return False
        self._tell(party, name)
        return True

    def skew(self, party: str) -> timedelta:
        settings = self.settings(party)
        rate = settings.rate("clock_skew")
        if not rate or unit(self._world.seed, "skewed", party) >= rate:
            return timedelta()
        return timedelta(seconds=settings.skew_s * (2 * unit(self._world.seed, "skew", party) - 1))

    def _forced_wire(self, party: str) -> str | None:
        forced = self._forced[party]
        if forced and forced[0] in (*WIRE_FAULTS, "down", "expired_key"):
            return forced.popleft()
        return None

    def _absence(self, party: str) -> str | None:
        settings = self.settings(party)
        if self._away(party, "down", settings.rate("down"), settings.down_minutes):
            return "down"
        if self._away(party, "expired_key", settings.rate("expired_key"), settings.expired_key_minutes):
            return "expired_key"
        return None

    def _away(self, party: str, name: Absence, rate: float, minutes: int) -> bool:
        """One stretch per UTC day, at an hour that the seed, the party and the day decide."""
        now, seed = self._world.now(), self._world.seed
        if rate <= 0 or unit(seed, name, "that day", party, now.date()) >= rate:
            return False
        midnight = datetime.combine(now.date(), time(), UTC)
        latest = timedelta(days=1) - timedelta(minutes=minutes)
        start = midnight + latest * unit(seed, name, party, now.date())
        return start <= now < start + timedelta(minutes=minutes)

    def _drawn(self, party: str) -> str | None:
        """One draw for all: the faults of the wire exclude each other."""
        settings = self.settings(party)
        rates = [(name, settings.rate(name)) for name in WIRE_FAULTS]
        if not any(rate for _, rate in rates):
            return None
        draw = self._world.rng(f"faults/{party}/wire").random()
        for name, rate in rates:
            if draw < rate:
                return name
            draw -= rate
        return None

    def _chance(self, rng: str, rate: float) -> bool:
        return rate > 0 and self._world.rng(rng).random() < rate

    def _tell(self, party: str, name: str, method: str = "", path: str = "") -> None:
        self.counts[party][name] += 1
        self._world.record("fault", party, name=name, method=method, path=path)
