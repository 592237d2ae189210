"""The life of an order, from the buyer to the payout, as the seller sees it over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from mirakl_market import Market

from bazaar.world.facts import PurchaseChange, PurchaseLine


def test_an_order_lives_from_acceptance_to_closing_and_is_paid(market: Market) -> None:
    sku, other = market.sell(2)
    order_id = market.buy((sku, 2), (other, 1))
    assert order_id == "MK00000001-A"
    order = market.order(order_id)
    assert order["order_state"] == "WAITING_ACCEPTANCE"
    assert [line["order_line_id"] for line in order["order_lines"]] == [f"{order_id}-1", f"{order_id}-2"]
    assert order["customer"]["shipping_address"] is None, "no address before the debit"
    market.accept(order_id)
    seen = [market.order(order_id)["order_state"]]
    for _ in range(2):
        market.wait(minutes=10, seconds=1)
        seen.append(market.order(order_id)["order_state"])
    assert seen == ["WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING"]
    assert market.order(order_id)["customer"]["shipping_address"]["country_iso_code"] == "FRA"
    market.ship(order_id)
    assert market.order(order_id)["order_state"] == "SHIPPED"
    market.wait(days=3, seconds=1)
    assert market.order(order_id)["order_state"] == "RECEIVED"
    market.wait(days=14)
    order = market.order(order_id)
    assert order["order_state"] == "CLOSED"
    assert {line["order_line_state"] for line in order["order_lines"]} == {"CLOSED"}
    log = market.ok("sellerpayment/transactions_logs", limit=100, sort="dateCreated,ASC")["data"]
    mine = [row for row in log if row["type"] != "PAYMENT"]
    assert {row["payment_state"] for row in mine} == {"PAID"}
    net = sum(Decimal(str(row["amount"])) for row in mine)
    assert net == Decimal(str(order["total_price"])) - Decimal(str(order["total_commission"]))
    assert Decimal(str(log[-1]["amount"])) == -net
    assert log[-1]["balance"] == 0
    (invoice,) = market.ok("invoices")["invoices"]
    assert invoice["total_amount_incl_taxes"] == order["total_commission"]
    kinds = [fact.kind for fact in market.world.ledger if fact.order_id == order_id]
    assert kinds == ["order_placed", "order_accepted", "order_shipped", "order_delivered"]


def test_totals_are_the_sums_of_the_lines_in_every_order(market: Market) -> None:
    for count in range(1, 6):
        market.buy(*((sku, count) for sku in market.skus[:count]), forced=True)
    for order in market.ok("orders", max=100)["orders"]:
        lines = order["order_lines"]
        total = sum(Decimal(str(line["price"])) + Decimal(str(line["shipping_price"])) for line in lines)
        assert Decimal(str(order["total_price"])) == total
        assert Decimal(str(order["price"])) + Decimal(str(order["shipping_price"])) == total
        for line in lines:
            assert Decimal(str(line["price"])) == Decimal(str(line["price_unit"])) * line["quantity"]
            fee, vat = Decimal(str(line["commission_fee"])), Decimal(str(line["commission_vat"]))
            assert Decimal(str(line["total_commission"])) == fee + vat


def test_nobody_answers_and_the_platform_refuses(market: Market) -> None:
    order_id = market.buy((market.skus[0], 1), forced=True)
    assert order_id is not None
    market.wait(hours=49)
    assert market.order(order_id)["order_state"] == "REFUSED"
    (fact,) = market.facts("order_refused")
    assert fact.detail["by"] == "operator"


def test_a_part_of_an_order_is_refused_and_the_rest_goes_on(market: Market) -> None:
    order_id = market.buy((market.skus[0], 1), (market.skus[1], 1), forced=True)
    lines = [{"id": f"{order_id}-1", "accepted": True}, {"id": f"{order_id}-2", "accepted": False}]
    assert market.put(f"orders/{order_id}/accept", {"order_lines": lines}).status_code == 204
    assert order_id is not None
    order = market.order(order_id)
    assert order["order_state"] == "WAITING_DEBIT"
    assert [line["order_line_state"] for line in order["order_lines"]] == ["WAITING_DEBIT", "REFUSED"]


def test_acceptance_is_refused_with_the_documented_codes(open_market: Callable[..., Market]) -> None:
    market = open_market(partial_acceptance=False)
    order_id = market.buy((market.skus[0], 1), (market.skus[1], 1), forced=True)
    first, second = f"{order_id}-1", f"{order_id}-2"
    wrong = {
        "ORDER_LINE_ACCEPTANCE_DECISION_MISSING": [{"id": first, "accepted": True}],
        "ORDER_LINE_DUPLICATE_ID": [{"id": first, "accepted": True}] * 2,
        "ORDER_LINE_NOT_FOUND": [{"id": "nobody", "accepted": True}],
        "ORDER_LINE_NULL_ELEMENT": [None],
        "ORDER_PARTIAL_ACCEPTANCE_DISABLED": [
            {"id": first, "accepted": True},
            {"id": second, "accepted": False},
        ],
        "VALIDATION_ERROR": [{"id": first}],
    }
    for code, lines in wrong.items():
        answer = market.put(f"orders/{order_id}/accept", {"order_lines": lines})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)
    unknown = market.put("orders/NO-A/accept", {"order_lines": []})
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (404, "ORDER_NOT_FOUND")
    assert order_id is not None
    market.accept(order_id)
    lines = [{"id": one, "accepted": True} for one in (first, second)]
    again = market.put(f"orders/{order_id}/accept", {"order_lines": lines})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (400, "ORDER_INVALID_STATE")


def test_shipping_needs_the_tracking_first_and_a_known_carrier(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 1))
    early = market.put(f"orders/{order_id}/ship")
    assert early.status_code == 400
    assert "tracking" in early.json()["message"]
    for wrong in ({}, {"carrier_code": "NOBODY", "tracking_number": "1"}, {"carrier_code": "UPS"}):
        assert market.put(f"orders/{order_id}/tracking", wrong).status_code == 400
    other = {"carrier_name": "Local van", "carrier_url": "https://van.example/1"}
    assert market.put(f"orders/{order_id}/tracking", other).status_code == 204
    assert market.order(order_id)["shipping_tracking_url"] == "https://van.example/1"
    market.ship(order_id)
    assert market.order(order_id)["shipping_tracking_url"].endswith("code=8X123")
    assert market.put(f"orders/{order_id}/ship").status_code == 400


def test_the_seller_cancels_a_whole_order_before_it_ships(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 3))
    assert market.order(order_id)["can_cancel"] is True
    assert market.put(f"orders/{order_id}/cancel").status_code == 204
    order = market.order(order_id)
    assert order["order_state"] == "CANCELED"
    line = order["order_lines"][0]
    assert line["cancelations"][0]["amount"] == line["price"]
    assert line["cancelations"][0]["commission_total_amount"] == line["total_commission"]
    rows = market.ok("sellerpayment/transactions_logs", limit=100)["data"]
    assert sum(Decimal(str(row["amount"])) for row in rows) == 0
    assert market.put(f"orders/{order_id}/cancel").status_code == 400


def test_units_are_cancelled_by_part_and_money_never_exceeds_the_line(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 2))
    line = market.order(order_id)["order_lines"][0]
    half = {
        "order_line_id": line["order_line_id"],
        "amount": line["price_unit"],
        "shipping_amount": 0,
        "quantity": 1,
        "reason_code": 35,
    }
    for change in ({"reason_code": "15"}, {"amount": line["price"] + 1}, {"quantity": 3}, {"quantity": None}):
        assert market.put("orders/cancel", {"cancelations": [{**half, **change}]}).status_code == 400
    answer = market.put("orders/cancel", {"cancelations": [half]})
    assert answer.status_code == 200
    assert answer.json()["cancelations"][0]["amount"] == line["price_unit"]
    assert market.order(order_id)["order_state"] == "SHIPPING"
    rest = {**half, "shipping_amount": line["shipping_price"]}
    assert market.put("orders/cancel", {"cancelations": [rest]}).status_code == 200
    assert market.order(order_id)["order_state"] == "CANCELED"
    assert [fact.quantity for fact in market.facts("order_cancelled")] == [1, 1]


def test_refunds_need_their_taxes_when_the_order_has_some(open_market: Callable[..., Market]) -> None:
    market = open_market(order_taxes=True, order_tax_mode="TAX_EXCLUDED")
    order_id = market.to_shipping((market.skus[0], 1))
    market.ship(order_id)
    line = market.order(order_id)["order_lines"][0]
    assert line["taxes"][0]["code"] == "VAT"
    refund = {
        "order_line_id": line["order_line_id"],
        "amount": line["price"],
        "shipping_amount": line["shipping_price"],
        "quantity": 1,
        "reason_code": "16",
    }
    bare = market.put("orders/refund", {"refunds": [refund]})
    assert (bare.status_code, bare.json()["status"]) == (400, 400)
    assert bare.json()["message"].startswith("taxes is required")
    taxes = {"taxes": [{"code": "VAT", "amount": line["taxes"][0]["amount"]}], "shipping_taxes": []}
    if line["shipping_taxes"]:
        taxes["shipping_taxes"] = [{"code": "VAT", "amount": line["shipping_taxes"][0]["amount"]}]
    full = {**refund, **taxes}
    answer = market.put("orders/refund", {"order_tax_mode": "TAX_EXCLUDED", "refunds": [full]})
    assert answer.status_code == 200, answer.text
    assert market.put("orders/refund", {"refunds": [full]}).status_code == 400, "nothing is left"
    rows = market.ok("sellerpayment/transactions_logs", limit=100)["data"]
    assert sum(Decimal(str(row["amount"])) for row in rows) == 0
    order = market.order(order_id)
    assert order["fully_refunded"] is True
    assert order["order_lines"][0]["order_line_state"] == "REFUNDED"
    market.wait(hours=2)
    assert market.order(order_id)["order_lines"][0]["refunds"][0]["refund_state"] == "REFUNDED"


def test_a_closed_order_refuses_refunds(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 1))
    market.ship(order_id)
    market.wait(days=18)
    line = {"order_line_id": f"{order_id}-1", "amount": 1, "shipping_amount": 0, "reason_code": "16"}
    answer = market.put("orders/refund", {"refunds": [line]})
    assert answer.status_code == 400
    assert "CLOSED" in answer.json()["message"]


def test_a_buyer_changes_his_mind_before_and_after_shipping(market: Market) -> None:
    sku = market.skus[0]
    early = market.buy((sku, 2), forced=True)
    late = market.to_shipping((sku, 2))
    market.ship(late)
    assert early is not None
    for order_id in (early, late):
        line = PurchaseLine(sku=sku, quantity=1)
        market.party.change(PurchaseChange(at=market.world.now(), order_id=order_id, lines=(line,)))
    assert market.order(early)["order_lines"][0]["cancelations"][0]["quantity"] == 1
    assert market.order(late)["order_lines"][0]["refunds"][0]["quantity"] == 1
    (returned,) = market.ok("returns", return_state="CLOSED")["data"]
    assert returned["return_lines"][0]["quantity"] == 1
    again = PurchaseLine(sku=sku, quantity=5)
    market.party.change(PurchaseChange(at=market.world.now(), order_id=early, lines=(again,)))
    assert market.order(early)["order_state"] == "CANCELED"
    assert sum(fact.quantity for fact in market.facts("order_cancelled")) == 2


def test_an_incident_is_opened_by_the_buyer_and_resolved_by_the_seller(market: Market) -> None:
    order_id = market.to_shipping((market.skus[0], 1))
    market.ship(order_id)
    line_id = f"{order_id}-1"
    path = f"orders/{order_id}/lines/{line_id}/resolve_incident"
    assert market.put(path, {"reason_code": "8"}).status_code == 400
    market.party.open_incident(order_id, line_id)
    assert market.ok("orders", has_incident="true")["total_count"] == 1
    assert market.put(path, {"reason_code": "15"}).status_code == 400, "a refund's reason"
    assert market.put(path, {"reason_code": 8}).status_code == 204
    assert market.order(order_id)["has_incident"] is False


def test_an_operator_that_accepts_by_himself_and_shows_addresses(open_market: Callable[..., Market]) -> None:
    market = open_market(order_acceptance="AUTOMATIC", addresses_before_acceptance=True, staging_minutes=5)
    order_id = market.buy((market.skus[0], 1), forced=True)
    assert order_id is not None
    order = market.order(order_id)
    assert order["order_state"] == "STAGING"
    assert order["customer"]["billing_address"]["city"] == "Paris"
    market.wait(minutes=6)
    assert market.order(order_id)["order_state"] == "WAITING_DEBIT"
    workflows = market.ok("platform/configuration")["features"]["order_workflows"]
    assert workflows["order_acceptance"] == "AUTOMATIC"
