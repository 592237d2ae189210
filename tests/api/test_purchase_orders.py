"""Orders to suppliers by the API: written once, sent, cancelled, and who may."""

from __future__ import annotations

from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.catalog.models import Supplier
from comptoir.finance.models import PurchaseOrder
from tests.api.conftest import client_of
from tests.api.test_writes import post
from tests.web.shop import Shop

BODY = {
    "supplier": "Ateliers du Jura",
    "comment": "before Christmas",
    "lines": [
        {"sku": "LAMP-OAK-01", "quantity": 12, "unit_price": "21.50"},
        {"sku": "MUG-BLUE-4", "quantity": 3},
    ],
}


def test_a_draft_is_written_sent_once_and_listed(shop: Shop) -> None:
    Supplier.objects.create(name="Ateliers du Jura")
    client = client_of(Role.BUYER)
    made = post(client, "/purchase-orders", BODY, Idempotency_Key="k-1")
    again = post(client, "/purchase-orders", BODY, Idempotency_Key="k-1")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert again.json() == made.json()
    path = f"/purchase-orders/{made.json()['reference']}"
    assert [(line["sku"], line["quantity"]) for line in made.json()["lines"]] == [
        ("LAMP-OAK-01", 12), ("MUG-BLUE-4", 3),
    ]  # fmt: skip
    assert post(client, f"{path}/send").json()["state"] == "to_send"
    assert post(client, f"{path}/send").status_code == 409
    assert post(client, f"{path}/cancel").json()["state"] == "cancelled"
    found = client.get("/api/v1/purchase-orders?state=cancelled").json()["purchase_orders"]
    assert [one["reference"] for one in found] == [made.json()["reference"]]


def test_what_nobody_knows_is_refused_and_nothing_is_written(shop: Shop) -> None:
    client = client_of(Role.BUYER)
    assert post(client, "/purchase-orders", BODY).status_code == 404
    Supplier.objects.create(name="Ateliers du Jura")
    assert (
        post(client, "/purchase-orders", BODY | {"lines": [{"sku": "NOPE", "quantity": 1}]}).status_code
        == 404
    )
    assert (
        post(client, "/purchase-orders", BODY | {"lines": [{"sku": "NOPE", "quantity": 0}]}).status_code
        == 422
    )
    twice = [{"sku": "LAMP-OAK-01", "quantity": 1}] * 2
    assert post(client, "/purchase-orders", BODY | {"lines": twice}).status_code == 422
    assert not PurchaseOrder.objects.exists()


def test_a_key_that_reads_writes_none_and_one_of_some_channels_sees_none(shop: Shop) -> None:
    Supplier.objects.create(name="Ateliers du Jura")
    reader: Client = client_of(Role.READ_ONLY)
    assert post(reader, "/purchase-orders", BODY).status_code == 403
    narrow = client_of(Role.OPERATIONS, channels=[shop.house.key])
    assert narrow.get("/api/v1/purchase-orders").status_code == 403
    assert post(narrow, "/purchase-orders", BODY).status_code == 403
