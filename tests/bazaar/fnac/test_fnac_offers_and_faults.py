"""Offers, prices and faults of the simulated storefront, asked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from storefronts import Play, Seller, codes, texts

from bazaar.faults.levels import FaultSettings
from bazaar.fnac.party import HAND_BUYER
from bazaar.fnac.schema import NAMESPACE
from bazaar.world.facts import Purchase, PurchaseLine

Start = Callable[..., Play]


def offer(sku: str, **fields: str) -> str:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<offer><offer_reference type="SellerSku">{sku}</offer_reference>{inside}</offer>'


# --- offers -----------------------------------------------------------------------------------------------


def test_a_batch_is_active_then_running_then_done(seller: Seller) -> None:
    product = next(iter(seller.play.world.products.values()))
    whole = offer(product.sku, price="9.90", product_state="11", quantity="4").replace(
        "<price>", f'<product_reference type="Ean">{product.ean}</product_reference><price>'
    )
    batch = texts(seller.ask("offers_update", whole), "batch_id")[0]
    seen = []
    for seconds in (0, 30, 60):
        seller.play.advance(seconds=seconds)
        seen.append(seller.ask("batch_status", f"<batch_id>{batch}</batch_id>").get("status"))
    assert seen == ["ACTIVE", "RUNNING", "OK"]
    assert texts(seller.ask("batch_query"), "nb_batch_active") == ["0"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (offer("NEW", price="5", product_state="11", quantity="1"), "ERR_026"),
        (offer("NEW", quantity="1"), "ERR_020"),
        (offer("NEW", treatment="delete"), "ERR_027"),
    ],
)
def test_a_refused_offer_says_why_in_its_batch(seller: Seller, inside: str, code: str) -> None:
    batch = texts(seller.ask("offers_update", inside), "batch_id")[0]
    seller.play.advance(minutes=2)
    answer = seller.ask("batch_status", f"<batch_id>{batch}</batch_id>")
    assert (answer.get("status"), codes(answer)) == ("ERROR", [code])
    assert texts(answer, "offer_seller_id") == ["NEW"]


def test_offers_are_found_by_quantity_and_by_sku(seller: Seller) -> None:
    sku = next(iter(seller.play.world.products))
    stock = seller.play.party().listed_offer(sku)
    assert stock is not None
    assert texts(
        seller.ask("offers_query", f"<offer_seller_id>{sku}</offer_seller_id>"), "offer_seller_id"
    ) == [sku]
    over = seller.ask("offers_query", '<quantity mode="GreaterThan" value="9999"/>')
    assert texts(over, "offer_seller_id") == []
    assert len(texts(seller.ask("offers_query"), "offer_seller_id")) == 5


def test_a_purchase_takes_units_off_the_offer_and_misses_what_is_not_there(start: Start) -> None:
    play = start()
    party, sku = play.party(), next(iter(play.world.products))
    offer = party.listed_offer(sku)
    assert offer is not None
    lines = (PurchaseLine(sku=sku, quantity=offer.quantity),)
    purchase = Purchase(at=play.world.now(), buyer=HAND_BUYER, lines=lines)
    assert party.buy(purchase) is not None
    assert party.buy(purchase) is None
    assert [fact.sku for fact in play.world.ledger.of_kind("sale_missed")] == [sku]


# --- prices of the others ---------------------------------------------------------------------------------


def test_an_unknown_product_is_an_error_where_the_schema_has_no_place_for_it(seller: Seller) -> None:
    answer = seller.ask("pricing_query", '<product_reference type="Ean">007</product_reference>')
    assert (answer.get("status"), codes(answer)) == ("OK", ["ERR_120"])


# --- faults -----------------------------------------------------------------------------------------------


def chaotic(seller: Seller, name: str) -> etree._Element:
    seller.play.world.faults.set("fnac-1", FaultSettings(rates={name: 1.0}))
    return seller.ask("orders_query", "<sort_by>ASC</sort_by>")


def test_each_fault_of_the_protocol_bends_the_answer_in_its_way(seller: Seller) -> None:
    sku = next(iter(seller.play.world.products))
    ids = [seller.play.party().place_by_hand([(sku, 1)]) for _ in range(8)]
    assert texts(chaotic(seller, "unknown_fields"), "simulated_new_field") == ["added by the storefront"]
    assert "99" in texts(chaotic(seller, "new_enum_value"), "shipping_method")
    assert "" in texts(chaotic(seller, "random_nulls"), "product_name")
    repeated = texts(chaotic(seller, "repeated_page"), "order_id")
    assert (len(repeated), set(repeated)) == (9, set(ids))
    reordered = texts(chaotic(seller, "reordered_page"), "order_id")
    assert reordered != ids
    assert sorted(reordered) == sorted(ids)


def test_a_late_batch_is_late_and_a_partial_failure_spares_the_others(seller: Seller) -> None:
    rows = "".join(
        offer(p.sku, price="9.90", product_state="11").replace(
            "<price>", f'<product_reference type="Ean">{p.ean}</product_reference><price>'
        )
        for p in seller.play.world.products.values()
    )
    seller.play.world.faults.set("fnac-1", FaultSettings(rates={"late_import": 1.0, "partial_failure": 1.0}))
    batch = texts(seller.ask("offers_update", rows), "batch_id")[0]
    seller.play.advance(minutes=2)
    assert seller.ask("batch_status", f"<batch_id>{batch}</batch_id>").get("status") == "ACTIVE"
    seller.play.advance(minutes=10)
    answer = seller.ask("batch_status", f"<batch_id>{batch}</batch_id>")
    verdicts = [node.get("status") for node in answer.iter(f"{{{NAMESPACE}}}offer")]
    assert sorted(verdicts, key=str) == ["ERROR", "OK", "OK", "OK", "OK"]


def test_the_wire_s_refusals_are_in_fnac_s_own_words(seller: Seller) -> None:
    seller.play.world.faults.force("fnac-1", ["expired_key"])
    answer = seller.http.post("/orders_query", content=b"<x/>")
    assert answer.status_code == 401
    assert codes(etree.fromstring(answer.content)) == ["ERR_004"]


def test_the_shop_is_the_same_after_a_stop(start: Start, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("world"))
    play = start(data=folder)
    order_id = play.party().place_by_hand([(next(iter(play.world.products)), 1)])
    play.world.write_down()
    before = list(play.party().order_states())
    play.stop()
    play.stop = lambda: None  # type: ignore[method-assign]
    again = start(data=folder)
    assert list(again.party().order_states()) == before
    again.advance(hours=49)
    assert again.party().shop.orders[order_id].lines[0].state == "Refused"
