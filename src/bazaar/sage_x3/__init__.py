"""A Sage X3 behind Syracuse: SOAP web services and REST lists over one set of books. It owns the physical stock."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.party import World
from bazaar.sage_x3.erp import X3Erp
from bazaar.sage_x3.settings import X3Settings


def create(key: str, world: World, settings: Mapping[str, object]) -> X3Erp:
    """ValueError (msgspec's) names the setting that is wrong or unknown."""
    return X3Erp(key, world, msgspec.convert(dict(settings), X3Settings))
