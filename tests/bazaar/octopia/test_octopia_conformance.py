"""What the simulator answers is described, field by field; the described requests are taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from octopia_schema import SHARED, Specification
from octopia_stand import Stand

from bazaar.octopia.party import all_operations

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no specification at {SHARED}: set COMPTOIR_SHARED"),
]
MakeStand = Callable[..., Stand]
READS = [
    "/orders",
    "/orders/count",
    "/orders/{orderId}",
    "/cancellation-reasons",
    "/order-cancellation-requests",
    "/orders/{orderId}/invoice-documents",
    "/order-invoice-imports",
    "/order-invoice-imports/{importId}",
    "/discussions",
    "/discussions/count",
    "/discussions/{discussionId}",
    "/orders/{orderId}/commercial-gestures-available-amounts",
    "/order-commercial-gesture-requests",
    "/order-commercial-gesture-requests/{requestId}",
    "/offer-packages",
    "/offer-packages/{packageId}",
    "/offer-packages/{packageId}/offer-requests-results",
    "/offers",
    "/sellers",
    "/sellers/addresses",
    "/sellers/indicators",
    "/sellers/subscriptions",
    "/sellers/delivery-modes",
    "/carriers",
    "/operations",
    "/operations/count",
    "/payments",
    "/payments/count",
    "/invoices",
    "/invoices/{invoiceId}/details",
]


def sample(name: str) -> Any:
    return json.loads((SHARED / "samples-synthetic" / f"{name}.json").read_text("utf-8"))


def lived(stand: MakeStand) -> tuple[Stand, dict[str, str]]:
    """An account in which everything happened once, and the ids of it."""
    here = stand({"octopia-1": {"initial_offers": "all", "acceptance": "automatic"}})
    client = here.client(SalesChannelId="CDISFR")
    first, second = here.skus(2)
    order_id, other = (here.party().place_by_hand([(first, 1), (second, 2)]) for _ in range(2))
    here.advance(hours=1)
    parcel = {**sample("order.shipments.request")[0], "orderLineIds": [f"{order_id}-1", f"{order_id}-2"]}
    assert client.post(f"/orders/{order_id}/shipments", json=[parcel]).status_code == 201
    gesture = {"orderId": order_id, "reason": "Other", "reasonDetails": "R-1", "amount": 1.5}
    request_id = client.post("/order-commercial-gesture-requests", json=gesture).json()["requestId"]
    file = {"file": ("invoice.pdf", b"%PDF-1.7", "application/pdf")}
    import_id = client.post(f"/orders/{order_id}/invoice-documents", files=file).json()["importId"]
    discussion_id = here.party().write_message(order_id, "Ma commande", "Bonjour, où est-elle ?")
    cancel = {"orderSellerId": other, "reason": "seller-out-of-stock"}
    client.post("/order-cancellation-requests", json=cancel)
    place = client.post("/offer-packages", json={"packageType": "Update"}).headers["Content-Location"]
    client.post(f"{place}/offer-requests", json=[{"sellerExternalReference": first, "quantity": 2}])
    here.advance(minutes=1)
    client.patch(place, json={"state": "Ready"})
    here.advance(minutes=10)
    ids = {"orderId": order_id, "requestId": request_id, "packageId": place.rpartition("/")[2]}
    return here, {**ids, "importId": import_id, "discussionId": discussion_id, "invoiceId": ""}


def test_every_read_is_as_described(stand: MakeStand) -> None:
    specification = Specification()
    here, ids = lived(stand)
    results = f"/offer-packages/{ids['packageId']}/offer-requests-results"
    kept = here.client().get(results)
    specification.check_answer("GET", "/offer-packages/{packageId}/offer-requests-results", 200, kept.json())
    here.advance(days=40)
    client = here.client()
    ids["invoiceId"] = client.get("/invoices").json()["items"][0]["invoiceId"]
    for path in READS:
        given = "/offers?salesChannelId=CDISFR&expand=salesChannelFeedback" if path == "/offers" else path
        for name, value in ids.items():
            given = given.replace("{" + name + "}", value)
        answer = client.get(given)
        if path.endswith("offer-requests-results"):
            assert answer.status_code == 404, "results are kept for three days"
        body = answer.json()
        if isinstance(body, dict) and "items" in body:
            assert body["items"] or answer.status_code == 404, f"{path}: nothing to judge"
        specification.check_answer("GET", path, answer.status_code, body)


def test_the_operations_served_are_described(stand: MakeStand) -> None:
    known = {(method, _shape(path)) for method, path in Specification().operations()}
    served = {(one.method, _shape(one.path)) for one in all_operations()}
    # A switch that is off: whether XML packages can be listed is not known.
    assert served - known == {("GET", "/offer-integration-packages")}


def test_an_xml_package_is_posted_and_told_as_described(stand: MakeStand) -> None:
    specification, here = Specification(), stand()
    client, path = here.client(), "/offer-integration-packages"
    posted = client.post(path, json={"packageUrl": "http://127.0.0.1:1/absent.zip"})
    specification.check_answer("POST", path, posted.status_code, posted.json())
    refused = client.post(path, json={"packageUrl": "absent"})
    assert refused.status_code == 400
    specification.check_answer("POST", path, refused.status_code, refused.json())
    told = client.get(f"{path}/{posted.json()['packageId']}")
    specification.check_answer("GET", path + "/{packageId}", told.status_code, told.json())
    assert client.get(f"{path}/1").status_code == 404
    assert client.get(path).status_code == 405


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Upsert", "offer-requests.upsert.request"),
        ("Update", "offer-requests.update.request"),
        ("Delete", "offer-requests.delete.request"),
    ],
)
def test_the_documented_offer_requests_are_taken(stand: MakeStand, kind: str, name: str) -> None:
    here = stand()
    client = here.client(SalesChannelId="CDISFR")
    place = client.post("/offer-packages", json={"packageType": kind}).headers["Content-Location"]
    assert client.post(f"{place}/offer-requests", json=sample(name)).status_code == 201
    here.advance(minutes=1)
    assert client.patch(place, json={"state": "Ready"}).status_code == 204
    here.advance(minutes=5)
    results = client.get(f"{place}/offer-requests-results").json()["items"]
    assert len(results) == len(sample(name))
    unknown = {"Upsert": "Product - non-existent"}.get(kind, "Offre inexistante")
    assert {one["results"][0]["message"] for one in results} == {unknown}, (
        "nothing of the samples exists here"
    )


def test_the_documented_order_requests_are_taken(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all"}})
    client = here.client()
    order_id = here.party().place_by_hand([(sku, 1) for sku in here.skus(2)])
    approval = client.post(f"/orders/{order_id}/approval-status", json=sample("order.approval.request"))
    assert approval.is_success
    here.advance(hours=1)
    (parcel,) = sample("order.shipments.request")
    parcel["orderLineIds"] = [f"{order_id}-1"]
    assert client.post(f"/orders/{order_id}/shipments", json=[parcel]).is_success
    lines = client.get(f"/orders/{order_id}").json()["lines"]
    partial = sample("order.partial-cancellation.request")
    partial["orderSellerId"] = order_id
    partial["lines"][0] |= {"lineId": lines[1]["orderLineId"], "offerId": lines[1]["offer"]["offerId"]}
    assert client.post("/order-partial-cancellation-requests", json=partial).status_code == 201
    refused = client.post(f"/orders/{order_id}/shipments", json=[parcel])
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"]["orderLineIds"][0].startswith("Cannot switch to shipped status")


def test_the_documented_answer_to_a_buyer_is_taken(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all"}})
    order_id = here.party().place_by_hand([(here.skus(1)[0], 1)])
    discussion_id = here.party().write_message(order_id, "Ma commande", "Bonjour, où est-elle ?")
    message = {**sample("messages.post.request"), "discussionId": discussion_id}
    assert here.client().post("/messages", json=message).is_success
    told = here.client().get(f"/discussions/{discussion_id}").json()
    assert [one["body"] for one in told["messages"]][-1] == message["body"]
