"""Offers, stock and prices: imports which take their time and report by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

from mirakl_market import Market, always

FULL = {
    "description": "Mint",
    "discount": {"price": "15.00", "start_date": "2026-11-01T00:00:00Z", "end_date": "2026-12-31T00:00:00Z"},
    "leadtime_to_ship": 4,
    "offer_additional_fields": [{"code": "ecotax", "value": "1.20"}],
}


def only_offer(market: Market, sku: str) -> dict:
    (offer,) = market.ok("offers", sku=sku)["offers"]
    return offer


def read_report(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_an_offer_import_waits_runs_and_only_then_takes_effect(market: Market) -> None:
    sku = market.skus[0]
    answer = market.post("offers", {"offers": [market.offer(sku, **FULL)]})
    assert answer.status_code == 201
    import_id = answer.json()["import_id"]
    assert answer.headers["location"].endswith(f"/mirakl-1/api/offers/imports/{import_id}")
    path = f"offers/imports/{import_id}"
    assert market.ok(path)["status"] == "WAITING"
    market.wait(seconds=21)
    assert market.ok(path)["status"] == "RUNNING"
    assert market.ok("offers")["total_count"] == 0
    assert market.facts("stock_told") == []
    market.wait(seconds=40)
    report = market.ok(path)
    assert (report["status"], report["offer_inserted"], report["lines_in_error"]) == ("COMPLETE", 1, 0)
    offer = only_offer(market, sku)
    assert (offer["price"], offer["quantity"], offer["active"]) == (15.0, 10, True)
    assert offer["discount"]["origin_price"] == 20.0
    assert offer["offer_additional_fields"] == [{"code": "ecotax", "type": "NUMERIC", "value": "1.20"}]
    assert market.ok(f"offers/{offer['offer_id']}")["shop_sku"] == sku
    told = [(fact.kind, fact.quantity, fact.amount) for fact in market.world.ledger]
    price = Decimal("15.00")
    assert told == [("offer_told", 10, price), ("stock_told", 10, price), ("price_told", 10, price)]


def test_fields_that_an_update_leaves_out_are_reset(market: Market) -> None:
    sku = market.skus[0]
    market.post("offers", {"offers": [market.offer(sku, **FULL)]})
    market.wait(minutes=2)
    bare = {"shop_sku": sku, "state_code": "11", "update_delete": "", "price": 18}
    market.post("offers", {"offers": [bare]})
    market.wait(minutes=2)
    offer = only_offer(market, sku)
    assert (offer["quantity"], offer["active"], offer["discount"]) == (0, False, None)
    assert (offer["price"], offer["description"], offer["offer_additional_fields"]) == (18.0, "", [])
    assert offer["inactivity_reasons"] == ["ZERO_QUANTITY"]


def test_lines_in_error_are_reported_and_the_others_are_done(market: Market) -> None:
    good, *bad = market.skus[:7]
    offers = [
        market.offer(good),
        market.offer(bad[0], product_id="0000000000000"),
        market.offer(bad[1], price="0"),
        market.offer(bad[2], state_code="99"),
        market.offer(bad[3], quantity=-1),
        market.offer(bad[4], update_delete="delete"),
        market.offer(bad[5], price="1.999"),
    ]
    import_id = market.post("offers", {"offers": offers}).json()["import_id"]
    market.wait(minutes=2)
    report = market.ok(f"offers/imports/{import_id}")
    assert (report["lines_read"], report["lines_in_success"], report["lines_in_error"]) == (7, 1, 6)
    rows = read_report(market.import_report(f"offers/imports/{import_id}/error_report"))
    assert [(row["sku"], row["error-line"]) for row in rows] == [
        (sku, str(n)) for n, sku in enumerate(bad, 3)
    ]
    assert rows[0]["error-message"] == "The product does not exist"
    assert all(row["error-message"] for row in rows)
    assert market.ok("offers")["total_count"] == 1


def test_an_identical_request_gives_the_import_that_is_on_its_way(market: Market) -> None:
    body = {"offers": [market.offer(market.skus[0])]}
    first, second = (market.post("offers", body).json()["import_id"] for _ in range(2))
    assert first == second
    other = {"offers": [market.offer(market.skus[0], quantity=3)]}
    assert market.post("offers", other).json()["import_id"] != first
    market.wait(minutes=2)
    assert market.post("offers", body).json()["import_id"] != first
    assert len(market.ok("offers/imports")["data"]) == 3


def test_a_file_in_replace_mode_deletes_what_it_does_not_name(market: Market) -> None:
    kept, gone = market.sell(2)
    header = "sku;product-id;product-id-type;price;quantity;state;discount-price;price-ranges;update-delete"
    line = f"{kept};{market.world.products[kept].ean};EAN;30,50;4;11;25;5|24,10|23.5;update"
    bad = "NEW;1;EAN;abc;1;11;;;update"
    answer = market.upload("offers/imports", f"{header}\n{line}\n{bad}\n", import_mode="REPLACE")
    assert answer.status_code == 201, answer.text
    market.wait(minutes=2)
    report = market.ok(f"offers/imports/{answer.json()['import_id']}")
    counts = (report["offer_updated"], report["offer_deleted"], report["lines_in_error"], report["mode"])
    assert counts == (1, 1, 1, "REPLACE")
    (offer,) = market.ok("offers")["offers"]
    assert (offer["shop_sku"], offer["price"], offer["quantity"]) == (kept, 25.0, 4)
    assert [one["quantity_threshold"] for one in offer["applicable_pricing"]["volume_prices"]] == [1, 5, 10]
    assert [fact.sku for fact in market.facts("offer_told") if fact.detail["action"] == "deleted"] == [gone]


def test_a_stock_file_touches_the_stock_only(market: Market) -> None:
    first, second = market.sell(2)
    lines = [f"{first};77;;", "NOBODY;1;;", f"{second};-2;;", f"{second};many;;"]
    text = "\n".join(["offer-sku;quantity;warehouse-code;update-delete", *lines])
    answer = market.upload("offers/stock/imports", text)
    assert answer.status_code == 201
    import_id = answer.json()["import_id"]
    market.wait(minutes=2)
    status = market.ok(f"offers/stock/imports/{import_id}/status")
    assert (status["status"], status["lines_in_success"], status["lines_in_error"]) == ("COMPLETE", 1, 3)
    report = market.import_report(f"offers/stock/imports/{import_id}/error_report")
    rows = list(csv.reader(io.StringIO(report), delimiter=";"))
    assert [row[:3] for row in rows[1:]] == [
        ["3", "The offer with sku 'NOBODY' does not exist", "NOBODY"],
        ["4", "The quantity must be greater than or equal to 0", second],
        ["5", "The column 'quantity' is not a valid integer: 'many'", second],
    ]
    offer = only_offer(market, first)
    assert (offer["quantity"], offer["price"]) == (77, 20.0)
    assert [(f.sku, f.quantity) for f in market.facts("stock_told")][2:] == [(first, 77)]


def test_a_price_file_replaces_all_prices_of_its_offers(open_market: Callable[..., Market]) -> None:
    market = open_market(channel_pricing=True, channels=["FR", "BE"])
    sku, other = market.sell(2)
    two = f"offer-sku;price;discount-price;channels\n{sku};21;;\n{sku};25;24;BE\n"
    market.upload("offers/pricing/imports", two)
    market.wait(minutes=2)
    assert len(only_offer(market, sku)["all_prices"]) == 2
    (on_channel,) = market.ok("offers", sku=sku, pricing_channel_code="BE")["offers"]
    assert on_channel["applicable_pricing"]["price"] == 24.0
    one = f"offer-sku;price\n{sku};19.90\n{other};-3\nNOBODY;4\n"
    import_id = market.upload("offers/pricing/imports", one).json()["import_id"]
    market.wait(minutes=2)
    (status,) = market.ok("offers/pricing/imports", import_id=import_id)["data"]
    assert (status["offers_updated"], status["offers_in_error"], status["status"]) == (1, 2, "COMPLETE")
    offer = only_offer(market, sku)
    assert [price["price"] for price in offer["all_prices"]] == [19.9]
    assert offer["quantity"] == 10, "the stock is not touched"
    report = market.import_report(f"offers/pricing/imports/{import_id}/error_report")
    assert report.splitlines()[0] == '"error-line";"error-message";"offer-sku";"price"'
    assert market.facts("price_told")[-1].amount == Decimal("19.90")


def test_an_offer_has_at_most_fifty_prices(market: Market) -> None:
    (sku,) = market.sell()
    lines = "\n".join(f"{sku};{price}" for price in range(1, 52))
    import_id = market.upload("offers/pricing/imports", f"offer-sku;price\n{lines}\n").json()["import_id"]
    market.wait(minutes=2)
    (status,) = market.ok("offers/pricing/imports", import_id=import_id)["data"]
    assert (status["lines_in_error"], status["offers_updated"]) == (51, 0)


def test_files_that_cannot_be_read_are_refused_at_once(market: Market) -> None:
    assert market.upload("offers/stock/imports", "sku;stock\nA;1\n").status_code == 400
    assert market.upload("offers/imports", "sku;price\nA;1\n").status_code == 400, "no import_mode"
    assert market.post("offers/stock/imports", {"file": "x"}).status_code == 415
    assert market.get("offers/imports/999").status_code == 404
    assert market.get("offers/imports/abc").status_code == 404
    assert market.post("offers", {"offers": [{"shop_sku": "A"}]}).status_code == 400


def test_buyers_take_the_stock_and_a_cancelled_order_does_not_give_it_back(market: Market) -> None:
    (sku,) = market.sell(quantity=3)
    order_id = market.buy((sku, 2))
    assert order_id is not None
    assert only_offer(market, sku)["quantity"] == 1
    assert market.buy((sku, 2)) is None
    assert market.buy((market.skus[5], 1)) is None, "never offered"
    assert [fact.quantity for fact in market.facts("sale_missed")] == [2, 1]
    market.party.cancel_by_operator(order_id)
    assert only_offer(market, sku)["quantity"] == 1
    market.buy((sku, 5), forced=True)
    assert only_offer(market, sku)["quantity"] == 0
    (listed,) = market.party.listed_offers()
    assert (listed.sku, listed.quantity, listed.active) == (sku, 0, False)


def test_offers_are_exported_whole_or_since_a_date(market: Market) -> None:
    first, second = market.sell(2)
    since = market.world.now().isoformat()
    market.wait(seconds=5)
    market.upload("offers/stock/imports", f"offer-sku;quantity\n{second};0\n")
    market.wait(minutes=2)

    def export(**request: object) -> list[dict[str, str]]:
        tracking = market.post("offers/export/async", request).json()["tracking_id"]
        path = f"offers/export/async/status/{tracking}"
        assert market.ok(path)["status"] == "PENDING"
        market.wait(seconds=31)
        (url,) = market.ok(path)["urls"]
        answer = market.http.get(url)
        assert answer.status_code == 200
        return answer.json() if "json" in answer.headers["content-type"] else read_report(answer.text)

    assert [row["shop-sku"] for row in export()] == [first]
    assert len(export(include_inactive_offers=True)) == 2
    changed = export(export_type="application/json", last_request_date=since, include_fields=["shop_sku"])
    assert changed == [{"shop_sku": second}]
    renamed = export(include_fields=["offer-id", "quantity"], rename_fields={"offer-id": "offerId"})
    assert list(renamed[0]) == ["offerId", "quantity"]
    both = {"last_request_date": since, "include_inactive_offers": True}
    assert market.post("offers/export/async", both).status_code == 400


def test_a_late_import_and_lines_that_the_platform_loses(open_market: Callable[..., Market]) -> None:
    market = open_market()
    market.world.faults.set("mirakl-1", always("late_import", "partial_failure"))
    offers = [market.offer(sku) for sku in market.skus]
    import_id = market.post("offers", {"offers": offers}).json()["import_id"]
    market.wait(minutes=2)
    assert market.ok(f"offers/imports/{import_id}")["status"] == "WAITING"
    market.wait(minutes=10)
    report = market.ok(f"offers/imports/{import_id}")
    assert report["status"] == "COMPLETE"
    assert 0 < report["lines_in_error"] < 30
    rows = read_report(market.import_report(f"offers/imports/{import_id}/error_report"))
    assert {row["error-message"] for row in rows} == {"Internal error"}
    assert market.ok("offers")["total_count"] == report["lines_in_success"]


def test_our_offer_is_seen_among_masked_rivals(market: Market) -> None:
    (sku,) = market.sell()
    ean = market.world.products[sku].ean
    (product,) = market.ok("products/offers", product_references=f"EAN|{ean}", max=100)["products"]
    names = [offer["shop_name"] for offer in product["offers"]]
    assert names.count("Comptoir Demo") == 1
    rivals = market.world.rivals("mirakl-1", ean)
    assert len(names) == 1 + sum(rival.quantity > 0 for rival in rivals)
    totals = [offer["total_price"] for offer in product["offers"]]
    assert totals == sorted(totals)
    for offer in product["offers"]:
        masked = (offer["offer_id"], offer["shop_id"], offer["quantity"], offer["channels"], offer["premium"])
        assert masked == (0, None, 999, [], False)
    assert market.ok("products/offers", product_ids=ean)["products"] == [], "an EAN is no operator SKU"
    assert len(market.ok("products/offers", product_ids=f"MKP{ean}", max=1)["products"][0]["offers"]) == 1
    assert market.get("products/offers").status_code == 400
    many = ",".join(f"EAN|{number}" for number in range(101))
    refused = market.get("products/offers", product_references=many)
    assert refused.json()["message"] == "The limit of 100 is exceeded for the parameter : product_references"
    known = market.ok("products", product_references=f"EAN|{ean},EAN|404")
    assert [one["product_sku"] for one in known["products"]] == [f"MKP{ean}"]
    assert market.get("products", product_references=f"SHOP_SKU|{sku}").status_code == 400


def test_pages_of_one_question_agree_and_a_sale_between_two_of_them_is_seen_at_once(market: Market) -> None:
    skus = market.sell(3)
    first, again = market.ok("offers", max=2), market.ok("offers", max=2, offset=2)
    shown = [*first["offers"], *again["offers"]]
    assert sorted(offer["shop_sku"] for offer in shown) == sorted(skus)
    assert market.buy((skus[0], 4)) is not None
    assert {o["shop_sku"]: o["quantity"] for o in market.ok("offers")["offers"]}[skus[0]] == 6
    assert [o["shop_sku"] for o in market.ok("offers", sku=skus[1])["offers"]] == [skus[1]]
    assert market.get("offers", sort="nonsense").status_code == 400
