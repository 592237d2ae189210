"""A Sage 100 on its own database, with the pont before it. It owns the physical stock."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.party import World
from bazaar.sage.erp import SageErp
from bazaar.sage.settings import SageSettings


def create(key: str, world: World, settings: Mapping[str, object]) -> SageErp:
    """ValueError (msgspec's) names the setting that is wrong or unknown."""
    return SageErp(key, world, msgspec.convert(dict(settings), SageSettings))
