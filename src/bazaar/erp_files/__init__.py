"""An ERP that exchanges files in a folder, by `docs/develop/erp-files.md`. It owns the physical stock."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bazaar.erp_files.erp import FilesErp
from bazaar.erp_files.settings import ErpSettings
from bazaar.party import World


def create(key: str, world: World, settings: Mapping[str, object]) -> FilesErp:
    """ValueError (msgspec's) names the setting that is wrong or unknown."""
    return FilesErp(key, world, msgspec.convert(dict(settings), ErpSettings))
