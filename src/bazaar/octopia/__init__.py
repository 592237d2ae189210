"""A simulated Octopia seller account and its sales channels, Cdiscount the first of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.octopia.party import OctopiaParty
from bazaar.octopia.settings import Settings
from bazaar.party import World

__all__ = ["OctopiaParty", "Settings", "create"]


def create(key: str, world: World, settings: Mapping[str, object] | Settings | None = None) -> OctopiaParty:
    """The party `key`. Unknown or ill-typed settings raise msgspec.ValidationError."""
    if not isinstance(settings, Settings):
        settings = msgspec.convert(dict(settings or {}), Settings, strict=False)
    return OctopiaParty(key, world, settings)
