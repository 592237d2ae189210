"""The door, the refusals, the pagings and the calendar of the simulated Octopia."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import httpx2
import pytest
from octopia_stand import TOKEN_PATH, Stand

MakeStand = Callable[..., Stand]
ON_SALE = {"octopia-1": {"initial_offers": "all"}}


def test_a_wrong_secret_a_wrong_token_and_a_wrong_seller_are_refused(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    form = {"grant_type": "client_credentials", "client_id": "octopia-1-client", "client_secret": "x"}
    refused = httpx2.post(f"{here.url}/octopia-1{TOKEN_PATH}", data=form)
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
    assert here.client(Authorization="Bearer 9999999999.0.forged").get("/orders").status_code == 401
    answer = here.client(SellerId="1").get("/orders")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


def test_a_token_lives_two_hours(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    client = here.client()
    here.advance(minutes=119)
    assert client.get("/orders").status_code == 200
    here.advance(minutes=2)
    assert client.get("/orders").status_code == 401


def test_tokens_have_an_hourly_quota(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"tokens_per_hour": 2}})
    told = here.settings()
    form = {"grant_type": "client_credentials", **{n: told[n] for n in ("client_id", "client_secret")}}
    ask = lambda: httpx2.post(f"{here.url}/octopia-1{TOKEN_PATH}", data=form).status_code  # noqa: E731
    assert [ask(), ask(), ask()] == [200, 200, 429]
    here.advance(minutes=61)
    assert ask() == 200


def test_too_many_requests_say_how_long_to_wait(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"limits": "real", "requests_per_second": 5, "requests_in_a_row": 10}})
    client = here.client()
    answers = [client.get("/carriers") for _ in range(11)]
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "2"
    here.advance(seconds=2)
    assert client.get("/carriers").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/orders?status=new", 400),
        ("/orders?status=InPreparation,Shipped", 200),
        ("/orders?states=InProgress", 200),  # unknown parameters are ignored
        ("/orders?pageSize=101", 400),
        ("/orders?pageIndex=0", 400),
        ("/orders?updatedAtMin=yesterday", 400),
        ("/orders?sort=asc:price", 400),
        ("/orders/NOBODY", 404),
        ("/offers", 400),
        ("/offers?salesChannelId=NOWHERE", 400),
        ("/offers?salesChannelId=CDISFR&limit=1001", 400),
        ("/offers?salesChannelId=CDISFR&cursor=%25%25", 400),
        ("/nothing/here", 404),
    ],
)
def test_reads_are_refused_as_documented(stand: MakeStand, path: str, status: int) -> None:
    answer = stand(ON_SALE).client().get(path)
    assert answer.status_code == status
    if status >= 400:
        assert answer.json()["status"] == status


def test_the_three_pagings_bring_everything_once(stand: MakeStand) -> None:
    here = stand(ON_SALE, products=130)
    client = here.client()
    for sku in here.skus(130):
        here.party().place_by_hand([(sku, 1)])
    numbered = [client.get(f"/orders?pageIndex={n}&pageSize=50").json()["items"] for n in (1, 2, 3, 4)]
    assert [len(page) for page in numbered] == [50, 50, 30, 0]
    first = client.get("/offers?salesChannelId=CDISFR&limit=70")
    second = client.get(first.links["next"]["url"])
    assert "next" not in second.links
    rows = first.json()["items"] + second.json()["items"]
    assert len({row["offerId"] for row in rows}) == len(rows) == 130
    legacy = [client.post(f"/offers/search?$page={n}&$limit=100", json={}).json() for n in (1, 2)]
    assert [len(page["items"]) for page in legacy] == [100, 30]
    assert legacy[0]["page_count"] == 2


def test_a_package_is_refused_while_it_is_busy_and_once_it_is_closed(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all", "package_busy_reads": 9}})
    client = here.client(SalesChannelId="CDISFR")
    assert client.post("/offer-packages", json={"packageType": "upsert"}).status_code == 400
    place = client.post("/offer-packages", json={"packageType": "Update"}).headers["Content-Location"]
    assert client.patch(place, json={"state": "Ready"}).status_code == 400, "empty"
    request = {"sellerExternalReference": here.skus(1)[0], "quantity": 1}
    assert client.post(f"{place}/offer-requests", json=[request] * 101).status_code == 400
    assert client.post(f"{place}/offer-requests", json=[request, request]).status_code == 201
    assert client.patch(place, json={"state": "Ready"}).status_code == 400, "too early"
    here.advance(seconds=5)
    assert client.patch(place, json={"state": "Ready"}).status_code == 204
    assert client.post(f"{place}/offer-requests", json=[request]).status_code == 400
    here.advance(minutes=5)
    results = client.get(f"{place}/offer-requests-results").json()["items"]
    assert [one["integrationStatus"] for one in results] == ["Duplicated", "Duplicated"]
    here.advance(days=4)
    assert here.client().get(f"{place}/offer-requests-results").status_code == 404


def test_money_is_shown_the_next_day_and_paid_by_the_calendar(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all", "acceptance": "automatic"}})
    order_id = here.party().place_by_hand([(here.skus(1)[0], 1)])
    assert here.client().get("/operations").json()["items"] == []
    here.advance(days=1)
    items = here.client().get("/operations").json()["items"]
    assert [one["eventTypes"] for one in items] == [["Sale"], ["Commission"]]
    assert {one["paymentState"] for one in items} == {"Estimated"}
    here.advance(days=10)
    (payment,) = here.client().get("/payments").json()["items"]
    assert datetime.fromisoformat(payment["paidAt"]).day == 1
    order = here.party().account.orders.get(order_id)
    assert order is not None
    fee = (order.total * 13 / 100).quantize(Decimal("0.01"))
    assert Decimal(str(payment["amount"])) == pytest.approx(
        order.total - fee * Decimal("1.2"), abs=Decimal("0.02")
    )


def test_a_buyer_who_changes_his_mind_before_shipping_cancels_and_afterwards_is_refunded(
    stand: MakeStand,
) -> None:
    from bazaar.world.facts import PurchaseChange, PurchaseLine

    here = stand({"octopia-1": {"initial_offers": "all", "acceptance": "automatic"}})
    first, second = here.skus(2)
    order_id = here.party().place_by_hand([(first, 1), (second, 1)])
    here.advance(hours=1)

    def change(sku: str) -> None:
        lines = (PurchaseLine(sku=sku, quantity=1),)
        here.party().change(PurchaseChange(at=here.world.now(), order_id=order_id, lines=lines))

    change(first)
    parcel = {"parcelNumber": "P1", "orderLineIds": [f"{order_id}-2"]}
    assert here.client().post(f"/orders/{order_id}/shipments", json=[parcel]).is_success
    change(second)
    kinds = [fact.kind for fact in here.world.ledger.of_order("octopia-1", order_id)]
    assert kinds == ["order_placed", "order_accepted", "order_cancelled", "order_shipped", "order_refunded"]
    assert here.client().get(f"/orders/{order_id}").json()["status"] == "Cancelled"
