"""An ERP reached through files in a shared folder: contract `comptoir-files/1`, docs/develop/erp-files.md."""

from pathlib import Path

from comptoir.connectors.files.connection import FilesConnection
from comptoir.connectors.files.journals import write_journal
from comptoir.connectors.files.settings import FilesSettings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="files",
    label=N_("ERP by files"),
    role=Role.ERP,
    settings=FilesSettings,
    connection=FilesConnection,
    summary=N_("Any ERP that can write and read CSV files in a shared folder."),
    write_journal=write_journal,
    docs=Path(__file__).parent / "README.md",
)
