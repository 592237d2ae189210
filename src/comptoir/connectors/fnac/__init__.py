"""Fnac and Darty, by Fnac Darty's XML API for sellers (« api.php », version 2.6)."""

from pathlib import Path

from comptoir.connectors.fnac.connection import FnacConnection
from comptoir.connectors.fnac.settings import FnacSettings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="fnac",
    label="Fnac Darty",
    role=Role.MARKETPLACE,
    settings=FnacSettings,
    connection=FnacConnection,
    summary=N_("Fnac.com, Darty and the Fnac shops of Belgium, Spain and Portugal, one shop per channel."),
    docs=Path(__file__).with_name("README.md"),
    registry=Path(__file__).with_name("registry.toml"),
)
