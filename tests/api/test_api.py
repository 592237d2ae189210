from __future__ import annotations

from typing import Any

from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.api.access import Key
from comptoir.api.urls import api
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from tests.api.conftest import client_of
from tests.web.shop import Shop


def operations() -> list[Any]:
    return [
        op for _, router in api._routers for view in router.path_operations.values() for op in view.operations
    ]


def test_every_endpoint_declares_its_permission() -> None:
    assert len(operations()) > 25
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
    assert (refused.status_code, refused.json()["type"]) == (403, "/developers/problems/forbidden/")


def test_orders_are_read_to_the_end_by_their_cursor(shop: Shop) -> None:
    client, seen, cursor = client_of(Role.INTEGRATOR), [], ""
    while cursor is not None:
        page = client.get("/api/v1/orders", {"limit": 7, "cursor": cursor}).json()
        seen += [order["reference"] for order in page["orders"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(Order.objects.values_list("reference", flat=True))
    assert client.get("/api/v1/orders", {"cursor": "nonsense"}).json()["type"].endswith("bad_cursor/")
    assert client.get("/api/v1/orders", {"limit": 0}).status_code == 422


def test_one_order_has_its_lines_and_exact_amounts(shop: Shop) -> None:
    client, order = client_of(Role.READ_ONLY), shop.to_accept
    told = client.get(f"/api/v1/orders/{order.reference}").json()
    assert (told["channel"], told["lines"][0]["sku"]) == (order.channel.key, order.lines.all()[0].sku)
    assert told["total_amount"] == str(order.total_amount)
    assert told["buyer"] is None
    seen = client_of(Role.SUPPORT).get(f"/api/v1/orders/{order.reference}").json()["buyer"]
    assert seen["name"] == order.contact.buyer_name
    assert client.get("/api/v1/orders/CO-none").json()["status"] == 404


def test_lists_have_no_query_per_row(shop: Shop, django_assert_max_num_queries: Any) -> None:
    client = client_of(Role.READ_ONLY)
    client.get("/api/v1/flows")
    with django_assert_max_num_queries(5):  # the key, its use, orders, their own deadlines, lines
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


def test_a_list_gives_the_fields_that_are_asked_for(shop: Shop) -> None:
    client = client_of(Role.READ_ONLY)
    rows = client.get("/api/v1/orders", {"fields": "reference,status"}).json()["orders"]
    assert {tuple(row) for row in rows} == {("reference", "status")}
    refused = client.get("/api/v1/orders", {"fields": "reference,secret,moon"}).json()
    assert [one["why"] for one in refused["errors"]] == [
        "no field is called moon",
        "no field is called secret",
    ]


def test_columns_and_schemas_name_the_same_fields(shop: Shop) -> None:
    client = client_of(Role.ADMINISTRATOR)
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    names = {"orders": "OrderOut", "shipments": "ShipmentOut", "products": "ProductOut", "stock": "StockOut",
             "offers": "OfferOut", "channels": "ChannelOut", "runs": "RunOut", "issues": "IssueOut"}  # fmt: skip
    for noun, schema in names.items():
        rows = client.get(f"/api/v1/{noun}").json()[noun]
        assert rows or noun == "shipments", noun
        assert all(set(row) == set(schemas[schema]["properties"]) for row in rows), noun


def test_a_key_narrowed_to_a_channel_sees_and_does_nothing_elsewhere(shop: Shop) -> None:
    client = client_of(Role.ADMINISTRATOR, channels=["jardin"])
    for noun in ("orders", "offers", "runs", "issues", "shipments"):
        rows = client.get(f"/api/v1/{noun}", {"limit": 200}).json()[noun]
        assert {row["channel"] for row in rows} <= {"jardin"}, noun
    foreign = Order.objects.filter(channel=shop.house)[0]
    assert client.get(f"/api/v1/orders/{foreign.reference}").status_code == 404
    assert (
        client.post(
            f"/api/v1/orders/{foreign.reference}/hold", {"reason": "x"}, "application/json"
        ).status_code
        == 404
    )
    assert client.get("/api/v1/channels/maison").status_code == 404
    count = {"rows": [{"sku": "LAMP-OAK-01", "warehouse": "main", "on_hand": 1}]}
    assert client.post("/api/v1/stock", count, "application/json").status_code == 403
    offer = {"rows": [{"channel": "maison", "sku": "LAMP-OAK-01", "price": 99}]}
    assert client.post("/api/v1/offers", offer, "application/json").status_code == 422


def test_scopes_narrow_a_key_further_than_its_role(shop: Shop) -> None:
    client = client_of(Role.ADMINISTRATOR, scopes=["see"])
    assert client.get("/api/v1/orders").status_code == 200
    assert client.post(f"/api/v1/orders/{shop.to_accept.reference}/accept").status_code == 403


def test_a_reading_has_an_etag_and_is_not_sent_twice(shop: Shop) -> None:
    client = client_of(Role.READ_ONLY)
    first = client.get("/api/v1/orders")
    again = client.get("/api/v1/orders", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    zipped = client.get("/api/v1/orders", headers={"Accept-Encoding": "gzip"})
    assert (zipped["Content-Encoding"], zipped["ETag"]) == ("gzip", "W/" + first["ETag"])


def test_a_key_that_calls_too_often_is_told_to_wait(shop: Shop) -> None:
    client = client_of(Role.READ_ONLY, calls_per_minute=2)
    said = [client.get("/api/v1/channels") for _ in range(3)]
    assert [one.status_code for one in said] == [200, 200, 429]
    assert said[0]["RateLimit"].startswith('"calls";r=1;')
    assert said[2]["Retry-After"] == "30"
    assert said[2].json()["code"] == "too_many_calls"


def test_strangers_who_guess_keys_are_slowed_down(db: None) -> None:
    clients = [Client(headers={"Authorization": f"Bearer ck_a_{n}"}) for n in range(61)]
    said = [client.get("/api/v1/orders").status_code for client in clients]
    assert (said[:60], said[60]) == ([401] * 60, 429)
