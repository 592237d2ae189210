"""The Sage X3 connector and the simulated X3 over real HTTP: the connection test, what is read, an order's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.records import Outcome
from tests.conformance.x3 import X3, order, running_x3, shipped, stock, verdicts, well_stocked


@pytest.fixture(params=["XML", "JSON"])
def x3(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[X3]:
    """Both forms of result, and both ways to sign in."""
    auth = "jwt" if request.param == "XML" else "basic"
    with running_x3(tmp_path, f'result_format = "{request.param}"\nauth = "{auth}"') as running:
        yield running


def test_the_folder_is_introduced_and_what_is_missing_is_named(x3: X3) -> None:
    profile = x3.connect().check()
    assert (profile.account_id, profile.warnings) == ("SEED/COMPTOIR", ())
    for changed, words in (
        ({"customer": "NOBODY"}, "no customer NOBODY"),
        ({"shipping_article": "NOPORT"}, "no article NOPORT"),
        ({"endpoint": "ELSEWHERE"}, "not found"),
        ({"pool": "NOPOOL"}, "Pool alias NOPOOL"),
        ({"order_object": "YNOTHING"}, "YNOTHING inexistante"),
        ({"mapping": "items.title=YDES"}, "gives no YDES"),
        ({"mapping": "order.external=SOH0_1.YOTHER"}, r"does not publish order.external \(SOH0_1.YOTHER\)"),
        ({"mapping": "list.items=YITM"}, "YITM"),
        ({"password": "wrong", "client_secret": "wrong-secret-of-the-connected-application"}, "401"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            x3.connect(**changed).check()


def test_articles_come_with_their_costs_tax_and_supplier_page_by_page(x3: X3) -> None:
    connection = x3.connect(page_size=10)
    found = [product for batch in connection.product_batches("") for product in batch.products]
    assert len(found) == len({product.sku for product in found}) == 30
    assert all(
        one.purchase_price and one.list_price and one.weight_g and one.ean and one.supplier for one in found
    )
    assert {one.vat_rate for one in found} <= {Decimal(20), Decimal("5.5"), Decimal(10)}
    assert {key for page in connection.product_keys() for key in page} >= {one.sku for one in found}


def test_what_is_the_same_as_last_time_is_not_handed_on_again(x3: X3) -> None:
    connection = x3.connect()
    cursor = list(connection.product_batches(""))[-1].cursor  # the whole, once a day
    x3.advance(hours=1)
    cursor = list(connection.product_batches(cursor))[-1].cursor  # what changed since yesterday
    x3.advance(hours=1)
    assert list(connection.product_batches(cursor)) == []
    x3.advance(hours=25)
    assert sum(len(batch.products) for batch in connection.product_batches(cursor)) == 30


def test_an_order_becomes_one_document_to_the_cent_and_its_shipment_comes_back(x3: X3) -> None:
    connection = x3.connect()
    one, two = well_stocked(connection)[:2]
    sold = order("CO-000000001", (one, 3, "10.00"), (two, 1, "19.99"), shipping="4.90", discount="1.50")
    told = verdicts(connection.submit_orders(1, [sold]))["CO-000000001"]
    assert told.outcome is Outcome.DONE
    [document] = x3.documents()
    assert (Decimal(document["total"]), document["state"]) == (Decimal("33.39"), "received")
    assert (told.external_id, document["external_id"]) == (document["number"], "M-CO-000000001")
    [state] = next(connection.order_state_batches("")).states
    assert (state.status, state.order_reference) == ("received", "CO-000000001")
    x3.advance(hours=5)
    lines = shipped(connection)
    assert {(line.sku, line.quantity) for line in lines} == {(one, 3), (two, 1)}
    assert len({line.shipment_id for line in lines}) == 1
    assert all(line.parcel.tracking_number and line.warehouse == "FR012" for line in lines)
    x3.advance(hours=12)  # invoiced meanwhile
    assert shipped(connection) == lines
    [state] = next(connection.order_state_batches("")).states
    assert state.status == "shipped"
    assert [number[5:8] for number in state.document.split(" > ")] == ["SON", "SDH", "SIH"]
    [booked] = [
        row for page in connection.booked_orders(date(2026, 11, 22), date(2026, 11, 26)) for row in page
    ]
    assert (booked.total, booked.state, booked.placed_date) == (
        Decimal("33.39"),
        "shipped",
        date(2026, 11, 23),
    )


def test_departures_are_read_on_from_where_they_were(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    connection.submit_orders(1, [order("CO-000000001", (article, 1, "10.00"))])
    x3.advance(hours=5)
    cursor = list(connection.shipment_batches(""))[-1].cursor
    assert [line.order_reference for line in shipped(connection, cursor)] == ["CO-000000001"], "the overlap"
    connection.submit_orders(2, [order("CO-000000002", (article, 1, "10.00"))])
    x3.advance(hours=6)
    assert [line.order_reference for line in shipped(connection, cursor)][-1] == "CO-000000002"


@pytest.mark.parametrize("program", ["", "YSTOCK_LOT"])
def test_a_count_is_exact_whatever_left_a_moment_ago_and_only_others_allocate(x3: X3, program: str) -> None:
    ours, theirs = x3.connect(stock_program=program), x3.connect(reference_prefix="SHOP")
    one = well_stocked(ours)[0]
    before = stock(ours)[one]
    ours.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"))])
    theirs.submit_orders(1, [order("SHOP-1", (one, 4, "40.00"))])
    seen = set()
    while not shipped(ours):
        x3.advance(minutes=5)
        [batch] = ours.stock_batches("")
        if not shipped(ours) and not shipped(theirs):
            seen.add({level.sku: level.quantity for level in batch.levels}[one])
    assert before in seen, "what our own order holds is the hub's to reserve"
    assert seen <= {before, before - 4}
    while not shipped(theirs):
        x3.advance(minutes=5)
    x3.advance(minutes=30)
    assert stock(ours)[one] == before - 6


def test_units_that_left_within_the_clocks_margin_are_put_back_into_the_count(x3: X3) -> None:
    connection = x3.connect()
    one = well_stocked(connection)[0]
    before = stock(connection)[one]
    connection.submit_orders(1, [order("CO-000000001", (one, 2, "20.00"))])
    while not shipped(connection):
        x3.advance(minutes=5)
    [line] = shipped(connection)
    [batch] = connection.stock_batches("")
    assert line.shipped_at > batch.as_of
    assert {level.sku: level.quantity for level in batch.levels}[one] == before
    x3.advance(minutes=30)
    [batch] = connection.stock_batches("")
    assert line.shipped_at <= batch.as_of
    assert {level.sku: level.quantity for level in batch.levels}[one] == before - 2
