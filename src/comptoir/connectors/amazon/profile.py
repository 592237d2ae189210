"""Who we are on Amazon and where we sell: the connection test, and the list of marketplaces, kept a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.i18n import N_
from comptoir.sdk.records import ChannelProfile

# Documentation, "Rotate your application client credentials": 180 days, a warning 90 days before.
SECRET_LIFE = timedelta(days=180)
ALARM_DAYS = (60, 30, 7)
_DAY_S = 24 * 3600
_KEY = "participations"


class MarketplaceInfo(Payload, frozen=True, kw_only=True):
    id: str
    country_code: str = ""
    default_currency_code: str = ""


class ParticipationInfo(Payload, frozen=True, kw_only=True):
    is_participating: bool | None = None
    has_suspended_listings: bool | None = None


class Participation(Payload, frozen=True, kw_only=True):
    marketplace: MarketplaceInfo
    participation: ParticipationInfo
    store_name: str | None = None


class _Participations(Payload, frozen=True, kw_only=True):
    payload: list[Participation]


def ask_participations(client: AmazonClient, context: Context) -> list[Participation]:
    answer = client.get("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations")
    found = answer.json(_Participations).payload
    (context.shared or context.cache).set(
        _KEY, msgspec.json.encode(_Participations(payload=found)), seconds=_DAY_S
    )
    return found


def known_participations(client: AmazonClient, context: Context) -> list[Participation]:
    """From the cache where it is: the operation allows about one call a minute."""
    kept = (context.shared or context.cache).get(_KEY)
    if kept:
        return msgspec.json.decode(kept, type=_Participations).payload
    return ask_participations(client, context)


def build_profile(found: Sequence[Participation], settings: AmazonSettings, today: date) -> ChannelProfile:
    """ConfigurationError when the account does not sell on the chosen marketplace."""
    place = settings.marketplace
    ours = next((p for p in found if p.marketplace.id == place.id), None)
    if ours is None or not ours.participation.is_participating:
        raise ConfigurationError(f"This account does not sell on {place.domain}.", code="not_participating")
    suspended = bool(ours.participation.has_suspended_listings)
    return ChannelProfile(
        account_id=settings.seller_id,
        account_name=ours.store_name or settings.seller_id,
        state="suspended" if suspended else "open",
        currency=ours.marketplace.default_currency_code or place.currency,
        features={
            "order_acceptance": "none",
            "multi_shipment": "true",
            "marketplaces": ",".join(p.marketplace.country_code for p in found),
        },
        warnings=secret_warnings(settings.secret_date, today),
    )


def secret_warnings(made_on: date | None, today: date) -> tuple[str, ...]:
    """Words for the merchant once the secret has 60, 30 or 7 days left, or is over; () before."""
    if made_on is None:
        return (N_("Say when the client secret was made: it ends 180 days later and all calls with it."),)
    left = (made_on + SECRET_LIFE - today).days
    if left < 0:
        return (N_("The client secret is over: make a new one and paste it here."),)
    step = next((days for days in sorted(ALARM_DAYS) if left <= days), None)
    if step is None:
        return ()
    return (f"The client secret ends in {left} days, on {(made_on + SECRET_LIFE).isoformat()}.",)
