"""Sage 100 on the merchant's own server: read by SQL, written through the pont (docs/develop/pont-openapi.yaml)."""

from pathlib import Path

from comptoir.connectors.sage100.connection import Sage100Connection
from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="sage100",
    label="Sage 100",
    role=Role.ERP,
    settings=Sage100Settings,
    connection=Sage100Connection,
    summary=N_("Sage 100 on SQL Server: read with a read-only login, written by an agent beside Sage."),
    docs=Path(__file__).parent / "README.md",
)
