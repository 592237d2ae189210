"""Sage X3: written by its SOAP web services, read by its REST lists (Syracuse)."""

from pathlib import Path

from comptoir.connectors.sage_x3.connection import SageX3Connection
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="sage_x3",
    label="Sage X3",
    role=Role.ERP,
    settings=SageX3Settings,
    connection=SageX3Connection,
    summary=N_("Sage X3 V12: SOAP web services for what is written, REST lists for what is read."),
    docs=Path(__file__).parent / "README.md",
)
