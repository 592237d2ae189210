"""The usage plans: token buckets by operation, per account and per application, filled in virtual time.

Rates per second and bursts: the tables of the API models. An operation without one there has none here.
"""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Refused
from bazaar.party import World

PLANS: dict[str, tuple[float, int]] = {
    "getMarketplaceParticipations": (0.016, 15),
    "getAccount": (0.016, 15),
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "confirmShipment": (2, 10),
    "getListingsItem": (5, 10),
    "searchListingsItems": (5, 5),
    "putListingsItem": (5, 10),
    "patchListingsItem": (5, 5),
    "deleteListingsItem": (5, 5),
    "getListingsRestrictions": (5, 10),
    "searchDefinitionsProductTypes": (5, 10),
    "getDefinitionsProductType": (5, 10),
    "searchCatalogItems": (2, 2),
    "getCatalogItem": (2, 2),
    "createFeedDocument": (0.5, 15),
    "createFeed": (0.0083, 15),
    "getFeed": (2, 15),
    "getFeeds": (0.0222, 10),
    "getFeedDocument": (0.0222, 10),
    "cancelFeed": (2, 15),
    "createReport": (0.0167, 15),
    "getReport": (2, 15),
    "getReports": (0.0222, 10),
    "getReportDocument": (0.0167, 15),
    "cancelReport": (0.0222, 10),
    "getCompetitiveSummary": (0.033, 1),
    "getFeaturedOfferExpectedPriceBatch": (0.033, 1),
    "getMyFeesEstimates": (0.5, 1),
    "getMyFeesEstimateForSKU": (1, 2),
    "getInventorySummaries": (2, 2),
    "listTransactions": (0.5, 10),
    "createRestrictedDataToken": (1, 10),
    "createDestination": (1, 5),
    "getDestinations": (1, 5),
    "createSubscription": (1, 5),
    "getSubscription": (1, 5),
    "rotateApplicationClientSecret": (0.0167, 1),
}

# Documentation, "Usage Plans": for all the accounts of one application together, never told in a header.
APPLICATION_PLANS: dict[str, tuple[float, int]] = {
    "getListingsItem": (100, 100),
    "putListingsItem": (100, 100),
    "patchListingsItem": (500, 500),
    "getListingsRestrictions": (100, 100),
    "getCatalogItem": (250, 250),
    "searchCatalogItems": (500, 500),
    "searchDefinitionsProductTypes": (100, 100),
    "getDefinitionsProductType": (100, 100),
}
_QUOTA = "You exceeded your quota for the requested resource."
Buckets = dict[str, tuple[float, datetime]]
_APPLICATIONS: WeakKeyDictionary[World, dict[str, Buckets]] = WeakKeyDictionary()


class Meter:
    """In memory: after a restart the buckets are full, as they would soon be anyway."""

    def __init__(self, account: Account) -> None:
        self._off = account.settings.limits == "off"
        self._scale = account.settings.limit_scale
        self._filled: Buckets = {}
        # Parties of one world whose accounts use one application share its buckets.
        self._application = _APPLICATIONS.setdefault(account.world, {}).setdefault(account.client_id, {})

    def take(self, operation: str, now: datetime) -> None:
        """One token of each bucket, or Amazon's refusal: no Retry-After, no rate in its headers."""
        if self._off:
            return
        if operation in APPLICATION_PLANS:
            _take(self._application, operation, now, *APPLICATION_PLANS[operation])
        if operation in PLANS:
            rate, burst = PLANS[operation]
            _take(self._filled, operation, now, rate * self._scale, burst)

    def header(self, operation: str) -> dict[str, str]:
        """`x-amzn-RateLimit-Limit` tells the rate of this account, on 2xx, 400 and 404 only."""
        if self._off or operation not in PLANS:
            return {}
        return {"x-amzn-RateLimit-Limit": f"{PLANS[operation][0] * self._scale:g}"}


def _take(filled: Buckets, operation: str, now: datetime, rate: float, burst: int) -> None:
    tokens, since = filled.get(operation, (float(burst), now))
    tokens = min(float(burst), tokens + max(0.0, (now - since).total_seconds()) * rate)
    filled[operation] = (tokens - (tokens >= 1), now)
    if tokens < 1:
        raise Refused(429, "QuotaExceeded", _QUOTA)
