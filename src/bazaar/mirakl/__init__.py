"""A simulated Mirakl marketplace, seen by a seller: `create` makes one, as many as wanted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.mirakl.party import MiraklParty
from bazaar.mirakl.settings import Settings
from bazaar.party import World

__all__ = ["MiraklParty", "Settings", "create"]


def create(key: str, world: World, settings: Mapping[str, object] | Settings | None = None) -> MiraklParty:
    """The party `key`. Unknown or ill-typed settings raise msgspec.ValidationError."""
    if not isinstance(settings, Settings):
        settings = msgspec.convert(dict(settings or {}), Settings, strict=False)
    return MiraklParty(key, world, settings)
