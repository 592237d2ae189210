"""The operations that we call, with Amazon's default usage plans.

Rates are calls per second, bursts are calls; source: the usage-plan tables of the API models. They are
only where we start: the rate that Amazon grants to an account comes back in `x-amzn-RateLimit-Limit`
and replaces ours (`buckets.py`). Several plans apply at once, per account and per application.
"""

from __future__ import annotations

from comptoir.sdk.http import Limit

LIMITS: dict[str, Limit] = {
    "getMarketplaceParticipations": Limit(0.016, 15),
    "searchOrders": Limit(0.0056, 20),
    "getOrder": Limit(0.5, 30),
    "confirmShipment": Limit(2, 10),
    "getListingsItem": Limit(5, 10),
    "searchListingsItems": Limit(5, 5),
    "putListingsItem": Limit(5, 10),
    "patchListingsItem": Limit(5, 5),
    "deleteListingsItem": Limit(5, 5),
    "getListingsRestrictions": Limit(5, 10),
    "searchDefinitionsProductTypes": Limit(5, 10),
    "getDefinitionsProductType": Limit(5, 10),
    "searchCatalogItems": Limit(2, 2),
    "getCatalogItem": Limit(2, 2),
    "createFeedDocument": Limit(0.5, 15),
    "createFeed": Limit(0.0083, 15),
    "getFeed": Limit(2, 15),
    "getFeeds": Limit(0.0222, 10),
    "getFeedDocument": Limit(0.0222, 10),
    "cancelFeed": Limit(2, 15),
    "createReport": Limit(0.0167, 15),
    "getReport": Limit(2, 15),
    "getReports": Limit(0.0222, 10),
    "getReportDocument": Limit(0.0167, 15),
    "getCompetitiveSummary": Limit(0.033, 1),
    "getFeaturedOfferExpectedPriceBatch": Limit(0.033, 1),
    "getMyFeesEstimates": Limit(0.5, 1),
    "getInventorySummaries": Limit(2, 2),
    "createDestination": Limit(1, 5),
    "getDestinations": Limit(1, 5),
    "createSubscription": Limit(1, 5),
    "getSubscription": Limit(1, 5),
    "uploadVatInvoice": Limit(1 / 3, 1),  # documentation, "Upload invoices": one every three seconds
    "rotateApplicationClientSecret": Limit(0.0167, 1),
}

# Shared by every account of one application (documentation, "Usage Plans": per-application limits).
APPLICATION_LIMITS: dict[str, Limit] = {
    "getListingsItem": Limit(100, 100),
    "putListingsItem": Limit(100, 100),
    "patchListingsItem": Limit(500, 500),
    "getListingsRestrictions": Limit(100, 100),
    "getCatalogItem": Limit(250, 250),
    "searchCatalogItems": Limit(500, 500),
    "searchDefinitionsProductTypes": Limit(100, 100),
    "getDefinitionsProductType": Limit(100, 100),
}
