# ruff: noqa: F811 - the fixture `offer` is imported
"""A channel that takes prices without tax: converted by the rate of the article, and back without a false alarm."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.offers.vat import with_tax, without_tax
from comptoir.offers.wishes import set_price
from tests.domain.conftest import make_product
from tests.flows.test_offers import Shop, offer, publish  # noqa: F401 - the fixture

D = Decimal
cents = st.decimals(min_value="0.01", max_value="99999", places=2)
rates = st.sampled_from([D("20"), D("10"), D("5.5"), D("2.1"), D("0"), D("8.5")])


@pytest.fixture(autouse=True)
def without(shop: Shop) -> None:
    Channel.objects.update(prices_without_tax=True)


@given(price=cents, floor=cents, rate=rates)
def test_what_is_above_its_floor_stays_above_it_and_comes_back_to_the_cent(
    price: Decimal, floor: Decimal, rate: Decimal
) -> None:
    assert (price < floor) or without_tax(price, rate) >= without_tax(floor, rate)
    assert abs(with_tax(without_tax(price, rate), rate) - price) <= D("0.01")


def test_the_cent_is_rounded_half_up() -> None:
    assert [without_tax(D(amount), D(20)) for amount in ("49.90", "0.03", "12.00")] == [
        D("41.58"),
        D("0.03"),
        D("10.00"),
    ]
    assert without_tax(D("10.55"), D("5.5")) == D("10.00")


def test_each_price_leaves_without_the_tax_of_its_article(shop: Shop, offer: Offer) -> None:
    assert shop[1].prices == {"MOUSE": D("41.58")}
    book = make_product("BOOK", on_hand=3, price="21.10")
    Product.objects.filter(pk=book.pk).update(vat_rate=D("5.5"))
    book.purchase_prices.create(price=D("10"), valid_from=book.created_at)
    list_products(shop[0], [book.pk])
    set_price(offer, D("45.00"), actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("37.50"), "BOOK": D("20.00")}
    offer.refresh_from_db()
    assert (offer.sent_price, offer.confirmed_price) == (D("45"), D("45"))


def test_a_reading_finds_ours_and_only_what_is_foreign_is_told(shop: Shop, offer: Offer) -> None:
    run_flow("read_back_offers", "shop")
    offer.refresh_from_db()
    assert (offer.confirmed_price, Issue.objects.count()) == (D("49.90"), 0)
    shop[1].prices["MOUSE"] = D("30.00")
    run_flow("read_back_offers", "shop")
    assert Issue.objects.get(reason="drift").detail["theirs"] == "36.00"
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("41.58")}


def test_without_a_rate_nothing_leaves_and_it_is_said(shop: Shop, offer: Offer) -> None:
    Product.objects.update(vat_rate=None)
    set_price(offer, D("45.00"), actor="zoe")
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].prices, "has no VAT rate" in offer.price_error) == ({"MOUSE": D("41.58")}, True)
