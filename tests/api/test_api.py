from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.accounts.services import create_api_key
from comptoir.api.access import Key
from comptoir.api.urls import api
from comptoir.core import clock
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from tests.web.conftest import NOW
from tests.web.shop import Shop, open_shop


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    with clock.clock_at(lambda: NOW):
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop(orders=20)


def client_of(role: Role) -> Client:
    _, secret = create_api_key(name="test", role=role)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def operations() -> list[Any]:
    return [
        op for _, router in api._routers for view in router.path_operations.values() for op in view.operations
    ]


def test_every_endpoint_declares_its_permission() -> None:
    assert len(operations()) == 6
    for operation in operations():
        assert [type(one) for one in operation.auth_param] == [Key] if isinstance(operation.auth_param, list) else (
            isinstance(operation.auth_param, Key)), operation.path  # fmt: skip


def test_no_key_a_wrong_one_and_one_without_the_right(shop: Shop) -> None:
    answer = Client().get("/api/v1/orders")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert Client(headers={"Authorization": "Bearer ck_no_key"}).get("/api/v1/orders").status_code == 401
    refused = client_of(Role.READ_ONLY).post(
        "/api/v1/flows/import_orders/run", {"channel": "maison"}, "application/json"
    )
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:comptoir:problem:forbidden")


def test_orders_are_read_to_the_end_by_their_cursor(shop: Shop) -> None:
    client, seen, cursor = client_of(Role.INTEGRATOR), [], ""
    while cursor is not None:
        page = client.get("/api/v1/orders", {"limit": 7, "cursor": cursor}).json()
        seen += [order["reference"] for order in page["orders"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(Order.objects.values_list("reference", flat=True))
    assert client.get("/api/v1/orders", {"cursor": "nonsense"}).json()["type"].endswith("bad_cursor")
    assert client.get("/api/v1/orders", {"limit": 0}).status_code == 422


def test_one_order_has_its_lines_and_exact_amounts(shop: Shop) -> None:
    client, order = client_of(Role.READ_ONLY), shop.to_accept
    told = client.get(f"/api/v1/orders/{order.reference}").json()
    assert (told["channel"], told["lines"][0]["sku"]) == (order.channel.key, order.lines.all()[0].sku)
    assert told["total_amount"] == str(order.total_amount)
    assert "buyer" not in str(told)
    assert client.get("/api/v1/orders/CO-none").json()["status"] == 404


def test_lists_have_no_query_per_row(shop: Shop, django_assert_max_num_queries: Any) -> None:
    client = client_of(Role.READ_ONLY)
    client.get("/api/v1/flows")
    with django_assert_max_num_queries(4):
        client.get("/api/v1/orders")


def test_a_flow_is_started_once_and_its_runs_are_read(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    start = "/api/v1/flows/import_orders/run"
    first = client.post(start, {"channel": "maison"}, "application/json")
    assert (first.status_code, first.json()["queued"]) == (202, True)
    assert client.post(start, {"channel": "maison"}, "application/json").json()["queued"] is False
    assert client.post(start, {"channel": "nowhere"}, "application/json").status_code == 409
    assert client.post("/api/v1/flows/none/run", {}, "application/json").status_code == 404
    run = Run.objects.filter(outcome="failed")[0]
    assert client.get(f"/api/v1/runs/{run.pk}").json()["error"] == run.error
    assert {flow["name"] for flow in client.get("/api/v1/flows").json()} >= {"import_orders", "purge"}


def test_open_issues_are_listed(shop: Shop) -> None:
    told = client_of(Role.SUPPORT).get("/api/v1/issues", {"channel": "maison"}).json()["issues"]
    assert {issue["action"] for issue in told} == {"retry_offer", "decide_order"}


def test_the_description_names_every_path(db: None) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {"/api/v1/orders", "/api/v1/orders/{reference}", "/api/v1/flows", "/api/v1/flows/{name}/run",
                          "/api/v1/runs/{run_id}", "/api/v1/issues"}  # fmt: skip
