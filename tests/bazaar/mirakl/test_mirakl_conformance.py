"""What the simulator answers is what the specification describes, and its examples are understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from mirakl_market import Market
from mirakl_schema import SHARED, Specification, sample

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no specification at {SHARED}: set COMPTOIR_SHARED"),
]


@pytest.fixture(scope="module")
def specification() -> Specification:
    return Specification.read()


def lived_in(open_market: Callable[..., Market], **settings: object) -> Market:
    """A marketplace where everything has happened once: the fields are filled."""
    market = open_market(order_taxes=True, billing_days=1, **settings)
    sku, other = market.sell(2)
    offers = [market.offer(sku, discount={"price": "15"}, max_order_quantity=9, description="Mint")]
    market.post("offers", {"offers": offers})
    market.wait(minutes=2)
    shipped = market.to_shipping((sku, 2), (other, 1))
    market.ship(shipped)
    line = market.order(shipped)["order_lines"][0]
    taxes = {name: [{"code": "VAT", "amount": 0}] for name in ("taxes", "shipping_taxes")}
    back = {"order_line_id": line["order_line_id"], "amount": 1, "shipping_amount": 0, "quantity": 1, **taxes}
    answer = market.put("orders/refund", {"refunds": [{**back, "reason_code": "16"}]})
    assert answer.status_code == 200, answer.text
    fields = {"order_additional_fields": [{"code": "warehouse-note", "value": "x"}]}
    market.put(f"orders/{shipped}/additional_fields", fields)
    market.party.write_message(shipped, "Hello", "Is it blue?")
    market.party.open_incident(shipped, f"{shipped}-2")
    market.wait(days=5)
    market.party.cancel_by_operator(market.to_shipping((sku, 2)))
    market.buy((sku, 1), forced=True)
    return market


PLAIN = {
    "A01": "account",
    "A21": "account/statistics",
    "AF01": "additional_fields",
    "CH11": "channels",
    "CUR01": "currencies",
    "DO01": "documents",
    "IV01": "invoices",
    "L01": "locales",
    "M11": "inbox/threads?with_messages=true",
    "OF04": "offers/imports",
    "OF21": "offers",
    "OF61": "offers/states",
    "OR11": "orders?max=100",
    "OR75": "orders/taxes",
    "PC01": "platform/configuration",
    "RE01": "reasons",
    "RT11": "returns",
    "SH11": "shipping/zones",
    "SH12": "shipping/types",
    "SH21": "shipping/carriers",
    "SH31": "shipping/logistic_classes",
    "TL02": "sellerpayment/transactions_logs?limit=100",
}


def test_plain_reads_answer_with_the_documented_fields(
    open_market: Callable[..., Market], specification: Specification
) -> None:
    market = lived_in(open_market)
    wrong: dict[str, list[str]] = {}
    for code, path in PLAIN.items():
        answer = market.http.get(f"/api/{path}")
        assert answer.status_code == 200, (code, answer.text)
        schema = specification.schema(code, 200)
        found = specification.faults(schema, answer.json()) + specification.missing(schema, answer.json())
        if found:
            wrong[code] = sorted(set(found))
    assert wrong == {}


def judge(specification: Specification, code: str, status: int, body: Any) -> None:
    schema = specification.schema(code, status)
    found = specification.faults(schema, body) + specification.missing(schema, body)
    assert sorted(set(found)) == [], code


def test_reads_of_one_thing_answer_with_the_documented_fields(
    open_market: Callable[..., Market], specification: Specification
) -> None:
    market = lived_in(open_market)
    offer = market.ok("offers")["offers"][0]
    judge(specification, "OF22", 200, market.ok(f"offers/{offer['offer_id']}"))
    judge(specification, "OF02", 200, market.ok("offers/imports/2000"))
    ean = offer["product_references"][0]["reference"]
    judge(specification, "P11", 200, market.ok("products/offers", product_references=f"EAN|{ean}"))
    judge(specification, "P31", 200, market.ok("products", product_references=f"EAN|{ean}"))
    thread = market.ok("inbox/threads")["data"][0]
    judge(specification, "M10", 200, market.ok(f"inbox/threads/{thread['id']}"))
    stock = market.upload("offers/stock/imports", f"offer-sku;quantity\n{offer['shop_sku']};3\n")
    judge(specification, "STO01", 201, stock.json())
    judge(specification, "STO02", 200, market.ok(f"offers/stock/imports/{stock.json()['import_id']}/status"))
    price = market.upload("offers/pricing/imports", f"offer-sku;price\n{offer['shop_sku']};30\n")
    judge(specification, "PRI01", 201, price.json())
    judge(specification, "PRI02", 200, market.ok("offers/pricing/imports"))
    described = {"order_documents": [{"file_name": "a.pdf", "type_code": "CUSTOMER_INVOICE"}]}
    order_id = market.ok("orders")["orders"][0]["order_id"]
    uploaded = market.http.post(
        f"/api/orders/{order_id}/documents",
        files=[("files", ("a.pdf", b"%PDF", "application/pdf"))],
        data={"order_documents": json.dumps(described)},
    )
    judge(specification, "OR74", 200, uploaded.json())
    judge(specification, "OR72", 200, market.ok("orders/documents", order_ids=order_id))


def test_exports_answer_with_the_documented_fields(
    open_market: Callable[..., Market], specification: Specification
) -> None:
    market = lived_in(open_market)
    now = market.world.now()
    dates = {"start_date": (now - timedelta(days=9)).isoformat(), "end_date": now.isoformat()}
    asked = {
        ("OF52", "OF53", "OF54"): ("offers/export/async", {"export_type": "application/json"}),
        ("OR13", "OR14", "OR15"): ("orders/async-export", dates),
        ("TL03", "TL04", "TL05"): ("sellerpayment/transactions_logs/async", sample_of("TL03")),
    }
    for (ask, status, file), (path, body) in asked.items():
        tracking = market.post(path, body)
        judge(specification, ask, 200, tracking.json())
        market.wait(minutes=1)
        told = market.ok(f"{path}/status/{tracking.json()['tracking_id']}")
        judge(specification, status, 200, told)
        content = market.http.get(told["urls"][0]).json()
        rows = content if file == "OF54" else [content]
        for row in rows if file != "TL05" else content["data"]:
            judge(specification, file, 200, row)


def sample_of(code: str) -> Any:
    return sample(f"{code}.request.application_json-0.json")


def test_writes_answer_with_the_documented_fields(
    open_market: Callable[..., Market], specification: Specification
) -> None:
    market = open_market()
    sku = market.skus[0]
    judge(specification, "OF24", 201, market.post("offers", {"offers": [market.offer(sku)]}).json())
    order_id = market.to_shipping((sku, 2))
    part = {"order_line_id": f"{order_id}-1", "amount": 1, "shipping_amount": 0, "quantity": 0}
    refunds = {"refunds": [{**part, "reason_code": "16"}]}
    judge(specification, "OR28", 200, market.put("orders/refund", refunds).json())
    cancelations = {"cancelations": [{**part, "reason_code": "35"}]}
    judge(specification, "OR30", 200, market.put("orders/cancel", cancelations).json())
    rows = [{"order_id": order_id, "references": {"order_reference_for_seller": "1"}}, {"order_id": "no"}]
    judge(specification, "OR04", 200, market.put("orders", {"orders": rows}).json())
    for code in ("warehouse-note", "unknown"):
        fields = {"order_additional_fields": [{"code": code, "value": "x"}]}
        judge(specification, "OR31", 200, market.put(f"orders/{order_id}/additional_fields", fields).json())


def test_shipments_answer_with_the_documented_fields(
    open_market: Callable[..., Market], specification: Specification
) -> None:
    market = open_market(multi_shipment=True)
    order_id = market.to_shipping((market.skus[0], 2))
    judge(specification, "ST12", 200, market.ok("shipments/items_to_ship"))
    tracking = {"carrier_code": "UPS", "tracking_number": "1"}
    line = {"order_line_id": f"{order_id}-1", "quantity": 1}
    rows = [{"order_id": one, "shipment_lines": [line], "tracking": tracking} for one in (order_id, "no")]
    made = market.post("shipments", {"shipments": rows})
    judge(specification, "ST01", 201, made.json())
    ids = [{"id": made.json()["shipment_success"][0]["id"]}, {"id": "no"}]
    tracked = {"shipments": [{**one, "tracking": tracking} for one in ids]}
    judge(specification, "ST23", 200, market.post("shipments/tracking", tracked).json())
    judge(specification, "ST24", 200, market.put("shipments/ship", {"shipments": ids}).json())
    judge(specification, "ST11", 200, market.ok("shipments"))


def test_the_examples_of_json_requests_are_understood(open_market: Callable[..., Market]) -> None:
    """Each names orders, offers or shipments that we do not have: it is read, then answered for that."""
    market = open_market(multi_shipment=True)
    order_id = market.buy((market.skus[0], 1), forced=True)
    expected = {
        ("PUT", "orders", "OR04.request.application_json-1.json"): 200,
        ("PUT", f"orders/{order_id}/accept", "OR21.request.application_json-0.json"): "ORDER_LINE_NOT_FOUND",
        ("PUT", "orders/refund", "OR28.request.application_json-0.json"): "Order line with id",
        ("PUT", "orders/cancel", "OR30.request.application_json-0.json"): "Order line with id",
        ("POST", "offers", "OF24.request.application_json-0.json"): 201,
        ("POST", "offers/export/async", "OF52.request.application_json-0.json"): 200,
        ("POST", "offers/export/async", "OF52.request.application_json-1.json"): 200,
        ("POST", "shipments", "ST01.request.application_json-0.json"): 201,
        ("PUT", "shipments/ship", "ST24.request.application_json-0.json"): 200,
        ("POST", "sellerpayment/transactions_logs/async", "TL03.request.application_json-0.json"): 200,
    }
    for (method, path, name), outcome in expected.items():
        answer = market.http.request(method, f"/api/{path}", json=sample(name))
        if isinstance(outcome, int):
            assert answer.status_code == outcome, (name, answer.text)
        else:
            assert answer.status_code in {400, 404}, name
            assert outcome in answer.text, name
    market.wait(minutes=2)
    report = market.import_report("offers/imports/2000/error_report")
    assert "The product does not exist" in report


def test_the_examples_of_files_are_understood(open_market: Callable[..., Market]) -> None:
    market = open_market()
    offers = sample("OF01.request.multipart_form-data-0.json")["file"]
    answer = market.upload("offers/imports", offers, import_mode="NORMAL")
    assert answer.status_code == 201
    ids = []
    for number in (0, 3, 4):
        text = sample(f"PRI01.request.multipart_form-data-{number}.json")["file"]
        taken = market.upload("offers/pricing/imports", text)
        assert taken.status_code == 201
        ids.append(taken.json()["import_id"])
    market.wait(minutes=2)
    report = market.ok(f"offers/imports/{answer.json()['import_id']}")
    assert (report["lines_read"], report["lines_in_error"]) == (1, 1)
    for import_id in ids:
        (status,) = market.ok("offers/pricing/imports", import_id=import_id)["data"]
        assert status["offers_in_error"] > 0
        text = market.import_report(f"offers/pricing/imports/{import_id}/error_report")
        assert "The offer with sku 'SKU001' does not exist" in text


def test_the_real_tracking_and_reason_examples_are_read(open_market: Callable[..., Market]) -> None:
    market = open_market()
    order_id = market.to_shipping((market.skus[0], 1))
    tracking = sample("OR23.request.application_json-0.json")
    assert market.put(f"orders/{order_id}/tracking", tracking).status_code == 204
    assert market.put(f"orders/{order_id}/ship").status_code == 204
    market.party.open_incident(order_id, f"{order_id}-1")
    reason = sample("OR64.request.application_json-0.json")
    path = f"orders/{order_id}/lines/{order_id}-1/resolve_incident"
    assert market.put(path, reason).status_code == 204
