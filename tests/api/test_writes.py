"""What callers change: once, exactly, with every fault told at once."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from comptoir.accounts.models import KeptAnswer
from comptoir.accounts.roles import Role
from comptoir.flows.policy import run_flow
from comptoir.flows.purge import ANSWERS_KEPT
from comptoir.inventory.models import Stock
from comptoir.inventory.reservations import default_warehouse
from comptoir.journal.models import Change, Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import CancelRequest, Order
from comptoir.shipping.models import Shipment
from tests.api.conftest import client_of
from tests.web.conftest import NOW
from tests.web.shop import Shop

JSON = "application/json"


@pytest.fixture
def client(shop: Shop) -> Client:
    return client_of(Role.ADMINISTRATOR)


def whole_order() -> Order:
    """To ship, and nothing of it left."""
    return Order.objects.filter(status="to_ship", held="", shipments=None).order_by("id")[0]


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(
        f"/api/v1{path}", body or {}, JSON, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def test_an_order_is_accepted_once_and_only_while_it_waits(client: Client, shop: Shop) -> None:
    order = shop.to_accept
    assert post(client, f"/orders/{order.reference}/accept").json()["decision"] == "accept"
    Order.objects.filter(pk=order.pk).update(decision="sent")
    refused = post(client, f"/orders/{order.reference}/refuse")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_this_state")


def test_an_order_is_held_noted_released_and_cancelled(client: Client, shop: Shop) -> None:
    path = f"/orders/{whole_order().reference}"
    assert post(client, f"{path}/hold", {"reason": "address"}).json()["held"] == "address"
    assert post(client, f"{path}/hold", {"reason": "address"}).status_code == 409
    assert post(client, f"{path}/notes", {"text": "called them"}).status_code == 200
    assert post(client, f"{path}/notes", {"text": "  "}).status_code == 422
    assert post(client, f"{path}/release").json()["held"] == ""
    assert post(client, f"{path}/cancel", {"lines": [{"line": 1, "quantity": 9999}]}).status_code == 409
    assert post(client, f"{path}/cancel", {"lines": [{"line": 77, "quantity": 1}]}).status_code == 422
    assert post(client, f"{path}/cancel").status_code == 200
    assert CancelRequest.objects.get().requested_by.startswith("test (")


def test_a_parcel_leaves_with_its_lines(client: Client, shop: Shop) -> None:
    order = whole_order()
    line = order.lines.all()[0]
    parcel = {
        "carrier": "colissimo",
        "tracking_number": "6A1",
        "lines": [{"line": 1, "quantity": line.quantity}],
    }
    told = post(client, f"/orders/{order.reference}/ship", parcel).json()
    assert (told["shipments"][0]["carrier"], told["lines"][0]["shipped_quantity"]) == (
        "COLISSIMO",
        line.quantity,
    )
    shipment = Shipment.objects.get(tracking_number="6A1")
    found = client.get(f"/api/v1/shipments/{shipment.pk}").json()
    assert (found["order"], found["lines"][0]["quantity"]) == (order.reference, line.quantity)
    bad = parcel | {"carrier": "", "tracking_url": "javascript:alert(1)", "colour": "red"}
    errors = post(client, f"/orders/{order.reference}/ship", bad).json()["errors"]
    assert {one["where"][-1] for one in errors} == {"carrier", "tracking_url", "colour"}


def test_the_same_key_and_body_are_done_once_and_answered_the_same(client: Client, shop: Shop) -> None:
    path = f"/orders/{shop.to_ship.reference}/notes"
    first = post(client, path, {"text": "once"}, Idempotency_Key="k-1")
    again = post(client, path, {"text": "once"}, Idempotency_Key="k-1")
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert shop.to_ship.events.filter(kind="noted").count() == 1
    other = post(client, path, {"text": "another"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    stranger = post(client_of(Role.ADMINISTRATOR), path, {"text": "another"}, Idempotency_Key="k-1")
    assert stranger.status_code == 200
    assert post(client, path, {"text": "x"}, Idempotency_Key="").json()["code"] == "bad_idempotency_key"


def test_kept_answers_are_forgotten_after_their_term(client: Client, shop: Shop) -> None:
    path = f"/orders/{shop.to_ship.reference}/notes"
    post(client, path, {"text": "once"}, Idempotency_Key="old")
    post(client, path, {"text": "once"}, Idempotency_Key="young")
    aged = {"old": ANSWERS_KEPT + timedelta(minutes=1), "young": ANSWERS_KEPT - timedelta(minutes=1)}
    for name, age in aged.items():
        KeptAnswer.objects.filter(name=name).update(at=NOW - age)
    run = run_flow("purge")
    assert run is not None
    assert run.counts["kept_answers"] == 1
    assert KeptAnswer.objects.get().name == "young"
    assert "Idempotent-Replayed" in post(client, path, {"text": "once"}, Idempotency_Key="young")
    assert "Idempotent-Replayed" not in post(client, path, {"text": "once"}, Idempotency_Key="old")


def test_a_refused_write_leaves_its_key_free(client: Client, shop: Shop) -> None:
    path = f"/orders/{shop.to_ship.reference}/release"
    assert post(client, path, Idempotency_Key="k-2").status_code == 409
    assert not KeptAnswer.objects.exists()
    Order.objects.filter(pk=shop.to_ship.pk).update(held="why")
    held = Order.objects.get(held="why")
    assert post(client, f"/orders/{held.reference}/release", Idempotency_Key="k-2").status_code == 200


def test_an_edit_of_what_changed_meanwhile_is_refused(client: Client, shop: Shop) -> None:
    offer = Offer.objects.filter(channel=shop.house, product__isnull=False)[0]
    tag = client.get(f"/api/v1/offers/{offer.pk}")["ETag"]

    def patch(price: str) -> Any:
        return client.patch(f"/api/v1/offers/{offer.pk}", {"price": price}, JSON, headers={"If-Match": tag})

    assert patch("71.50").json()["desired_price"] == "71.5000"
    assert (patch("72.50").status_code, patch("72.50").json()["code"]) == (412, "changed_meanwhile")
    assert Offer.objects.get(pk=offer.pk).desired_price == Decimal("71.50")
    below = client.patch(f"/api/v1/offers/{offer.pk}", {"price": "3"}, JSON)
    assert (below.status_code, below.json()["code"]) == (409, "below_floor")


def test_the_etag_of_an_order_guards_its_actions(client: Client, shop: Shop) -> None:
    order = shop.to_ship
    tag = client.get(f"/api/v1/orders/{order.reference}", headers={"Accept-Encoding": "gzip"})["ETag"]
    assert post(client, f"/orders/{order.reference}/hold", {"reason": "a"}, If_Match=tag).status_code == 200
    assert post(client, f"/orders/{order.reference}/release", {}, If_Match=tag).status_code == 412


def test_prices_in_bulk_are_previewed_then_written_whole(client: Client, shop: Shop) -> None:
    rows = [{"channel": "maison", "sku": "LAMP-OAK-01", "price": "61.00"},
            {"channel": "jardin", "sku": "LAMP-OAK-01", "price": 62.5, "floor": "30"},
            {"channel": "maison", "sku": "MUG-BLUE-4", "paused": True}]  # fmt: skip
    seen = post(client, "/offers/preview", {"rows": rows}).json()
    assert [one["after"]["price"] for one in seen["changed"]] == ["61.00", "62.5", "34.5000"]
    assert Offer.objects.filter(desired_price=Decimal(61)).count() == 0
    bad = [*rows, {"channel": "maison", "sku": "MUG-BLUE-4", "price": "1.00"}, {"channel": "moon", "sku": "X"},
           {"channel": "maison", "price": -1, "hue": 3}]  # fmt: skip
    told = post(client, "/offers", {"rows": bad}).json()
    assert {(one["where"][2], one["where"][3]) for one in told["errors"]} == {
        (2, "sku"), (3, "sku"), (3, "price"), (4, "sku"), (5, "sku"), (5, "price"), (5, "hue")}  # fmt: skip
    assert Offer.objects.filter(desired_price=Decimal(61)).count() == 0
    assert post(client, "/offers", {"rows": rows}).json() == {
        "received": 3,
        "changed": 3,
        "unchanged": 0,
        "refused": [],
    }
    paused = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4")
    assert (paused.state, paused.desired_quantity) == ("paused", 0)
    change = Change.objects.get(action="offer.wanted", subject="LAMP-OAK-01 @ maison")
    assert (change.before["price"], change.after["price"], change.address) == (
        "59.9000",
        "61.00",
        "127.0.0.1",
    )
    assert len(change.key) == 8


def test_ten_thousand_counts_as_ndjson_are_one_call(
    client: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    code = default_warehouse().code
    rows = [{"sku": "LAMP-OAK-01", "warehouse": code, "on_hand": 77}]
    rows += [{"sku": f"NONE-{n}", "warehouse": code, "on_hand": n} for n in range(9_999)]
    body = "\n".join(json.dumps(row) for row in rows)
    with django_assert_max_num_queries(40):
        told = client.post("/api/v1/stock?partial=true", body, "application/x-ndjson").json()
    assert (told["received"], told["changed"], len(told["refused"])) == (10_000, 1, 9_999)
    assert Stock.objects.get(product=shop.products[0]).on_hand == 77
    assert (
        client.post("/api/v1/stock", body + '\n{"sku": "one more"}', "application/x-ndjson").status_code
        == 413
    )
    assert client.post("/api/v1/stock", '{"rows": [', JSON).json()["code"] == "bad_request"
    assert (
        client.post("/api/v1/stock", '[{"a": 1}', "application/x-ndjson")
        .json()["detail"]
        .startswith("line 1")
    )


def test_an_issue_is_tried_again_and_closed(client: Client, shop: Shop) -> None:
    issue = Issue.objects.filter(state="open", action="retry_offer")[0]
    assert post(client, f"/issues/{issue.pk}/retry").status_code == 200
    decide = Issue.objects.filter(state="open", action="decide_order")[0]
    assert post(client, f"/issues/{decide.pk}/retry").json()["code"] == "cannot_retry"
    closed = post(client, f"/issues/{issue.pk}/close", {"resolution": "seen"}).json()
    assert (closed["state"], closed["resolution"]) == ("closed", "seen")
    assert post(client, f"/issues/{issue.pk}/close", {"resolution": "seen"}).status_code == 409


def test_a_failed_run_is_run_again(client: Client, shop: Shop) -> None:
    run = Run.objects.filter(outcome="failed")[0]
    told = post(client, f"/runs/{run.pk}/retry")
    assert (told.status_code, told.json()["flow"], told.json()["queued"]) == (202, run.flow, True)
    assert client.get("/api/v1/runs", {"outcome": "failed"}).json()["runs"][0]["id"] == run.pk
