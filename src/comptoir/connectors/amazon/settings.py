"""What a merchant pastes to connect one marketplace of an Amazon seller account."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from comptoir.connectors.amazon.marketplaces import (
    BY_COUNTRY,
    ENDPOINTS,
    LWA_TOKEN_URL,
    MARKETPLACES,
    ONE_QUANTITY,
    Marketplace,
)
from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

_COUNTRIES = tuple((place.country, f"{place.country} — {place.domain}") for place in MARKETPLACES)


class AmazonSettings(ConnectorSettings, frozen=True, kw_only=True):
    client_id: Annotated[
        str,
        Setting(
            N_("Client identifier"), help=N_("Of your private application, in Solution Provider Portal.")
        ),
    ]
    client_secret: Annotated[
        str, Setting(N_("Client secret"), secret=True, help=N_("It ends 180 days after it was made."))
    ]
    refresh_token: Annotated[
        str, Setting(N_("Refresh token"), secret=True, help=N_("Given by “Authorise application”."))
    ]
    seller_id: Annotated[
        str,
        Setting(
            N_("Merchant token"),
            help=N_("Seller Central, Account information."),
            placeholder="A1B2C3D4E5F6G7",
        ),
    ]
    country: Annotated[str, Setting(N_("Marketplace"), choices=_COUNTRIES)] = "FR"
    secret_made_on: Annotated[
        str,
        Setting(
            N_("Client secret made on"), placeholder="2026-11-23", help=N_("For the alarm before its end.")
        ),
    ] = ""
    order_sweep: Annotated[
        str,
        Setting(
            N_("Orders to bring in"),
            choices=(
                ("own", N_("Those of this marketplace")),
                ("region", N_("Those of every marketplace of the account, in one sweep")),
                ("none", N_("None: another channel of this account sweeps them")),
            ),
            help=N_("Amazon allows one sweep every three minutes for the whole account."),
        ),
    ] = "own"
    overlap_minutes: Annotated[int, Setting(N_("Overlap of two sweeps, in minutes"), advanced=True)] = 10
    lead_time_days: Annotated[int | None, Setting(N_("Days before shipping"), advanced=True)] = None
    shipping_group: Annotated[str, Setting(N_("Shipping template"), advanced=True)] = ""
    cancel_reason: Annotated[str, Setting(N_("Default reason of a cancellation"), advanced=True)] = (
        "NoInventory"
    )
    refund_reason: Annotated[str, Setting(N_("Default reason of a refund"), advanced=True)] = "CustomerReturn"
    queue_url: Annotated[
        str,
        Setting(
            N_("Notification queue"),
            kind="url",
            advanced=True,
            placeholder="https://sqs.eu-west-1.amazonaws.com/123456789012/comptoir",
            help=N_("Address of an Amazon SQS queue. Orders come sooner; nothing depends on it."),
        ),
    ] = ""
    queue_access_key: Annotated[str, Setting(N_("Access key of the queue"), advanced=True)] = ""
    queue_secret_key: Annotated[str, Setting(N_("Secret key of the queue"), secret=True, advanced=True)] = ""
    renew_secret: Annotated[
        bool,
        Setting(
            N_("Renew the client secret by itself"),
            advanced=True,
            help=N_("30 days before its end. Needs the notification queue, registered at Amazon too."),
        ),
    ] = False
    base_url: Annotated[str, Setting(N_("Address of the API"), kind="url", advanced=True)] = ""
    token_url: Annotated[str, Setting(N_("Address of the tokens"), kind="url", advanced=True)] = ""

    @property
    def marketplace(self) -> Marketplace:
        return BY_COUNTRY[self.country]

    @property
    def account(self) -> str:
        """The account is the seller in one region: credentials and limits are the same on its marketplaces."""
        return f"{self.seller_id}:{self.marketplace.region}"

    @property
    def stock_pool(self) -> str:
        """Where one quantity per SKU is shown on several marketplaces; "" where each has its own."""
        return self.account if self.country in ONE_QUANTITY else ""

    @property
    def is_notified(self) -> bool:
        return bool(self.queue_url)

    @property
    def api_url(self) -> str:
        return self.base_url or ENDPOINTS[self.marketplace.region]

    @property
    def lwa_url(self) -> str:
        """Amazon's own for its own API; another API (a simulator, a proxy) gives its tokens itself."""
        if self.token_url:
            return self.token_url
        return f"{self.base_url.rstrip('/')}/auth/o2/token" if self.base_url else LWA_TOKEN_URL

    @property
    def secret_date(self) -> date | None:
        return date.fromisoformat(self.secret_made_on) if self.secret_made_on else None

    @property
    def swept_marketplaces(self) -> tuple[str, ...]:
        """Identifiers for searchOrders: every marketplace of the region, this one, or none."""
        if self.order_sweep == "none":
            return ()
        if self.order_sweep == "own":
            return (self.marketplace.id,)
        return tuple(place.id for place in MARKETPLACES if place.region == self.marketplace.region)

    def problems(self) -> dict[str, str]:
        try:
            _ = self.secret_date
        except ValueError:
            return {"secret_made_on": N_("A date is written 2026-11-23.")}
        if self.renew_secret and not self.queue_url:
            return {
                "renew_secret": N_("The new secret comes through the notification queue: give its address.")
            }
        if self.overlap_minutes < 1:
            return {"overlap_minutes": N_("At least one minute is needed.")}
        return {}
