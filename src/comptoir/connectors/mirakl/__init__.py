"""Marketplaces built on Mirakl, by the seller API that they all share. See README.md."""

from __future__ import annotations

from pathlib import Path

from comptoir.connectors.mirakl.connection import MiraklConnection
from comptoir.connectors.mirakl.settings import MiraklSettings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

_HERE = Path(__file__).parent

CONNECTOR = ConnectorType(
    key="mirakl",
    label="Mirakl",
    role=Role.MARKETPLACE,
    settings=MiraklSettings,
    connection=MiraklConnection,
    summary=N_("Decathlon, Leroy Merlin, Boulanger, Carrefour… and every marketplace built on Mirakl."),
    docs=_HERE / "README.md",
    registry=_HERE / "registry.toml",
)
