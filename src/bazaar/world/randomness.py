"""Chance by name: every use has a generator of its own, and each can be put down and taken up again."""

from __future__ import annotations

import random
from hashlib import blake2b


def digest(*parts: object) -> int:
    """A 64-bit number that depends on nothing but `parts`, on every machine and in every run."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def unit(*parts: object) -> float:
    """A number in [0, 1) that depends on nothing but `parts`."""
    return (digest(*parts) >> 11) * 2.0**-53


class NamedRandom(random.Random):
    """A generator whose whole state is one counter, so that it is cheap to keep on disk.

    The n-th draw is splitmix64 of `start + n·γ` (Steele, Lea, Flood, 2014).
    """

    _GAMMA = 0x9E3779B97F4A7C15
    _MASK = (1 << 64) - 1

    def __init__(self, start: int, drawn: int = 0) -> None:
        self._start = start
        self.drawn = drawn
        super().__init__(0)

    def seed(self, a: object = None, version: int = 2) -> None:
        """The start is given once for all; `random.Random` calls this when it is built."""

    def _next(self) -> int:
        self.drawn += 1
        z = (self._start + self.drawn * self._GAMMA) & self._MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self._MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self._MASK
        return z ^ (z >> 31)

    def random(self) -> float:
        return (self._next() >> 11) * 2.0**-53

    def getrandbits(self, k: int, /) -> int:
        value = 0
        for _ in range(0, k, 64):
            value = value << 64 | self._next()
        return value >> (-k % 64)

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """The standard one keeps half of each pair aside, which the counter would not remember."""
        return self.normalvariate(mu, sigma)


class Randomness:
    """The generators of one world, by name."""

    def __init__(self, seed: int, drawn: dict[str, int] | None = None) -> None:
        self._seed = seed
        self._drawn = drawn or {}
        self._live: dict[str, NamedRandom] = {}
        self._told: dict[str, int] = {}

    def named(self, name: str) -> NamedRandom:
        """The running generator of that name."""
        if name not in self._live:
            start = self._drawn.get(name, 0)
            self._live[name] = NamedRandom(digest(self._seed, name), start)
            self._told[name] = start
        return self._live[name]

    def fresh(self, *parts: object) -> NamedRandom:
        """A generator for one thing (a buyer, a visit), which always starts at its first draw."""
        return NamedRandom(digest(self._seed, *parts))

    def changes(self) -> list[tuple[str, int]]:
        """`(name, draws)` of the generators that were used since the last call."""
        moved = [(name, rng.drawn) for name, rng in self._live.items() if rng.drawn != self._told[name]]
        self._told.update(moved)
        return moved
