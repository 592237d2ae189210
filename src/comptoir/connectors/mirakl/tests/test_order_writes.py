"""Acceptance, shipments, cancelations, refunds, references: a verdict per item, and nothing done twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from comptoir.connectors.mirakl.shipments import one_per_order
from comptoir.connectors.mirakl.tests import samples
from comptoir.connectors.mirakl.tests.payloads import line, order
from comptoir.connectors.mirakl.tests.shop import Shop, connected, written
from comptoir.sdk.errors import ConfigurationError, TransientError
from comptoir.sdk.records import Outcome, Parcel, Verdict
from comptoir.sdk.testing import DROP, Scripted, SeenRequest, context_for_tests

ACCEPT, SHIP, TRACK = (f"PUT /api/orders/.*/{verb}" for verb in ("accept", "ship", "tracking"))
WRONG_STATE = Scripted(
    400, {"errors": [{"code": "ORDER_INVALID_STATE", "field": None, "message": "Wrong state"}]}
)


def outcomes(verdicts: list[Verdict]) -> dict[str, Outcome]:
    return {verdict.key: verdict.outcome for verdict in verdicts}


def answers(**by_order: Scripted) -> Any:
    """A route that answers by the order named in its path."""

    def answer(request: SeenRequest) -> Scripted:
        return by_order.get(request.path.split("/")[3], Scripted(204))

    return answer


class TestAcceptance:
    def test_every_line_is_decided_in_one_call(self) -> None:
        with connected(Shop()) as (connection, server):
            decision = samples.decision("C-1-A", **{"C-1-A-1": True, "C-1-A-2": False})
            assert outcomes(list(connection.decide_orders([decision]))) == {"C-1-A": Outcome.DONE}
            assert json.loads(server.seen[-1].body) == {
                "order_lines": [{"id": "C-1-A-1", "accepted": True}, {"id": "C-1-A-2", "accepted": False}]
            }

    def test_a_second_acceptance_is_done_when_the_order_stands_so(self) -> None:
        shop = Shop(orders=[order(state="WAITING_DEBIT_PAYMENT")], overrides={ACCEPT: WRONG_STATE})
        with connected(shop) as (connection, _):
            assert outcomes(list(connection.decide_orders([samples.decision()]))) == {"C-1-A": Outcome.DONE}

    def test_an_acceptance_that_came_too_late_is_refused_in_the_channels_words(self) -> None:
        shop = Shop(orders=[order(state="REFUSED")], overrides={ACCEPT: WRONG_STATE})
        with connected(shop) as (connection, _):
            (verdict,) = connection.decide_orders([samples.decision()])
            assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "ORDER_INVALID_STATE")
            assert "Wrong state" in verdict.message

    def test_an_unknown_order_is_refused_in_the_channels_words(self) -> None:
        unknown = Scripted(404, {"errors": [{"code": "ORDER_NOT_FOUND", "message": "No such order"}]})
        with connected(Shop(orders=[], overrides={ACCEPT: unknown})) as (connection, _):
            (verdict,) = connection.decide_orders([samples.decision()])
            assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, "ORDER_NOT_FOUND")
            assert "No such order" in verdict.message

    def test_one_refusal_and_one_silence_disturb_no_other(self) -> None:
        refused = Scripted(400, {"message": "No such line", "status": 400})
        overrides = {ACCEPT: answers(**{"C-1-A": refused, "C-2-A": DROP})}
        shop = Shop(orders=[order(state="WAITING_ACCEPTANCE")], overrides=overrides)
        with connected(shop) as (connection, _):
            decisions = [samples.decision(order_id) for order_id in ("C-1-A", "C-2-A", "C-3-A")]
            assert outcomes(list(connection.decide_orders(decisions))) == {
                "C-1-A": Outcome.REJECTED,
                "C-2-A": Outcome.UNKNOWN,
                "C-3-A": Outcome.DONE,
            }

    def test_a_server_in_trouble_is_left_alone_and_the_rest_is_for_later(self) -> None:
        shop = Shop(overrides={ACCEPT: answers(**{"C-2-A": Scripted(503)})})
        with connected(shop) as (connection, server):
            decisions = [samples.decision(order_id) for order_id in ("C-1-A", "C-2-A", "C-3-A")]
            assert list(outcomes(list(connection.decide_orders(decisions))).values()) == [
                Outcome.DONE,
                Outcome.RETRY,
                Outcome.RETRY,
            ]
            assert len(written(server)) == 2

    @pytest.mark.parametrize(("status", "error"), [(503, TransientError), (401, ConfigurationError)])
    def test_nothing_done_is_raised(self, status: int, error: type[Exception]) -> None:
        shop = Shop(overrides={ACCEPT: Scripted(status)})
        with connected(shop) as (connection, _), pytest.raises(error):
            list(connection.decide_orders([samples.decision()]))


class TestWholeOrders:
    def test_tracking_is_told_before_the_departure(self) -> None:
        with connected(Shop()) as (connection, server):
            (verdict,) = connection.confirm_shipments([samples.shipment()])
            assert verdict.outcome is Outcome.DONE
            assert written(server) == ["PUT /api/orders/C-1-A/tracking", "PUT /api/orders/C-1-A/ship"]
            tracking = next(json.loads(one.body) for one in server.seen if one.path.endswith("/tracking"))
            assert tracking == {"carrier_code": "LAPOSTE", "tracking_number": "6A123"}

    def test_a_carrier_that_is_not_registered_is_told_by_its_name(self) -> None:
        parcel = Parcel(
            carrier="VELO", carrier_name="Vélo Cargo", tracking_number="1", tracking_url="https://v"
        )
        with connected(Shop()) as (connection, server):
            list(connection.confirm_shipments([samples.shipment(parcel=parcel)]))
            body = next(json.loads(one.body) for one in server.seen if one.path.endswith("/tracking"))
            assert body == {"carrier_name": "Vélo Cargo", "carrier_url": "https://v", "tracking_number": "1"}

    def test_the_merchants_own_carrier_codes_win(self) -> None:
        with connected(Shop(), carriers="COLISSIMO=COLI2") as (connection, server):
            list(connection.confirm_shipments([samples.shipment()]))
            assert any(b'"COLI2"' in one.body for one in server.seen)

    def test_a_part_of_an_order_is_not_told_as_the_whole(self) -> None:
        with connected(Shop()) as (connection, server):
            (verdict,) = connection.confirm_shipments([samples.shipment(completes_order=False)])
            assert verdict.outcome is Outcome.DEFERRED
            assert written(server) == []

    @pytest.mark.parametrize("refusing", [TRACK, SHIP])
    def test_a_second_confirmation_is_done_when_this_parcel_left(self, refusing: str) -> None:
        gone = order(state="SHIPPED", shipping_tracking="6A123")
        with connected(Shop(orders=[gone], overrides={refusing: WRONG_STATE})) as (connection, _):
            (verdict,) = connection.confirm_shipments([samples.shipment()])
            assert verdict.outcome is Outcome.DONE

    def test_another_parcels_departure_is_not_ours(self) -> None:
        gone = order(state="SHIPPED", shipping_tracking="OTHER")
        with connected(Shop(orders=[gone], overrides={SHIP: WRONG_STATE})) as (connection, _):
            (verdict,) = connection.confirm_shipments([samples.shipment()])
            assert verdict.outcome is Outcome.REJECTED


class TestParcels:
    def shop(self, told: list[dict[str, Any]], answer: Any) -> Shop:
        overrides = {"GET /api/shipments": Scripted(body={"data": told}), "POST /api/shipments": answer}
        return Shop(multi_shipment=True, overrides=overrides)

    def test_each_parcel_is_told_with_its_lines_and_gets_its_own_verdict(self) -> None:
        created = {
            "shipment_success": [{"id": "S-1", "order_id": "C-1-A"}],
            "shipment_errors": [{"order_id": "C-2-A", "message": "Shipment quantity is invalid."}],
        }
        with connected(self.shop([], Scripted(201, created))) as (connection, server):
            parcels = [samples.shipment("A"), samples.shipment("B", "C-2-A")]
            found = {
                v.key: (v.outcome, v.external_id or v.message) for v in connection.confirm_shipments(parcels)
            }
            assert found == {
                "A": (Outcome.DONE, "S-1"),
                "B": (Outcome.REJECTED, "Shipment quantity is invalid."),
            }
            first = json.loads(server.seen[-1].body)["shipments"][0]
            assert first["shipped"] is True
            assert first["shipment_lines"] == [
                {"order_line_id": "C-1-A-1", "quantity": 2, "package_reference": "A"}
            ]

    def test_a_parcel_that_is_already_there_is_not_told_again(self) -> None:
        told = [{"id": "S-9", "order_id": "C-1-A", "shipment_lines": [{"package_reference": "SHP-1"}]}]
        with connected(self.shop(told, Scripted(500))) as (connection, server):
            (verdict,) = connection.confirm_shipments([samples.shipment()])
            assert (verdict.outcome, verdict.external_id) == (Outcome.DONE, "S-9")
            assert written(server) == []

    def test_two_parcels_of_one_order_travel_in_two_calls(self) -> None:
        parcels = [samples.shipment("A"), samples.shipment("B"), samples.shipment("C", "C-2-A")]
        assert [[one.reference for one in group] for group in one_per_order(parcels)] == [["A", "C"], ["B"]]

    def test_a_call_refused_whole_is_repeated_parcel_by_parcel(self) -> None:
        def answer(request: SeenRequest) -> Scripted:
            asked = json.loads(request.body)["shipments"]
            if any(one["order_id"] == "C-2-A" for one in asked):
                return Scripted(400, {"message": "Bad package", "status": 400})
            return Scripted(
                201, {"shipment_success": [{"id": "S", "order_id": o["order_id"]} for o in asked]}
            )

        with connected(self.shop([], answer)) as (connection, _):
            parcels = [samples.shipment("A"), samples.shipment("B", "C-2-A"), samples.shipment("C", "C-3-A")]
            found = outcomes(list(connection.confirm_shipments(parcels)))
            assert found == {"A": Outcome.DONE, "B": Outcome.REJECTED, "C": Outcome.DONE}


class TestGivingBack:
    def test_a_refund_carries_its_share_of_the_taxes(self) -> None:
        with connected(Shop()) as (connection, server):
            refund = samples.refund(lines=(samples.amount(value="10.00", shipping="4.90"),))
            (verdict,) = connection.refund_orders([refund])
            assert (verdict.outcome, verdict.external_id) == (Outcome.DONE, "1130")
            assert json.loads(server.seen[-1].body) == {
                "order_tax_mode": "TAX_INCLUDED",
                "refunds": [
                    {
                        "order_line_id": "C-1-A-1",
                        "quantity": 1,
                        "amount": 10.0,
                        "shipping_amount": 4.9,
                        "reason_code": "15",
                        "currency_iso_code": "EUR",
                        "taxes": [{"code": "VAT", "amount": 1.67}],
                        "shipping_taxes": [{"code": "VAT", "amount": 0.82}],
                    }
                ],
            }

    def test_an_amount_that_is_not_told_is_the_units_part_of_the_price(self) -> None:
        with connected(Shop()) as (connection, server):
            list(connection.cancel_orders([samples.cancellation(lines=(samples.amount(value="0"),))]))
            assert json.loads(server.seen[-1].body)["cancelations"][0]["amount"] == 10.0

    def test_taxes_are_left_out_where_the_platform_computes_them_on_the_order(self) -> None:
        taxes = [{"code": "VAT", "total_amount": 8.3}]
        shop = Shop(orders=[order(order_tax_mode="TAX_EXCLUDED", order_taxes=taxes)])
        with connected(shop) as (connection, server):
            list(connection.refund_orders([samples.refund()]))
            assert "taxes" not in json.loads(server.seen[-1].body)["refunds"][0]

    def test_a_refund_whose_answer_was_lost_is_found_and_not_paid_twice(self) -> None:
        shop = Shop(overrides={"PUT /api/orders/refund": DROP})
        context = context_for_tests()
        with connected(shop, context) as (connection, _):
            (verdict,) = connection.refund_orders([samples.refund()])
            assert verdict.outcome is Outcome.UNKNOWN
        paid = line("C-1-A-1", "SHIPPED", refunds=[{"id": "R-5", "amount": 10, "shipping_amount": 0}])
        with connected(Shop(orders=[order(order_lines=[paid])]), context) as (connection, server):
            (verdict,) = connection.refund_orders([samples.refund()])
            assert (verdict.outcome, verdict.external_id) == (Outcome.DONE, "R-5")
            assert written(server) == []

    def test_a_refund_that_was_not_done_is_done_by_the_second_attempt(self) -> None:
        earlier = line("C-1-A-1", "SHIPPED", refunds=[{"id": "R-1", "amount": 10, "shipping_amount": 0}])
        shop = Shop(
            orders=[order(order_lines=[earlier])], overrides={"PUT /api/orders/refund": Scripted(503)}
        )
        context = context_for_tests()
        with connected(shop, context) as (connection, _), pytest.raises(TransientError):
            list(connection.refund_orders([samples.refund()]))
        with connected(replace(shop, overrides={}), context) as (connection, server):
            (verdict,) = connection.refund_orders([samples.refund()])
            assert verdict.outcome is Outcome.DONE
            assert written(server) == ["PUT /api/orders/refund"]

    @pytest.mark.parametrize(
        ("changed", "code"),
        [({"lines": ()}, "LINES_MISSING"), ({"lines": (samples.amount("NO-LINE"),)}, "LINE_UNKNOWN")],
    )
    def test_a_refund_that_makes_no_sense_is_not_sent(self, changed: dict[str, Any], code: str) -> None:
        with connected(Shop()) as (connection, server):
            (verdict,) = connection.refund_orders([samples.refund(**changed)])
            assert (verdict.outcome, verdict.code) == (Outcome.REJECTED, code)
            assert written(server) == []

    def test_a_reason_is_needed(self) -> None:
        with connected(Shop(), refund_reason="", cancel_reason="") as (connection, _):
            (refund,) = connection.refund_orders([samples.refund()])
            (cancellation,) = connection.cancel_orders([samples.cancellation()])
            assert (refund.code, cancellation.code) == ("REASON_MISSING", "REASON_MISSING")

    def test_a_whole_order_is_cancelled_in_one_call(self) -> None:
        with connected(Shop()) as (connection, server):
            (verdict,) = connection.cancel_orders([samples.cancellation(lines=())])
            assert verdict.outcome is Outcome.DONE
            assert written(server) == ["PUT /api/orders/C-1-A/cancel"]

    @pytest.mark.parametrize(
        ("state", "outcome"), [("CANCELED", Outcome.DONE), ("SHIPPED", Outcome.REJECTED)]
    )
    def test_a_second_cancelation_looks_at_the_order(self, state: str, outcome: Outcome) -> None:
        shop = Shop(orders=[order(state=state)], overrides={"PUT /api/orders/.*/cancel": WRONG_STATE})
        with connected(shop) as (connection, _):
            (verdict,) = connection.cancel_orders([samples.cancellation(lines=())])
            assert verdict.outcome is outcome


class TestReferences:
    def test_a_success_with_errors_inside_is_told_apart(self) -> None:
        error = {"code": "NOT_BLANK", "field": "references", "message": "may not be blank"}
        body = {
            "updated_orders": [{"order_id": "C-1-A", "errors": []}, {"order_id": "C-2-A", "errors": [error]}]
        }
        with connected(Shop(overrides={"PUT /api/orders": Scripted(body=body)})) as (connection, _):
            found = list(
                connection.write_references([samples.reference("C-1-A"), samples.reference("C-2-A")])
            )
            assert [one.outcome for one in found] == [Outcome.DONE, Outcome.REJECTED]
            assert "may not be blank" in found[1].message

    def test_a_hundred_orders_travel_in_one_call(self) -> None:
        with connected(Shop()) as (connection, server):
            references = [samples.reference(f"C-{number}-A") for number in range(150)]
            assert len(list(connection.write_references(references))) == 150
            assert len(server.seen) == 2
