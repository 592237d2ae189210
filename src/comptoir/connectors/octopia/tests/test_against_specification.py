"""The reconstructed description and its samples: what we send is valid by it, and its samples are read.

It is not part of this repository: `COMPTOIR_SHARED` (default `../shared`) says where it is. It is a
reconstruction, not Octopia's own file: the README of the connector says how sure each part is.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from comptoir.connectors.octopia import CONNECTOR
from comptoir.connectors.octopia.account import read_choices
from comptoir.connectors.octopia.client import read_problem
from comptoir.connectors.octopia.conversations import parse_discussion
from comptoir.connectors.octopia.listing import decode_offer, parse_offer
from comptoir.connectors.octopia.orders import parse_order
from comptoir.connectors.octopia.package_results import parse_result
from comptoir.connectors.octopia.statuses import ORDER_STATUSES
from comptoir.connectors.octopia.tests import healthy
from comptoir.connectors.octopia.tests.test_contract import TestOctopia as Contract
from comptoir.sdk.records import Outcome
from comptoir.sdk.testing import ScriptedServer, SeenRequest, context_for_tests

ROOT = Path(__file__).parents[5]
SPECS = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared")) / "specs" / "octopia" / "rest-v2"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SPECS.is_dir(), reason="the specification folder COMPTOIR_SHARED is absent"),
]


@cache
def specification() -> dict[str, Any]:
    text = (SPECS / "octopia-seller-v2.reconstructed.openapi.yaml").read_text("utf-8")
    found: dict[str, Any] = _strict(yaml.safe_load(text))
    return found


def _strict(node: Any) -> Any:
    """Objects whose fields are listed have no other field."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _strict(value) for name, value in node.items()}
    if found.get("type") == "object" and found.get("properties"):
        found["additionalProperties"] = False
    return found


def sample(name: str) -> bytes:
    return (SPECS / "samples-synthetic" / f"{name}.json").read_bytes()


def items(name: str) -> list[msgspec.Raw]:
    return [msgspec.Raw(msgspec.json.encode(one)) for one in json.loads(sample(name))["items"]]


def operation_of(request: SeenRequest) -> dict[str, Any]:
    """The described operation of a request; KeyError when there is none."""
    for path, methods in specification()["paths"].items():
        theirs, ours = path.strip("/").split("/"), request.path.strip("/").split("/")
        same = len(theirs) == len(ours) and all(
            a == b or a.startswith("{") for a, b in zip(theirs, ours, strict=True)
        )
        if same and request.method.lower() in methods:
            found: dict[str, Any] = methods[request.method.lower()]
            return found
    raise KeyError(f"{request.method} {request.path} is not described")


def check(request: SeenRequest) -> None:
    operation = operation_of(request)
    known = {one["name"] for one in operation["parameters"] if "name" in one}
    assert set(request.query) <= known, f"{request.path}: {set(request.query) - known}"
    if request.body and not request.headers.get("content-type", "").startswith("multipart/"):
        (content,) = operation["requestBody"]["content"].values()
        schema = {**content["schema"], "components": specification()["components"]}
        jsonschema.Draft202012Validator(schema).validate(json.loads(request.body))


def test_every_request_that_we_make_is_described() -> None:
    """All ports are called once on a server in good health; each request is checked."""
    contract = Contract()
    with ScriptedServer(contract.answer) as server:
        settings = CONNECTOR.settings.load(contract.settings(server.url))
        connection: Any = CONNECTOR.connect(settings, context_for_tests())
        for call in [*contract.reads.values(), *contract.writes.values()]:
            call(connection)
        connection.close()
        seen = [request for request in server.seen if contract.is_business_call(request)]
    assert len({(request.method, request.path) for request in seen}) >= 18
    for request in seen:
        assert request.headers["sellerid"] == "98979"
        check(request)


@pytest.mark.parametrize("name", ["orders.list.200", "orders.list.empty.200"])
def test_the_order_samples_are_read(name: str) -> None:
    for raw in items(name):
        order = parse_order(raw, timedelta(hours=24))
        assert order.warnings == ()
        assert order.total_amount == sum(line.amount for line in order.lines) + order.shipping_amount


def test_the_single_order_is_read() -> None:
    order = parse_order(sample("order.get.200"), timedelta(hours=24))
    assert [line.sku for line in order.lines] == ["SKU-A", "SKU-B"]


def test_the_offer_samples_are_read() -> None:
    (offer,) = [parse_offer(decode_offer(raw), "EUR") for raw in items("offers.list.200")]
    assert offer is not None
    assert (offer.sku, offer.price) == ("SKU-A", Decimal("24.9"))


def test_the_results_are_read_item_by_item() -> None:
    verdicts = [parse_result(raw) for raw in items("offer-requests-results.200")]
    assert [v.outcome for v in verdicts if v] == [Outcome.DONE, Outcome.REJECTED, Outcome.REJECTED]


@pytest.mark.parametrize(
    ("name", "codes"),
    [("carriers.200", ["COLISSIMO", "CHRONOPOST"]), ("sellers.delivery-modes.200", ["TRK", "REG"])],
)
def test_the_lists_of_the_account_are_read(name: str, codes: list[str]) -> None:
    assert [choice.code for choice in read_choices(sample(name))] == codes


def test_the_discussion_sample_is_read() -> None:
    (found,) = [parse_discussion(raw) for raw in items("discussions.list.200")]
    assert (found.order_id, found.kind, found.needs_answer) == ("SCID000002", "Claim", True)
    assert [message.author for message in found.messages] == ["buyer"]


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("problem.400.cannot-ship", "Cannot switch to shipped status for line L2", "400"),
        ("problem.401", "Unauthorized", "401"),
        ("token.response.401", "Invalid client", "unauthorized_client"),
    ],
)
def test_refusals_are_read_in_their_words(name: str, words: str, code: str) -> None:
    problem = read_problem(sample(name))
    assert words in problem.message
    assert problem.code == code


def test_every_described_order_state_is_translated() -> None:
    states = specification()["components"]["schemas"]["OrderStatus"]["enum"]
    assert set(states) == set(ORDER_STATUSES)


def test_our_own_sample_offer_is_valid_by_the_description() -> None:
    schema = {
        **specification()["components"]["schemas"]["Offer"],
        "components": specification()["components"],
    }
    jsonschema.Draft202012Validator(schema).validate({**healthy.OFFER, "product": {}})
