"""The documented samples are read, and what we send is valid by Mirakl's own schemas.

The specification is not part of this repository: `COMPTOIR_SHARED` (default `../shared`) says where it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from comptoir.connectors.mirakl import offers, price_watch, profile, refunds
from comptoir.connectors.mirakl.acceptance import build_acceptance
from comptoir.connectors.mirakl.cancellations import build_cancellation
from comptoir.connectors.mirakl.carriers import Carrier, build_tracking
from comptoir.connectors.mirakl.client import JSON
from comptoir.connectors.mirakl.imports import parse_errors, receipt
from comptoir.connectors.mirakl.listing import Offer, OfferPage, parse_offer
from comptoir.connectors.mirakl.offer_export import EXPORT
from comptoir.connectors.mirakl.operations import OPERATIONS
from comptoir.connectors.mirakl.order_sweep import parse_orders
from comptoir.connectors.mirakl.orders import read_payload
from comptoir.connectors.mirakl.payloads import PagePayload
from comptoir.connectors.mirakl.references import build_references
from comptoir.connectors.mirakl.shipments import build_shipment
from comptoir.connectors.mirakl.statuses import STATES
from comptoir.connectors.mirakl.tests import samples
from comptoir.connectors.mirakl.tests.payloads import order
from comptoir.sdk.money import ZERO
from comptoir.sdk.records import OfferDraft
from comptoir.sdk.testing import FakeClock

ROOT = Path(__file__).parents[5]
SPECS = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared")) / "specs" / "mirakl"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the specification folder COMPTOIR_SHARED is absent"),
]
NOW = FakeClock().now


@cache
def specification() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SPECS / "mirakl-mmp-seller-openapi.json").read_text("utf-8"))
    return found


@cache
def documented() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Operation code to its method, path and description."""
    return {
        told["summary"].split(" - ")[0]: (method.upper(), path, told)
        for path, methods in specification()["paths"].items()
        for method, told in methods.items()
        if isinstance(told, dict) and "summary" in told
    }


def sample(operation: str, number: int = 0) -> bytes:
    (found,) = (SPECS / "samples").glob(f"{operation}.response*-{number}.json")
    return found.read_bytes()


def check_request(operation: str, body: object) -> None:
    """Against the operation's request schema, nothing unknown in it, all the way down."""
    schema = documented()[operation][2]["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": {"schemas": strict_schemas()}}
    jsonschema.Draft202012Validator(whole).validate(json.loads(JSON.encode(body)))


@cache
def strict_schemas() -> dict[str, Any]:
    """The schemas with every object closed: a field that Mirakl does not document is our mistake."""
    return {name: _closed(schema) for name, schema in specification()["components"]["schemas"].items()}


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    # Values of custom fields are documented in words only.
    if isinstance(closed.get("properties"), dict) and "type" not in closed["properties"]:
        closed["additionalProperties"] = False
    return closed


def test_every_operation_is_where_the_specification_says() -> None:
    for code, operation in OPERATIONS.items():
        method, path, _ = documented()[code]
        assert operation.method == method, code
        if operation.path:
            shape = operation.path.replace("{import_id}", "{}").replace("{tracking_id}", "{}")
            assert shape.replace("{order_id}", "{}") == _without_names(path), code


def _without_names(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_every_documented_state_is_translated() -> None:
    words = json.dumps(specification()["components"]["schemas"]["OR11_Response_200_Orders"])
    filters = documented()["OR11"][2]["parameters"]
    states = next(one for one in filters if one["name"] == "order_state_codes")["schema"]["enum"]
    assert set(states) <= set(STATES)
    assert all(f'`\\"{state}\\"`' in words for state in states)


def test_the_documented_order_is_read_and_adds_up() -> None:
    page = msgspec.json.decode(sample("OR11"), type=PagePayload, strict=False)
    found, rejected = parse_orders(page.orders, frozenset())
    assert rejected == ()
    assert page.total_count == len(found) == 1
    for one in found:
        lines = sum((line.amount for line in one.lines), ZERO)
        assert lines + one.shipping_amount - one.discount_amount + one.tax_amount == one.total_amount


@pytest.mark.parametrize("number", [0, 1])
def test_documented_offers_are_read(number: int) -> None:
    page = msgspec.json.decode(sample("OF21", number), type=OfferPage, strict=False)
    assert page.offers
    for offer in (parse_offer(one, frozenset(), NOW) for one in page.offers):
        assert offer.sku
        assert offer.price is not None
        assert offer.quantity is not None


def test_documented_exports_are_read() -> None:
    offers_ = msgspec.json.decode(sample("OF54", 1), type=list[Offer], strict=False)
    found = [parse_offer(one, frozenset(), NOW) for one in offers_]
    assert found
    assert all(one.sku and one.price is not None for one in found)


@pytest.mark.parametrize("number", [0, 1])
def test_documented_competitors_are_read(number: int) -> None:
    products = msgspec.json.decode(sample("P11", number), type=price_watch.Products, strict=False).products
    eans = [r.reference or "" for one in products for r in one.product_references or ()]
    found = price_watch.parse_competition(products, eans, "ACME SHOP")
    assert len(found) == sum(len(one.offers or ()) for one in products) > 0
    assert any(one.is_ours for one in found)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("A01", profile.Account),
        ("PC01", profile.Configuration),
        ("SH21", profile._Carriers),
        ("RE01", profile._Reasons),
    ],
)
def test_documented_accounts_and_codes_are_read(operation: str, kind: type[msgspec.Struct]) -> None:
    found = msgspec.json.decode(sample(operation), type=kind, strict=False)
    assert any(value for value in msgspec.structs.asdict(found).values())


def test_every_feature_that_we_read_is_in_the_documented_configuration() -> None:
    schemas = specification()["components"]["schemas"]
    root = schemas["PC01_Response_200_Features"]
    for name, path in profile.FEATURES.items():
        node = root
        for step in path:
            node = node if "properties" in node else schemas[node["$ref"].split("/")[-1]]
            assert step in node["properties"], name
            node = node["properties"][step]


@pytest.mark.parametrize("operation", ["OF24", "PRI01"])
def test_documented_imports_are_named(operation: str) -> None:
    assert receipt(operation, sample(operation)).external_id.startswith(f"{operation}:")


def test_the_documented_error_report_is_read() -> None:
    report = json.loads(sample("OF03"))
    found = parse_errors(report.encode())
    assert [(one.key, one.message) for one in found] == [("OFFER_SKU_004", "The product does not exist")]


def tracking(url_field: str, code: str) -> dict[str, object]:
    parcel = samples.shipment().parcel
    return build_tracking(parcel, [Carrier(code=code, label="Colissimo")], {}, url_field=url_field)


def payload(**changed: Any) -> Any:
    return read_payload(json.dumps(order(**changed)).encode())


def whole_offer(**changed: Any) -> OfferDraft:
    known = dict.fromkeys(offers.FIELDS, "text")
    numbers = {name: "3" for name, read in offers.FIELDS.items() if read is int}
    amounts = {"msrp": "30", "discount_price": "11", "eco_contribution_amount[FR-DEA]": "0.42"}
    dates = {"discount_start_date": "2026-12-01T00:00:00Z", "discount_end_date": "2026-12-31T00:00:00Z"}
    other = {"allow_quote_requests": "false", "producer_id[FR-DEA]": "FR1", "gift-wrap": "true"}
    return samples.draft(extra={**known, **numbers, **amounts, **dates, **other}, **changed)


REQUESTS: dict[str, tuple[str, Callable[[], object]]] = {
    "acceptance": ("OR21", lambda: build_acceptance(samples.decision())),
    "tracking, registered carrier": ("OR23", lambda: tracking("carrier_url", "COLISSIMO")),
    "tracking, other carrier": ("OR23", lambda: tracking("carrier_url", "")),
    "parcel": (
        "ST01",
        lambda: {"shipments": [build_shipment(samples.shipment(), tracking("tracking_url", ""))]},
    ),
    "refund": ("OR28", lambda: refunds.build_refund(payload(), samples.refund(), "15")),
    "cancelation": ("OR30", lambda: build_cancellation(payload(), samples.cancellation(), "34")),
    "reference": ("OR04", lambda: build_references([samples.reference()])),
    "offer": ("OF24", lambda: {"offers": [offers.build_offer(samples.draft(), "EUR", "11")]}),
    "whole offer": ("OF24", lambda: {"offers": [offers.build_offer(whole_offer(), "EUR", "11")]}),
    "deletion": ("OF24", lambda: {"offers": [offers.build_offer(whole_offer(delete=True), "EUR", "11")]}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_what_we_send_is_valid(name: str) -> None:
    operation, build = REQUESTS[name]
    check_request(operation, build())


def test_the_export_that_we_ask_for_is_valid() -> None:
    check_request("OF52", EXPORT)


def test_a_field_that_is_not_documented_would_be_noticed() -> None:
    body = {"order_lines": [{"id": "L", "accepted": True, "invented": 1}]}
    with pytest.raises(jsonschema.ValidationError):
        check_request("OR21", body)
