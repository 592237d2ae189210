"""Sessions, refusals, limits and orders of the simulated storefront, asked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from storefronts import Play, Seller, codes, texts

Start = Callable[..., Play]


def place(seller: Seller, count: int = 1) -> list[str]:
    sku = next(iter(seller.play.world.products))
    return [seller.play.party().place_by_hand([(sku, 1)]) for _ in range(count)]


def update(order_id: str, action: str, line_action: str, more: str = "", line: str = "1") -> str:
    number = f"<order_detail_id>{line}</order_detail_id>" if line else ""
    detail = f"<order_detail>{number}<action>{line_action}</action>{more}</order_detail>"
    return f'<order order_id="{order_id}" action="{action}">{detail}</order>'


def offer(sku: str, **fields: str) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<offer><offer_reference type="SellerSku">{sku}</offer_reference>{inside}</offer>'


# --- sessions ---------------------------------------------------------------------------------------------


def test_a_token_opens_the_services_until_its_end(seller: Seller) -> None:
    token = texts(seller.sign_in(), "token")[0]
    assert seller.ask("carriers_query", "<query>all</query>", token=token).get("status") == "OK"
    seller.play.advance(minutes=61)
    ended = seller.ask("carriers_query", "<query>all</query>", token=token)
    assert (ended.get("status"), codes(ended)) == ("ERROR", ["ERR_004"])


@pytest.mark.parametrize("wrong", ["key", "shop_id", "partner_id"])
def test_wrong_credentials_give_no_token(seller: Seller, wrong: str) -> None:
    value = "00000000-0000-0000-0000-000000000000" if wrong != "key" else "nope"
    answer = seller.sign_in(**{wrong: value})
    assert answer.get("status") == "ERROR"
    assert texts(answer, "token") == []


# --- what the schema refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "inside", "code", "words"),
    [
        ("offers_update", offer("A", price="0.89"), "ERR_096", "minExclusive"),
        ("offers_update", offer("A", price="20000.01"), "ERR_096", "maxInclusive"),
        ("offers_update", offer("A", quantity="10000"), "ERR_096", "quantity"),
        ("offers_update", offer("A", colour="red"), "ERR_096", "colour"),
        ("offers_update", "<offer><price>5</price></offer>", "ERR_096", "Missing child element(s)"),
        ("orders_update", update("short", "accept_order", "Accepted"), "ERR_096", "order_id"),
        ("orders_update", update("0000000000001", "accept", "Accepted"), "ERR_096", "action"),
        ("orders_query", "<sort_by>ASC</sort_by><paging>1</paging>", "ERR_096", "paging"),
        ("orders_query", "<state>Sent</state>", "ERR_096", "Sent"),
        ("batch_status", "", "ERR_096", "batch_id"),
        ("carriers_query", "<query>some</query>", "ERR_096", "some"),
        ("pricing_query", "", "ERR_146", "product_reference"),
        ("pricing_query", "<product_reference>12 34</product_reference>", "ERR_146", "12 34"),
    ],
)
def test_the_schema_s_refusals_come_in_libxml2_s_words(
    seller: Seller, service: str, inside: str, code: str, words: str
) -> None:
    answer = seller.ask(service, inside)
    assert (answer.get("status"), codes(answer)) == ("ERROR", [code])
    assert words in texts(answer, "error")[0]
    assert "line: 1" in texts(answer, "error")[0]


@pytest.mark.parametrize(
    "body", [b"", b"<orders_query", b"<other/>", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>']
)
def test_what_is_no_request_is_refused_as_one(seller: Seller, body: bytes) -> None:
    assert codes(seller.send("orders_query", body)) == ["ERR_096"]


def test_fifty_one_order_ids_are_too_many(seller: Seller) -> None:
    ids = "".join(f"<order_fnac_id>{n:013d}</order_fnac_id>" for n in range(51))
    assert codes(seller.ask("orders_query", f"<orders_fnac_id>{ids}</orders_fnac_id>")) == ["ERR_096"]


# --- limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "inside"),
    [
        ("pricing_query", "<product_reference>007</product_reference>" * 11),
        ("orders_update", update("0000000000001", "accept_order", "Accepted") * 26),
        ("offers_update", offer("A", price="5") * 10_001),
    ],
    ids=["10 products", "25 orders", "10,000 offers"],
)
def test_too_many_elements_are_refused(seller: Seller, service: str, inside: str) -> None:
    assert codes(seller.ask(service, inside)) == ["ERR_105"]


# --- orders -----------------------------------------------------------------------------------------------


def test_orders_come_in_pages_that_say_how_many_there_are(seller: Seller) -> None:
    ids = place(seller, 5)
    pages = [
        seller.ask(
            "orders_query", f"<paging>{n}</paging><sort_by>ASC</sort_by>", attributes='results_count="2"'
        )
        for n in (1, 2, 3)
    ]
    assert [texts(page, "order_id") for page in pages] == [ids[:2], ids[2:4], ids[4:]]
    assert [texts(page, name) for page in pages[:1] for name in ("total_paging", "nb_total_result")] == [
        ["3"],
        ["5"],
    ]


@pytest.mark.parametrize("date", ["CreatedAt", "UpdatedAt", "AcceptedAt", "DebitedAt"])
def test_orders_are_found_by_their_dates(seller: Seller, date: str) -> None:
    (old,) = place(seller)
    seller.ask("orders_update", update(old, "accept_order", "Accepted"))
    seller.play.advance(hours=2)
    since = (seller.play.world.now() - timedelta(hours=1)).isoformat()
    place(seller)
    before = seller.ask("orders_query", f'<date type="{date}"><max>{since}</max></date>')
    assert texts(before, "order_id") == [old]


def test_every_line_of_an_answer_has_its_own_outcome(seller: Seller) -> None:
    products = list(seller.play.world.products)
    order_id = seller.play.party().place_by_hand([(products[0], 1), (products[1], 1)])
    good = "<order_detail><order_detail_id>1</order_detail_id><action>Accepted</action></order_detail>"
    bad = "<order_detail><order_detail_id>9</order_detail_id><action>Accepted</action></order_detail>"
    answer = seller.ask(
        "orders_update", f'<order order_id="{order_id}" action="accept_order">{good}{bad}</order>'
    )
    assert answer.get("status") == "ERROR"
    assert texts(answer, "status") == ["ERROR", "OK", "ERROR"]
    assert codes(answer) == ["ERR_101"]
    assert [line.state for line in seller.shop.orders[order_id].lines] == ["Accepted", "ToAccept"]


def test_one_element_without_a_line_speaks_for_all_lines(seller: Seller) -> None:
    products = list(seller.play.world.products)
    order_id = seller.play.party().place_by_hand([(products[0], 1), (products[1], 1)])
    seller.ask("orders_update", update(order_id, "accept_all_orders", "Accepted", line=""))
    seller.play.advance(minutes=16)
    more = "<tracking_number>6A1</tracking_number><tracking_company>DHL</tracking_company>"
    answer = seller.ask("orders_update", update(order_id, "confirm_all_to_send", "Shipped", more, line=""))
    assert texts(answer, "status") == ["OK", "OK", "OK"]
    assert {line.tracking_number for line in seller.shop.orders[order_id].lines} == {"6A1"}


def test_a_refund_of_what_is_not_paid_is_refused_with_its_own_code(seller: Seller) -> None:
    (order_id,) = place(seller)
    more = "<refund_reason>no_stock</refund_reason>"
    answer = seller.ask("orders_update", update(order_id, "refund_order", "Refunded", more))
    assert codes(answer) == ["ERR_109"]


def test_an_unknown_carrier_is_a_warning_and_the_line_leaves(seller: Seller) -> None:
    (order_id,) = place(seller)
    seller.ask("orders_update", update(order_id, "accept_order", "Accepted"))
    seller.play.advance(minutes=16)
    more = "<tracking_number>1</tracking_number><tracking_company>Pigeon</tracking_company>"
    answer = seller.ask("orders_update", update(order_id, "confirm_to_send", "Shipped", more))
    assert (answer.get("status"), texts(answer, "status")) == ("WARNING", ["WARNING", "WARNING"])
    assert seller.shop.orders[order_id].lines[0].state == "Shipped"


def test_a_disputed_parcel_is_not_received(seller: Seller) -> None:
    (order_id,) = place(seller)
    seller.ask("orders_update", update(order_id, "accept_order", "Accepted"))
    seller.play.advance(minutes=16)
    seller.ask("orders_update", update(order_id, "confirm_to_send", "Shipped"))
    seller.play.party().open_incident(order_id, [1], "1", "Rien reçu")
    assert texts(seller.ask("orders_query"), "state") == ["NotReceived", "NotReceived"]
