"""What Amazon would keep of a sale: fee estimates v0, twenty articles a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from comptoir.connectors.amazon.client import AmazonClient
from comptoir.connectors.amazon.marketplaces import Marketplace
from comptoir.sdk.records import Record

# From general knowledge: the model states no maximum.
BATCH_SIZE = 20
_PATH = "/products/fees/v0/feesEstimate"


class _Pascal(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", gc=False):
    """This old model writes its names in PascalCase."""


class _Money(_Pascal, frozen=True, kw_only=True):
    amount: Decimal | None = None


class _Detail(_Pascal, frozen=True, kw_only=True):
    fee_type: str | None = None
    final_fee: _Money | None = None


class _Estimate(_Pascal, frozen=True, kw_only=True):
    total_fees_estimate: _Money | None = None
    fee_detail_list: list[_Detail] | None = None


class _Identifier(_Pascal, frozen=True, kw_only=True):
    id_value: str | None = None


class _Error(_Pascal, frozen=True, kw_only=True):
    message: str | None = None


class Result(_Pascal, frozen=True, kw_only=True):
    status: str | None = None
    fees_estimate_identifier: _Identifier | None = None
    fees_estimate: _Estimate | None = None
    error: _Error | None = None


class FeeEstimate(Record, frozen=True, kw_only=True):
    sku: str
    total: Decimal | None
    """None when Amazon cannot say: `message` has its reason."""
    parts: Mapping[str, Decimal] = {}
    message: str = ""


def estimate_fees(
    client: AmazonClient, place: Marketplace, prices: Mapping[str, Decimal]
) -> list[FeeEstimate]:
    """For articles that we ship ourselves, at these prices by SKU; at most `BATCH_SIZE`."""
    body = [_request(sku, price, place) for sku, price in prices.items()]
    return parse_estimates(client.ask("getMyFeesEstimates", _PATH, body).json(list[Result]))


def parse_estimates(results: Sequence[Result]) -> list[FeeEstimate]:
    return [_estimate(result) for result in results if result.fees_estimate_identifier]


def _estimate(result: Result) -> FeeEstimate:
    sku = (result.fees_estimate_identifier and result.fees_estimate_identifier.id_value) or ""
    estimate = result.fees_estimate
    if result.status != "Success" or estimate is None or estimate.total_fees_estimate is None:
        words = (result.error and result.error.message) or result.status or ""
        return FeeEstimate(sku=sku, total=None, message=words)
    parts = {
        detail.fee_type: detail.final_fee.amount
        for detail in estimate.fee_detail_list or ()
        if detail.fee_type and detail.final_fee and detail.final_fee.amount is not None
    }
    return FeeEstimate(sku=sku, total=estimate.total_fees_estimate.amount, parts=parts)


def _request(sku: str, price: Decimal, place: Marketplace) -> dict[str, Any]:
    return {
        "IdType": "SellerSKU",
        "IdValue": sku,
        "FeesEstimateRequest": {
            "MarketplaceId": place.id,
            "IsAmazonFulfilled": False,
            "Identifier": sku,
            "PriceToEstimateFees": {"ListingPrice": {"CurrencyCode": place.currency, "Amount": price}},
        },
    }
