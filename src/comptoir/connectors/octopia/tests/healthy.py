"""A server in good health that answers every operation that the connector uses."""

from __future__ import annotations

import re
from typing import Any

from comptoir.connectors.octopia.tests.samples import an_order
from comptoir.sdk.testing import Scripted, SeenRequest

SECRET = "s3cret/value+1"

TOKEN = {"access_token": "eyJ.token.1", "expires_in": 7200, "token_type": "Bearer"}
OFFER = {
    "offerId": "98979_AUC1_New_CDISFR",
    "sellerExternalReference": "SKU-A",
    "offerState": "Active",
    "updatedAt": "2026-11-20T10:00:00Z",
    "product": {"gtin": 3700000000018, "reference": "AUC1"},
    "condition": "New",
    "integrationPrice": {"price": 24.9},
    "facialPrice": {"price": 24.9},
    "quantity": 12,
    "preparationTime": 2,
    "salesChannelFeedback": {
        "bestOfferDetails": {"price": 23.9, "sellerName": "AUTRE VENDEUR"},
        "competingOffers": [{"price": 23.9, "shippingCost": 0}, {"price": 26.5, "shippingCost": 3.9}],
    },
}

DISCUSSION = {
    "discussionId": "D1",
    "isOpen": True,
    "graduation": "Discussion",
    "processStatus": "ToTreat",
    "orderSellerId": "SCID000042",
    "salesChannel": "CDISFR",
    "customerId": "C000042",
    "subject": "Ma commande",
    "createdAt": "2026-11-22T08:00:00Z",
    "updatedAt": "2026-11-22T09:00:00Z",
    "messages": [
        {
            "messageId": "M1",
            "body": "Bonjour, où est mon colis ?",
            "createdAt": "2026-11-22T08:00:00Z",
            "hasRead": False,
            "sender": {"userId": "C000042", "userType": "Customer"},
        }
    ],
}

_ANSWERS: list[tuple[str, str, Any]] = [
    ("POST", r"/token", TOKEN),
    ("GET", r"/sellers", {"sellerId": "98979", "shopName": "La Boutique", "status": "Active"}),
    (
        "GET",
        r"/sellers/subscriptions",
        {"items": [{"salesChannelId": "CDISFR", "offerSubmissionCurrency": "EUR"}]},
    ),
    ("GET", r"/sellers/delivery-modes", {"count": 1, "items": [{"code": "TRK", "name": "Suivi"}]}),
    ("GET", r"/carriers", [{"code": "COLISSIMO", "label": "Colissimo"}]),
    ("GET", r"/cancellation-reasons", {"items": [{"code": "seller-out-of-stock", "label": "Rupture"}]}),
    ("GET", r"/offers", {"itemsPerPage": 1, "items": [OFFER]}),
    ("GET", r"/discussions", {"items": [DISCUSSION]}),
    ("GET", r"/discussions/D1", DISCUSSION),
    ("GET", r"/operations", {"items": [{"operationReference": "OP1", "sale": {"amount": 54.7}}]}),
    ("POST", r"/orders/\w+/invoice-documents", {"importId": "II1"}),
    ("POST", r"/offer-integration-packages", {"packageId": 7000001}),
    (
        "GET",
        r"/offer-integration-packages/7000001",
        {"status": "Integrated", "offers": [{"sellerProductId": "SKU-A", "integrationStatus": "Integrated"}]},
    ),
    ("GET", r"/order-invoice-imports/II1", {"importId": "II1", "status": "Done"}),
    ("GET", r"/order-cancellation-requests", {"items": []}),
    ("GET", r"/order-commercial-gesture-requests", {"items": []}),
    ("GET", r"/orders/\w+/commercial-gestures-available-amounts", {"allowableAmount": 20}),
]


class Healthy:
    """Opens one package, `PKG1`, and closes it when asked."""

    def __init__(self) -> None:
        self._package = "WaitingForCompletion"

    def answer(self, request: SeenRequest, status: str = "InPreparation") -> Scripted:
        """`status` is where the orders stand."""
        if request.path.startswith("/offer-packages"):
            return self._packages(request)
        if request.method == "GET" and request.path == "/orders":
            fresh = request.query["updatedAtMin"] <= "2026-11-23T08:02:00Z"
            items = [an_order(status=status)] if fresh else []
            return Scripted(body={"itemsPerPage": 100, "items": items})
        if request.method == "GET" and re.fullmatch(r"/orders/\w+", request.path):
            return Scripted(body=an_order(request.path.rpartition("/")[2], status=status))
        for method, path, body in _ANSWERS:
            if request.method == method and re.fullmatch(path, request.path):
                return Scripted(body=body)
        return Scripted(201, {})

    def _packages(self, request: SeenRequest) -> Scripted:
        if request.path == "/offer-packages":
            self._package = "WaitingForCompletion"
            return Scripted(201, b"", {"Content-Location": "/offer-packages/PKG1"})
        if request.method == "PATCH":
            self._package = "Ready"
        return Scripted(body={"packageId": "PKG1", "state": self._package})
