"""Pure functions: states, departures, costs, order lines to the cent, what a cancellation becomes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.connectors.sage_x3.amendments import plan_change
from comptoir.connectors.sage_x3.articles import average_costs, main_suppliers, parse_article
from comptoir.connectors.sage_x3.dialect import RANK, build_param, parse_description, parse_entity, parse_list
from comptoir.connectors.sage_x3.documents import (
    Departure,
    day,
    instant,
    order_state,
    parse_departures,
    parse_states,
)
from comptoir.connectors.sage_x3.lists import literal
from comptoir.connectors.sage_x3.mapping import Mapped, parse_overrides
from comptoir.connectors.sage_x3.payloads import build_order, credit_reference, customer_number
from comptoir.connectors.sage_x3.soap import Data, Pool, build, parse_answer
from comptoir.connectors.sage_x3.stock import Snapshot, parse_levels
from comptoir.connectors.sage_x3.tests.answers import READ, settings
from comptoir.connectors.sage_x3.tests.test_contract import CANCELLED, LINE, SOLD
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import Address, Buyer

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"delivery_state": 1, "state": 1, "allocation_state": 1}, "received"),
        ({"delivery_state": 1, "state": 1, "allocation_state": 3}, "preparing"),
        ({"delivery_state": 2, "state": 1}, "preparing"),
        ({"delivery_state": 3, "state": 2}, "shipped"),
        ({"delivery_state": 2, "state": 2}, "shipped"),
        ({"delivery_state": 1, "state": 2}, "cancelled"),
        ({"delivery_state": 9, "state": 9}, "received"),
        ({}, "received"),
    ],
)
def test_the_state_of_an_order_is_total(row: dict[str, Any], state: str) -> None:
    assert order_state(row) == state


def test_the_chain_of_numbers_is_kept_each_once() -> None:
    row = {"number": "SON1", "reference": "CO-1", "changed": "2026-11-23", "delivery_state": 3}
    [state] = parse_states([row], {"SON1": ["SDH1", "SDH1", "SDH2"]}, {"SON1": ["SIH1"]})
    assert (state.document, state.changed_at) == (
        "SON1 > SDH1 > SDH2 > SIH1",
        datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_departures_add_up_lots_and_leave_others_and_returns_alone() -> None:
    def moved(voucher: str, line: int, units: int, at: str = "2026-11-23T08:00:00Z") -> dict[str, Any]:
        return {"voucher": voucher, "line": line, "sku": "MUG", "site": "FR012", "quantity": units, "at": at}

    rows = [moved("D1", 1000, -1, "2026-11-23T08:00:05Z"), moved("D1", 1000, -2), moved("D2", 1000, -4),
            moved("D1", 2000, 3)]  # fmt: skip
    orders = {("D1", "1000"): "SON1", ("D1", "2000"): "SON1", ("D2", "1000"): "SHOP7"}
    assert parse_departures(rows, orders, {"SON1": "CO-1"}) == (
        Departure("CO-1", "D1", "MUG", "FR012", 3, AT),
    )


def test_a_count_leaves_out_what_others_hold_and_puts_back_what_left_since() -> None:
    place = ("MUG", "FR012")
    gone = Departure("CO-1", "D1", "MUG", "FR012", 2, AT)
    snapshot = Snapshot({place: Decimal(5)}, {place: Decimal(2)}, (gone,))
    row = {"sku": "MUG", "site": "FR012", "physical": "10", "incoming": ""}
    [before] = parse_levels([row], snapshot, AT.replace(hour=7))
    [after] = parse_levels([row], snapshot, AT)
    assert (before.quantity, after.quantity) == (10 - 3 + 2, 10 - 3)


def test_costs_weigh_what_is_there_and_suppliers_rank() -> None:
    rows = [{"sku": "A", "cost": 4, "physical": 1}, {"sku": "A", "cost": 6, "physical": 3},
            {"sku": "B", "cost": 7, "physical": -2}, {"sku": "C", "cost": 0, "physical": 9}]  # fmt: skip
    assert average_costs(rows) == {"A": Decimal("5.5"), "B": Decimal(7)}
    ranked = [{"sku": "A", "supplier": "S0", "priority": 0}, {"sku": "A", "supplier": "S2", "priority": 2},
              {"sku": "A", "supplier": "S1", "priority": 1}]  # fmt: skip
    assert main_suppliers(ranked) == {"A": "S1"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"price_with_tax": False}, ("12.00", Decimal(20))),
        ({"price_with_tax": True}, ("10.00", Decimal(20))),
        ({"vat_rates": "RED=5.5"}, (None, None)),
    ],
)
def test_a_base_price_becomes_one_with_tax_where_its_rate_is_known(
    changed: dict[str, object], expected: tuple[str | None, Decimal | None]
) -> None:
    own = settings(**changed)
    row = {"sku": "MUG", "status": 1, "tax_level": ["NOR", ""], "weight": "350", "weight_unit": "g"}
    product = parse_article(row, None, Decimal(10), "", own, own.mapped())
    assert (product.list_price, product.vat_rate) == (expected[0] and Decimal(expected[0]), expected[1])
    assert (product.weight_g, product.title, product.active) == (350, "MUG", True)


def test_an_orders_lines_make_its_total_whatever_the_division_leaves() -> None:
    lines = (msgspec.structs.replace(LINE, quantity=3, amount=Decimal("10.00")),)
    order = msgspec.structs.replace(SOLD.order, lines=lines, shipping_amount=Decimal("4.90"),
                                    discount_amount=Decimal("1.00"), total_amount=Decimal("13.91"))  # fmt: skip
    entity: Any = build_order(
        msgspec.structs.replace(SOLD, order=order), "MK", settings(), settings().mapped()
    )
    told = [(line["ITMREF"], line["QTY"], line["GROPRI"]) for line in entity["SOH4_1"]]
    assert told == [("MUG", 3, Decimal("3.33333")), ("PORT", 1, Decimal("4.90")), ("REMISE", 1, Decimal("-1.00")),
                    ("ARRONDI", 1, Decimal("0.01"))]  # fmt: skip
    assert entity["SOH0_1"]["CUSORDREF"] == "CO-000000002"
    assert "SOHNUM" not in entity["SOH0_1"], "X3 numbers it"


def test_a_price_of_a_million_units_is_still_exact_or_refused() -> None:
    lines = (msgspec.structs.replace(LINE, quantity=999_999, amount=Decimal("1000000.01")),)
    order = msgspec.structs.replace(SOLD.order, lines=lines, total_amount=Decimal("1000000.01"))
    with pytest.raises(RejectedRecord, match="its lines make"):
        build_order(msgspec.structs.replace(SOLD, order=order), "MK", settings(), settings().mapped())


def test_a_cancellation_says_where_the_line_shall_stand() -> None:
    order, mapped = parse_entity(READ), settings().mapped()

    def plan(left: int, **fields: str) -> Any:
        line = {**order["SOH4_1"][0], **fields}
        changed = {**order, "SOH4_1": [line, *order["SOH4_1"][1:]]}
        return plan_change(changed, msgspec.structs.replace(CANCELLED, left=left), {"PORT"}, mapped)

    assert plan(2).entity == {"SOH4_1": [{RANK: 1, "QTY": 2}]}
    assert plan(3).kind == plan(2, QTY="2").kind == plan(0, SOQSTA="3").kind == "none"
    assert plan(0).entity == {"SOH1_5": {"ORDSTA": 2}}
    with pytest.raises(RejectedRecord, match="have left"):
        plan(0, DLVQTY="1")
    with pytest.raises(RejectedRecord, match="have left"):
        plan(0, DLVQTY="3", SOQSTA="3")
    order["SOH4_1"].append({"NUMLIG": "3000", "ITMREF": "PLATE", "QTY": "1"})
    assert (plan(0).kind, plan(0).line) == ("drop", "1000")
    order["SOH4_1"].append({"NUMLIG": "4000", "ITMREF": "MUG", "QTY": "5"})
    twice = msgspec.structs.replace(CANCELLED, left=1, line_number=4)
    assert plan_change(order, twice, set(), mapped).entity == {"SOH4_1": [{RANK: 4, "QTY": 1}]}


def test_ranks_lists_and_what_xml_cannot_carry() -> None:
    text = build_param(
        {"A": {"B": "1 < 2\x00", "C": ["x", "y"]}, "T": [{RANK: 4, "Q": 1, "D": date(2026, 1, 2)}]}
    )
    assert '<LIN NUM="4"><FLD NAME="Q" TYPE="Integer">1</FLD><FLD NAME="D" TYPE="Date">20260102</FLD>' in text
    assert parse_entity(text) == {"A": {"B": "1 < 2", "C": ["x", "y"]}, "T": [{"Q": "1", "D": "20260102"}]}


def test_lists_in_both_forms_leave_blank_lines_out() -> None:
    rows = '<RESULT><LIN NUM="1"><FLD NAME="N">1</FLD></LIN><LIN NUM="2"><FLD NAME="N"/></LIN></RESULT>'
    assert parse_list(rows) == parse_list('[{"N": 1}, {"N": null}]') == [{"N": "1"}]
    assert parse_list("") == []


def test_descriptions_are_read_in_the_forms_that_are_known() -> None:
    ours = '<D><GRP NAM="SOH0_1"><FLD NAM="SOHNUM"/></GRP><TAB ID="SOH4_1"><LIN><FLD NAME="QTY"/></LIN></TAB></D>'
    assert parse_description(ours) == {"SOH0_1.SOHNUM", "SOH4_1.QTY"}
    assert parse_description("<other/>") == parse_description("") == frozenset()


def test_values_that_stand_elsewhere_in_the_envelope_are_found() -> None:
    body = (
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><r><saveReturn href="#id0"/></r>'
        b'<multiRef id="id0"><messages><m href="#id1"/></messages><resultXml>x</resultXml><status>0</status></multiRef>'
        b'<multiRef id="id1"><message>non</message><type>3</type></multiRef></e:Body></e:Envelope>'
    )
    answer = parse_answer("save", body)
    assert (answer.status, answer.result, [m.text for m in answer.messages]) == (0, "x", ["non"])


def test_what_would_end_cdata_does_not() -> None:
    body = build(
        "save", Pool("P", "FRA", "a=b&c=d"), {"publicName": "Y", "objectXml": Data("<A>x]]&gt;y]]></A>")}
    )
    assert body.count(b"<![CDATA[") == body.count(b"]]>") == 1
    assert b"a=b&amp;c=d" in body


def test_a_merchants_names_go_over_the_standard_ones() -> None:
    mapped = Mapped(parse_overrides("items.title=YDES, order.external = SOH0_1.YREF,deliveries.tracking="))
    assert (mapped["items.title"], mapped.place("order.external")) == ("YDES", ("SOH0_1", "YREF"))
    assert "tracking" not in mapped.columns("deliveries")


@pytest.mark.parametrize("text", ["items.titel=X", "items.title", "order.external=YREF", "=X"])
def test_a_mapping_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_overrides(text)


def test_values_are_written_as_sdata_wants_them() -> None:
    assert literal("L'ÉTÉ") == '"L\'ÉTÉ"'
    assert literal(AT) == "@2026-11-23T08:00:00Z@"
    assert literal(AT.date()) == "@2026-11-23@"
    with pytest.raises(UnexpectedAnswer, match="both kinds"):
        literal("a'b\"c")


def test_days_and_instants_in_the_forms_of_x3() -> None:
    assert day("20261123") == day("2026-11-23") == day("2026-11-23T09:00:00Z") == date(2026, 11, 23)
    assert instant("2026-11-23T08:00:00.000Z") == instant("2026-11-23T08:00:00") == AT
    for read in (day, instant):
        with pytest.raises(UnexpectedAnswer):
            read("yesterday")


def test_numbers_made_of_a_name_are_short_and_always_the_same() -> None:
    home = Address(name="Ana", postcode="29200", street_1="1 rue du Port")
    assert customer_number(Buyer(email="A@x.fr"), home) == customer_number(Buyer(email="a@x.fr"), Address())
    assert len(customer_number(Buyer(name="Ana"), home)) == 15
    assert credit_reference("R12-1000") == "R12-1000"
    assert len(credit_reference("R" * 40)) == 20
