"""A simulated Fnac Darty storefront, seen by a seller: `create` makes one, as many as wanted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.fnac.party import FnacParty
from bazaar.fnac.settings import Settings
from bazaar.party import World

__all__ = ["FnacParty", "Settings", "create"]


def create(key: str, world: World, settings: Mapping[str, object] | Settings | None = None) -> FnacParty:
    """The party `key`. Unknown or ill-typed settings raise msgspec.ValidationError."""
    if not isinstance(settings, Settings):
        settings = msgspec.convert(dict(settings or {}), Settings, strict=False)
    return FnacParty(key, world, settings)
