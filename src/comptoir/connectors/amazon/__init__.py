"""Amazon, through the Selling Partner API and a private application of the merchant's."""

from operator import attrgetter
from pathlib import Path

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.i18n import N_

CONNECTOR = ConnectorType(
    key="amazon",
    label="Amazon",
    role=Role.MARKETPLACE,
    settings=AmazonSettings,
    connection=AmazonConnection,
    summary=N_("One marketplace of an Amazon seller account, through the Selling Partner API."),
    docs=Path(__file__).with_name("README.md"),
    account=attrgetter("account"),
    stock_pool=attrgetter("stock_pool"),
    marketplace=attrgetter("marketplace.id"),
    notified=attrgetter("is_notified"),
    # Amazon's data protection policy: personal data goes 30 days after delivery.
    contacts_kept_days=30,
)
