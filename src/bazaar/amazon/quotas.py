"""The usage plans: token buckets by operation, filled in virtual time.

Rates per second and bursts: the tables of the API models. An operation without one there has none here.
"""

from __future__ import annotations

from datetime import datetime

from bazaar.amazon.exchange import Refused
from bazaar.amazon.settings import Settings

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
}


class Meter:
    """In memory: after a restart the buckets are full, as they would soon be anyway."""

    def __init__(self, settings: Settings) -> None:
        self._off = settings.limits == "off"
        self._scale = settings.limit_scale
        self._filled: dict[str, tuple[float, datetime]] = {}

    def take(self, operation: str, now: datetime) -> None:
        """One token, or the refusal that Amazon gives: no Retry-After, no rate in its headers."""
        if self._off or operation not in PLANS:
            return
        rate, burst = PLANS[operation]
        tokens, since = self._filled.get(operation, (float(burst), now))
        tokens = min(float(burst), tokens + (now - since).total_seconds() * rate * self._scale)
        if tokens < 1:
            self._filled[operation] = (tokens, now)
            message = "You exceeded your quota for the requested resource."
            raise Refused(429, "QuotaExceeded", message)
        self._filled[operation] = (tokens - 1, now)

    def header(self, operation: str) -> dict[str, str]:
        """`x-amzn-RateLimit-Limit` tells the rate of this account, on 2xx, 400 and 404 only."""
        if self._off or operation not in PLANS:
            return {}
        return {"x-amzn-RateLimit-Limit": f"{PLANS[operation][0] * self._scale:g}"}
