"""Every flow, by name: its rhythm, whom it runs for, what a connector must be able to do for it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import comptoir.flows
from comptoir.sdk.connector import Role

if TYPE_CHECKING:
    from comptoir.channels.models import Channel
    from comptoir.flows.execution import Execution

FlowFunction = Callable[["Execution"], None]


@dataclass(frozen=True)
class Flow:
    name: str
    label: str
    every: timedelta
    run: FlowFunction
    role: Role | None
    """Marketplaces or ERPs: it runs for each of their channels. None: for the house, once."""
    needs: tuple[type, ...]
    """It runs where the connector implements one of these ports."""
    lock: str
    """Flows with the same lock never run at once on one channel."""
    connects: bool
    has_work: Callable[[Channel], bool]
    """Asked by the schedule first: a turn with nothing to do leaves no Run behind."""

    def suits(self, capabilities: frozenset[str]) -> bool:
        return not self.needs or any(port.__name__ in capabilities for port in self.needs)


_FLOWS: dict[str, Flow] = {}


def flow(
    *,
    label: str,
    every: timedelta,
    role: Role | None = None,
    needs: tuple[type, ...] = (),
    lock: str = "",
    connects: bool = True,
    has_work: Callable[[Channel], bool] = lambda _: True,
) -> Callable[[FlowFunction], FlowFunction]:
    """Declare the function as the flow of its name."""

    def declare(function: FlowFunction) -> FlowFunction:
        name = function.__name__
        _FLOWS[name] = Flow(
            name, label, every, function, role, needs, lock or name, connects and role is not None, has_work
        )
        return function

    return declare


@cache
def flows() -> dict[str, Flow]:
    for module in pkgutil.iter_modules(comptoir.flows.__path__):
        if not module.ispkg and module.name != "models":
            importlib.import_module(f"{comptoir.flows.__name__}.{module.name}")
    return dict(sorted(_FLOWS.items()))
