"""Cdiscount and the other sales channels that Octopia resells to, through its seller API v2."""

from operator import attrgetter
from pathlib import Path

from comptoir.connectors.octopia.connection import OctopiaConnection
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="octopia",
    label="Cdiscount (Octopia)",
    role=Role.MARKETPLACE,
    settings=OctopiaSettings,
    connection=OctopiaConnection,
    summary=N_("Cdiscount and the sales channels that Octopia resells to."),
    account=attrgetter("account"),
    stock_pool=attrgetter("stock_pool"),
    marketplace=attrgetter("sales_channel_id"),
    docs=Path(__file__).with_name("README.md"),
)
