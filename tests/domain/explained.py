"""What is told of every offer at each instant, to be asked again later about the same instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from comptoir.offers.explain import Explanation, explain_quantity
from comptoir.offers.models import Offer


class Memory:
    """`note` at the end of a step; `check` when time has gone on."""

    def __init__(self) -> None:
        self._told: dict[datetime, dict[int, Any]] = {}
        self._steps = 0

    def note(self, now: datetime) -> None:
        self._steps += 1
        found = list(Offer.objects.select_related("channel", "product").order_by("pk"))
        # Some offers at each step, others at the next: every question takes a dozen statements. What was told
        # of this very instant before is told anew.
        asked = self._told.pop(now, {}).keys() | {offer.pk for offer in found[self._steps % 3 :: 3]}
        self._told[now] = {
            offer.pk: _essence(explain_quantity(offer)) for offer in found if offer.pk in asked
        }

    def check(self) -> None:
        """The answer for then is the one that was given then."""
        offers = Offer.objects.select_related("channel", "product").in_bulk()
        every = max(1, len(self._told) // 8)
        for at, told in list(self._told.items())[::every]:
            for pk, then in told.items():
                now = _essence(explain_quantity(offers[pk], at))
                differs = {name: (then[name], now[name]) for name in then if then[name] != now[name]}
                assert differs == {}, f"{offers[pk]} at {at}: {differs}"


def _essence(one: Explanation) -> Any:
    """Without what is of today alone, and shelves that were made later and are empty."""
    parts = [
        replace(part, shelves=[shelf for shelf in part.shelves if shelf.on_hand or shelf.reserved])
        for part in one.facts.parts
    ]
    cuts = [(c.kind, c.value, c.before, c.after, c.rule and c.rule.pk) for c in one.cuts]
    return {
        **{name: getattr(one, name) for name in (
            "known", "stop", "quantity", "decided_at", "own", "few", "at_stake", "others", "sent", "confirmed",
            "shown", "shown_since", "agrees")},
        "parts": parts, "keepings": one.facts.keepings, "available": one.facts.available, "cuts": cuts,
    }  # fmt: skip
