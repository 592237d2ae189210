"""Amazon as a seller's application meets it: the Selling Partner API, Login with Amazon, its documents."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.amazon.market import AmazonMarket
from bazaar.amazon.settings import Settings
from bazaar.party import World


def create(key: str, world: World, settings: Mapping[str, object]) -> AmazonMarket:
    """ValueError (msgspec's) names the setting that is wrong or unknown."""
    return AmazonMarket(key, world, msgspec.convert(dict(settings), Settings, strict=False))
