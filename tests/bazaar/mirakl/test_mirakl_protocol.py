"""Keys, shapes of errors, limits, the two pagings, exports of orders, faults of the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest
from mirakl_market import Market, always


def test_only_the_raw_key_opens_and_the_shop_must_be_ours(market: Market) -> None:
    for key in ("", "wrong", f"Bearer {market.party.shop.api_key}"):
        answer = market.http.get("/api/account", headers={"Authorization": key})
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized", "status": 401})
    assert market.ok("account", shop_id=2001)["shop_id"] == 2001
    assert market.get("account", shop_id=2002).status_code == 403
    assert market.get("account", shop_id="mine").status_code == 400
    assert market.get("version").status_code == 200


def test_both_shapes_of_errors_are_spoken(market: Market) -> None:
    older = market.get("orders", start_date="yesterday")
    assert older.status_code == 400
    assert set(older.json()) == {"message", "status"}
    newer = market.put("orders/NO-A/accept", {"order_lines": []})
    assert set(newer.json()["errors"][0]) == {"code", "field", "message"}
    missing = market.get("nothing/here")
    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    wrong_method = market.http.delete("/api/orders")
    assert (wrong_method.status_code, wrong_method.headers["allow"]) == (405, "GET, PUT")


@pytest.mark.parametrize(
    "query",
    [
        {"max": 101},
        {"max": 0},
        {"max": "ten"},
        {"offset": -1},
        {"order_state_codes": "SHIPPING,LOST"},
        {"sort": "price"},
        {"order": "up"},
        {"has_incident": "maybe"},
        {"order_tax_mode": "NONE"},
        {"order_ids": ",".join(f"A{n}" for n in range(101))},
    ],
)
def test_parameters_are_checked(market: Market, query: dict[str, object]) -> None:
    answer = market.get("orders", **query)
    assert answer.status_code == 400, answer.text


def test_calls_beyond_the_documented_frequency_are_told_when_to_come_back(
    open_market: Callable[..., Market],
) -> None:
    market = open_market(limits="real")
    assert market.get("orders", max=1).status_code == 200
    refused = market.get("orders", max=1)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert market.get("orders", max=1, offset=1).status_code == 200, "a further page of the same read"
    assert market.get("orders", order_ids="A").status_code == 200, "a person's look at one order"
    market.wait(seconds=61)
    assert market.get("orders", max=1).status_code == 200
    answers = [market.get("sellerpayment/transactions_logs").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert [market.get("account").status_code for _ in range(21)] == [200] * 20 + [429]


def test_a_partner_hub_reads_orders_every_fifteen_minutes_and_a_scale_gives_more(
    open_market: Callable[..., Market],
) -> None:
    partner = open_market(limits="real", external_partner=True)
    partner.ok("orders")
    assert partner.get("orders").headers["retry-after"] == "900"
    scaled = open_market(limits="real", limit_scale=3)
    assert [scaled.get("orders").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_offset_pages_link_to_each_other(market: Market) -> None:
    placed = [market.buy((market.skus[0], 1), forced=True) for _ in range(25)]
    seen, url = [], "/api/orders?order_state_codes=WAITING_ACCEPTANCE"
    while url:
        answer = market.http.get(url)
        assert answer.json()["total_count"] == 25
        seen += [order["order_id"] for order in answer.json()["orders"]]
        url = answer.links.get("next", {}).get("url", "")
        if url:
            assert url.startswith(str(market.http.base_url).rstrip("/")), "the address that the caller knows"
    assert seen == placed
    middle = market.get("orders", max=10, offset=10)
    assert set(middle.links) == {"previous", "next"}
    assert market.ok("orders", order="desc", max=1)["orders"][0]["order_id"] == placed[-1]


def test_seek_pages_neither_repeat_nor_skip_while_rows_appear(market: Market) -> None:
    order_ids = [market.to_shipping((market.skus[0], 1)) for _ in range(3)]
    first = market.ok("sellerpayment/transactions_logs", limit=4)
    newest = market.to_shipping((market.skus[0], 1))
    seen, token = list(first["data"]), first["next_page_token"]
    while token:
        page = market.ok("sellerpayment/transactions_logs", page_token=token, limit=1, order_id="ignored")
        seen += page["data"]
        token = page["next_page_token"]
    ids = [row["id"] for row in seen]
    assert len(ids) == len(set(ids)) == 3 * len(ids) // len(order_ids)
    assert {row["entities"]["order"]["id"] for row in seen} == set(order_ids)
    assert newest not in order_ids
    assert market.get("sellerpayment/transactions_logs", page_token="forged").status_code == 400
    back = market.ok("sellerpayment/transactions_logs", page_token=first["next_page_token"])
    assert back["previous_page_token"] is not None
    assert market.get("sellerpayment/transactions_logs", limit=2001).status_code == 400
    assert market.get("sellerpayment/transactions_logs", limit=2000).status_code == 200


def test_an_order_moves_in_the_read_by_update_whenever_it_changes(market: Market) -> None:
    order_ids = [market.buy((market.skus[0], 1), forced=True) for _ in range(3)]
    market.wait(hours=1)
    since = market.world.now()
    assert market.ok("orders", start_update_date=since.isoformat())["total_count"] == 0
    assert order_ids[1] is not None
    market.accept(order_ids[1])
    changed = market.ok("orders", start_update_date=since.isoformat())["orders"]
    assert [order["order_id"] for order in changed] == [order_ids[1]]
    market.wait(seconds=30)
    with_delta = market.ok("orders", start_update_date=market.world.now().isoformat())
    assert with_delta["total_count"] == 1, "Mirakl subtracts a small delta"
    until = (since - timedelta(minutes=1)).isoformat()
    assert market.ok("orders", end_update_date=until)["total_count"] == 2
    market.wait(minutes=5)
    update = {"orders": [{"order_id": order_ids[0], "references": {"order_reference_for_seller": "SO-1"}}]}
    assert market.put("orders", update).status_code == 200
    found = market.ok("orders", order_references_for_seller="SO-1")["orders"]
    assert [order["order_id"] for order in found] == [order_ids[0]]


def test_references_are_written_order_by_order_with_their_own_errors(market: Market) -> None:
    order_id = market.buy((market.skus[0], 1), forced=True)
    rows = [
        {"order_id": order_id, "references": {"order_reference_for_seller": "SO-7"}},
        {"order_id": "NO-A", "references": {"order_reference_for_seller": "SO-8"}},
        {"order_id": order_id, "references": {"order_reference_for_seller": " "}},
    ]
    answer = market.put("orders", {"orders": rows})
    assert answer.status_code == 200
    assert [len(row["errors"]) for row in answer.json()["updated_orders"]] == [0, 1, 1]
    assert market.put("orders", {"orders": rows * 34}).status_code == 400
    assert order_id is not None
    assert market.order(order_id)["references"]["order_reference_for_seller"] == "SO-7"
    fields = {"order_additional_fields": [{"code": "warehouse-note", "value": "fragile"}]}
    done = market.put(f"orders/{order_id}/additional_fields", fields)
    assert done.json()["order_update_result"]["order_additional_fields"][0]["value"] == "fragile"
    wrong = market.put(f"orders/{order_id}/additional_fields", {"order_additional_fields": [{"code": "x"}]})
    assert wrong.json()["order_update_errors"]["errors"][0]["field"] == "code"


def test_orders_are_exported_in_files(market: Market) -> None:
    for _ in range(3):
        market.buy((market.skus[0], 1), forced=True)
    now = market.world.now()
    dates = {
        "start_update_date": (now - timedelta(days=1)).isoformat(),
        "end_update_date": (now + timedelta(days=1)).isoformat(),
    }
    tracking = market.post("orders/async-export", dates).json()["tracking_id"]
    assert market.post("orders/async-export", dates).status_code == 400, "one at a time"
    path = f"orders/async-export/status/{tracking}"
    assert market.ok(path)["status"] == "PENDING"
    market.wait(seconds=31)
    (url,) = market.ok(path)["urls"]
    assert len(market.http.get(url).json()["orders"]) == 3
    year = {**dates, "start_update_date": (now - timedelta(days=400)).isoformat()}
    assert market.post("orders/async-export", year).status_code == 400
    assert market.post("orders/async-export", {}).status_code == 400
    assert market.post("orders/async-export", {**dates, "items_per_chunk": 5}).status_code == 400


def test_an_invoice_is_attached_to_an_order_and_fetched_back(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 1))
    described = {
        "order_documents": [
            {"file_name": "invoice.pdf", "type_code": "CUSTOMER_INVOICE"},
            {"file_name": "label.pdf", "type_code": "SYSTEM_RETURN_LABEL"},
        ]
    }
    files = [("files", (name, b"%PDF-1.7", "application/pdf")) for name in ("invoice.pdf", "label.pdf")]
    answer = market.http.post(
        f"/api/orders/{order_id}/documents", files=files, data={"order_documents": json.dumps(described)}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["errors_count"] == 1
    assert answer.json()["order_documents"][0]["errors"][0]["code"] == "valid_order_document.type"
    (document,) = market.ok("orders/documents", order_ids=order_id)["order_documents"]
    assert market.get("orders/documents/download", document_ids=document["id"]).content == b"%PDF-1.7"
    archive = market.get("orders/documents/download", order_ids=order_id).content
    assert archive.startswith(b"PK")
    assert market.order(order_id)["has_invoice"] is True
    assert market.http.delete(f"/api/orders/documents/{document['id']}").status_code == 204
    assert market.ok("orders/documents", order_ids=order_id)["total_count"] == 0


def test_a_buyer_writes_and_the_seller_answers(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 1))
    thread_id = market.party.write_message(order_id, "Where is it?", "I wait for my parcel")
    (thread,) = market.ok("inbox/threads", entity_type="MMP_ORDER", entity_id=order_id)["data"]
    assert thread["metadata"]["shop_reply_needed_since"] is not None
    assert "messages" not in thread
    reply = {"body": "It left today", "to": [{"type": "CUSTOMER"}]}
    path = f"/api/inbox/threads/{thread_id}/message"
    assert market.http.post(path, files={"message_input": (None, json.dumps(reply))}).status_code == 201
    short = {"message_input": (None, json.dumps({**reply, "body": "no"}))}
    assert market.http.post(path, files=short).status_code == 400
    whole = market.ok(f"inbox/threads/{thread_id}")
    assert [one["body"] for one in whole["messages"]] == ["I wait for my parcel", "It left today"]
    assert whole["metadata"]["shop_reply_needed_since"] is None
    new = {"body": "Your invoice", "to": ["CUSTOMER"], "topic": {"type": "REASON_CODE", "value": "26"}}
    answer = market.http.post(
        f"/api/orders/{order_id}/threads", files={"thread_input": (None, json.dumps(new))}
    )
    assert answer.status_code == 201, answer.text
    assert market.get("inbox/threads", entity_id=order_id).status_code == 400
    assert market.order(order_id)["has_customer_message"] is True


def test_an_order_leaves_in_several_shipments(open_market: Callable[..., Market]) -> None:
    market = open_market(multi_shipment=True)
    order_id = market.to_shipping((market.skus[0], 2), (market.skus[1], 1))
    assert market.put(f"orders/{order_id}/ship").status_code == 400
    (item,) = market.ok("shipments/items_to_ship")["data"]
    assert [line["quantity"] for line in item["shipment_lines"]] == [2, 1]
    tracking = {"carrier_code": "UPS", "tracking_number": "1Z"}
    part = [{"order_line_id": f"{order_id}-1", "quantity": 2}]
    wrong = {"order_id": order_id, "shipment_lines": [{"order_line_id": f"{order_id}-1", "quantity": 9}]}
    lost = {"order_id": "NO-A", "shipment_lines": part}
    first = {"order_id": order_id, "shipment_lines": part, "tracking": tracking, "shipped": True}
    answer = market.post("shipments", {"shipments": [wrong, lost, first]})
    assert answer.status_code == 201
    assert [row["order_id"] for row in answer.json()["shipment_errors"]] == [order_id, "NO-A"]
    assert answer.json()["shipment_success"][0]["status"] == "SHIPPED"
    assert market.order(order_id)["order_state"] == "SHIPPING"
    rest = {"order_id": order_id, "shipment_lines": [{"offer_sku": market.skus[1], "quantity": 1}]}
    shipment = market.post("shipments", {"shipments": [rest]}).json()["shipment_success"][0]["id"]
    early = market.put("shipments/ship", {"shipments": [{"id": shipment}]}).json()
    assert early["shipment_errors"][0]["id"] == shipment, "no tracking yet"
    tracked = market.post("shipments/tracking", {"shipments": [{"id": shipment, "tracking": tracking}]})
    assert tracked.json()["shipment_success"] == [{"id": shipment}]
    shipped = market.put("shipments/ship", {"shipments": [{"id": shipment}, {"id": "nobody"}]}).json()
    assert (len(shipped["shipment_success"]), len(shipped["shipment_errors"])) == (1, 1)
    assert market.order(order_id)["order_state"] == "SHIPPED"
    assert len(market.ok("shipments", order_id=order_id, shipment_state_code="SHIPPED")["data"]) == 2


def test_pages_are_disturbed_as_the_specification_allows(market: Market) -> None:
    for _ in range(4):
        market.buy((market.skus[0], 1), forced=True)
    faults = ("random_nulls", "unknown_fields", "new_enum_value", "repeated_page", "reordered_page")
    market.world.faults.set("mirakl-1", always(*faults))
    orders = market.ok("orders")["orders"]
    assert len(orders) == 5
    assert len({order["order_id"] for order in orders}) == 4
    assert any("simulated_new_field" in order for order in orders)
    assert any(order["payment_type"] == "SIMULATED_NEW_VALUE" for order in orders) or any(
        order["paymentType"] == "SIMULATED_NEW_VALUE" for order in orders
    )
    assert any(order["channel"] is None for order in orders)


def test_a_restart_on_a_data_folder_finds_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    from bazaar.genesis import begin
    from bazaar.settings import read_settings

    folder = str(tmp_path_factory.mktemp("world"))
    given = {"party": ["mirakl"], "speed": 0.0, "start": "2026-11-23T08:00:00Z", "orders_per_hour": 0.0}
    settings = read_settings(None, {**given, "data": folder, "products": 5})
    world = begin(settings)
    sku = next(iter(world.products))
    world.parties["mirakl-1"].place_by_hand([(sku, 2)])  # type: ignore[attr-defined]
    states = list(world.parties["mirakl-1"].order_states())  # type: ignore[attr-defined]
    world.close()
    again = begin(settings)
    assert list(again.parties["mirakl-1"].order_states()) == states  # type: ignore[attr-defined]
    again.advance(again.now() + timedelta(hours=49))
    assert [one["state"] for one in again.parties["mirakl-1"].order_states()] == ["REFUSED"]  # type: ignore[attr-defined]
    again.close()


def test_two_instances_know_nothing_of_each_other(open_market: Callable[..., Market]) -> None:
    one, two = open_market(shop_id=11, api_key="first"), open_market(shop_id=22, api_key="second")
    one.buy((one.skus[0], 1), forced=True)
    assert (one.ok("orders")["total_count"], two.ok("orders")["total_count"]) == (1, 0)
    stolen = httpx2.get(f"{two.http.base_url}api/orders", headers={"Authorization": "first"})
    assert stolen.status_code == 401
