"""How a world begins, or goes on from its data folder."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import bazaar
from bazaar.faults.board import EVERYONE
from bazaar.faults.levels import FaultSettings
from bazaar.party import Party
from bazaar.settings import ServeSettings
from bazaar.world.catalogue import generate_products
from bazaar.world.clock import WorldClock
from bazaar.world.store import Store
from bazaar.world.world import SimulatedWorld


def party_kinds() -> list[str]:
    """The folders beside this file that can create a party: adding a folder adds a kind."""
    folders = (module.name for module in pkgutil.iter_modules(bazaar.__path__) if module.ispkg)
    return [name for name in folders if hasattr(importlib.import_module(f"bazaar.{name}"), "create")]


def begin(settings: ServeSettings) -> SimulatedWorld:
    """The world that was asked for, with its products, parties, faults and demand."""
    store = Store(Path(settings.data) / "world.sqlite3") if settings.data else None
    kept = store.settings() if store else {}
    if kept and int(kept["seed"]) != settings.seed:
        raise ValueError(f"the data folder holds the world of seed {kept['seed']}, not {settings.seed}")
    world = SimulatedWorld(settings.seed, _clock(settings, kept), store)
    if not kept:
        for product in generate_products(world.randomness, settings.products, scarce=settings.scarce):
            world.products[product.sku] = product
    _add_parties(world, settings)
    if not kept:
        world.faults.set(EVERYONE, FaultSettings(level=settings.faults))
        world.demand.go_live(settings.orders_per_hour)
    elif settings.speed == 1.0 and settings.start is None:
        world.demand.resume_live()
    world.write_down()
    return world


def _clock(settings: ServeSettings, kept: dict[str, str]) -> WorldClock:
    """Real time unless it was asked otherwise; an own time goes on from where it was."""
    if settings.speed == 1.0 and settings.start is None:
        return WorldClock()
    start = datetime.fromisoformat(kept["clock"]) if kept else settings.start
    return WorldClock((start or datetime.now(UTC)).astimezone(UTC), settings.speed)


def _add_parties(world: SimulatedWorld, settings: ServeSettings) -> None:
    kinds = party_kinds()
    for kind, key in settings.wanted():
        if kind not in kinds:
            raise ValueError(f"no party of kind {kind!r}: there is {', '.join(kinds) or 'none'}")
        own = settings.party_settings(kind, key)
        if kind == "erp_files" and settings.erp_folder:
            own = {"folder": settings.erp_folder, **own}
        if kind == "sage":
            own = {"database": settings.sage_database, "reader": settings.sage_reader, **own}
        create = importlib.import_module(f"bazaar.{kind}").create
        world.add_party(cast(Party, create(key, world, own)))
