"""Sweeps: nothing is lost wherever they are cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.tests.payloads import connect, healthy, order, page
from comptoir.sdk.errors import ConfigurationError, RateLimited, TransientError
from comptoir.sdk.testing import FakeClock, Scripted, ScriptedServer, SeenRequest, context_for_tests

ORDERS = "/orders/2026-01-01/orders"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(healthy) as server:
        yield server


@pytest.fixture
def amazon(server: ScriptedServer) -> Iterator[AmazonConnection]:
    with closing(connect(server.url, context_for_tests())) as connection:
        yield connection


def searches(server: ScriptedServer) -> list[SeenRequest]:
    return [request for request in server.seen if request.path == ORDERS]


def test_the_next_sweep_starts_at_amazons_own_clock_less_the_overlap(amazon: AmazonConnection) -> None:
    (only,) = amazon.order_pages("")
    assert only.last
    assert json.loads(only.cursor)["after"] == "2026-11-23T08:48:00Z"


def test_a_sweep_that_was_cut_goes_on_with_the_same_request(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    def script(request: SeenRequest) -> Scripted:
        if request.path != ORDERS:
            return healthy(request)
        first = "paginationToken" not in request.query
        return Scripted(
            body=page(order(1), token="t1") if first else page(order(2), before="2026-11-23T08:59:00Z")
        )

    with server.answering(script):
        pages = amazon.order_pages("")
        cut = next(pages)
        (rest,) = amazon.order_pages(cut.cursor)
    first, second = searches(server)
    assert second.query == {**first.query, "paginationToken": "t1"}
    assert [o.external_id for o in rest.orders] == ["403-0000000-0000002"]
    # What changed while the pages were read is after the first page's instant, not the last one's.
    assert json.loads(rest.cursor)["after"] == "2026-11-23T08:48:00Z"


def test_a_token_that_amazon_no_longer_wants_starts_the_same_sweep_again(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    cursor = json.dumps(
        {
            "after": "2026-11-22T00:00:00Z",
            "token": "old",
            "before": "2026-11-22T09:00:00Z",
            "places": ["A13V1IB3VIYZZH"],
        }
    )

    def script(request: SeenRequest) -> Scripted:
        if request.query.get("paginationToken") == "old":
            return Scripted(400, {"errors": [{"code": "InvalidInput", "message": "expired"}]})
        return healthy(request)

    with server.answering(script):
        (only,) = amazon.order_pages(cursor)
    assert [o.external_id for o in only.orders] == ["403-0000000-0000001"]
    again = searches(server)[-1]
    assert again.query["lastUpdatedAfter"] == "2026-11-22T00:00:00Z"
    assert "paginationToken" not in again.query


def test_details_that_a_search_refuses_are_asked_order_by_order(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    bare = {
        key: order()[key]
        for key in ("orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems")
    }

    def script(request: SeenRequest) -> Scripted:
        if request.path == ORDERS and "includedData" in request.query:
            return Scripted(400, {"errors": [{"code": "InvalidInput", "message": "includedData"}]})
        return Scripted(body=page(bare)) if request.path == ORDERS else healthy(request)

    with server.answering(script):
        (only,) = amazon.order_pages("")
    assert [o.external_status for o in only.orders] == ["UNSHIPPED"]


def test_the_same_page_for_ever_does_not_turn_for_ever(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    with server.answering(
        lambda r: Scripted(body=page(order(), token="same")) if r.path == ORDERS else healthy(r)
    ):
        pages = amazon.order_pages("")
        found = [next(pages), next(pages)]
        with pytest.raises(TransientError):
            next(pages)
    assert json.loads(found[-1].cursor)["token"] == "same"


def test_an_order_that_cannot_be_read_leaves_its_page_alone(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    bad = order(7, orderItems=None)
    with server.answering(
        lambda r: Scripted(body=page(order(1), bad, order(2))) if r.path == ORDERS else healthy(r)
    ):
        (only,) = amazon.order_pages("")
    assert len(only.orders) == 2
    assert [(r.external_id, r.code) for r in only.rejected] == [("403-0000000-0000007", "incomplete")]
    assert json.loads(only.rejected[0].raw)["orderId"] == "403-0000000-0000007"


def test_an_unknown_order_is_simply_absent(server: ScriptedServer, amazon: AmazonConnection) -> None:
    def script(request: SeenRequest) -> Scripted:
        if request.path == f"{ORDERS}/gone":
            return Scripted(404, {"errors": [{"code": "NotFound", "message": "no such order"}]})
        return healthy(request)

    with server.answering(script):
        pages = list(amazon.orders_by_id(["gone", "403-0000000-0000001"]))
    assert [o.external_id for p in pages for o in p.orders] == ["403-0000000-0000001"]


def test_a_reconciliation_never_asks_for_the_last_two_minutes(
    server: ScriptedServer, amazon: AmazonConnection
) -> None:
    now = FakeClock().now
    list(amazon.orders_between(now - timedelta(hours=1), now))
    assert searches(server)[0].query["lastUpdatedBefore"] == "2026-11-23T08:58:00Z"
    assert list(amazon.orders_between(now - timedelta(minutes=1), now)) == []
    assert len(searches(server)) == 1


def test_a_channel_that_leaves_the_sweep_to_another_asks_for_nothing(server: ScriptedServer) -> None:
    with closing(connect(server.url, context_for_tests(), order_sweep="none")) as amazon:
        (only,) = amazon.order_pages("")
    assert only.last
    assert not server.seen


def test_one_sweep_brings_in_the_whole_region_where_the_account_sells(server: ScriptedServer) -> None:
    with closing(connect(server.url, context_for_tests(), order_sweep="region")) as amazon:
        list(amazon.order_pages(""))
        list(amazon.order_pages(""))
    assert [r.query["marketplaceIds"] for r in searches(server)] == ["A13V1IB3VIYZZH"] * 2
    assert len([r for r in server.seen if r.path.startswith("/sellers")]) == 1


def test_a_token_that_amazon_forgot_is_renewed_once(server: ScriptedServer, amazon: AmazonConnection) -> None:
    stale = {
        "code": "Unauthorized",
        "message": "Access to requested resource is denied.",
        "details": "The access token you provided is revoked, malformed or invalid.",
    }
    refusals = iter([Scripted(403, {"errors": [stale]})])

    def script(request: SeenRequest) -> Scripted:
        return next(refusals, healthy(request)) if request.path == ORDERS else healthy(request)

    with server.answering(script):
        assert len(list(amazon.order_pages(""))) == 1
    assert len([r for r in server.seen if r.path == "/auth/o2/token"]) == 2


def test_a_missing_role_is_not_tried_again(server: ScriptedServer, amazon: AmazonConnection) -> None:
    refused = {"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": ""}
    with (
        server.answering(lambda r: Scripted(403, {"errors": [refused]}) if r.path == ORDERS else healthy(r)),
        pytest.raises(ConfigurationError),
    ):
        list(amazon.order_pages(""))
    assert len(searches(server)) == 1


def test_the_access_token_outlives_the_connection_and_is_sealed(server: ScriptedServer) -> None:
    context = context_for_tests()
    for _ in range(2):
        with closing(connect(server.url, context)) as connection:
            list(connection.order_pages(""))
    assert len([r for r in server.seen if r.path == "/auth/o2/token"]) == 1
    assert b"Atza|one" not in b"".join(context.cache.kept.values())  # type: ignore[attr-defined]


def test_a_bare_429_makes_everybody_wait_for_one_token(server: ScriptedServer) -> None:
    context = context_for_tests()
    quota = {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota."}]}
    with (
        closing(connect(server.url, context)) as amazon,
        server.answering(lambda r: Scripted(429, quota) if r.path == ORDERS else healthy(r)),
        pytest.raises(RateLimited) as caught,
    ):
        list(amazon.order_pages(""))
    assert caught.value.retry_after is not None
    assert round(caught.value.retry_after.total_seconds()) == 179
    assert round(context.throttle.drained["test:searchOrders"]) == 179  # type: ignore[attr-defined]


def test_the_rate_that_amazon_grants_replaces_the_documented_one(server: ScriptedServer) -> None:
    context = context_for_tests()
    granted = Scripted(body=page(), headers={"x-amzn-RateLimit-Limit": "0.05"})
    with (
        closing(connect(server.url, context)) as amazon,
        server.answering(lambda r: granted if r.path == ORDERS else healthy(r)),
    ):
        list(amazon.order_pages(""))
    assert context.cache.get("rate:searchOrders") == b"0.05"
