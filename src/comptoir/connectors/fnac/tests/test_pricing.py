"""Competing offers, in both of the shapes in which Fnac answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.pricing import parse_pricing
from comptoir.connectors.fnac.tests import answers
from comptoir.connectors.fnac.xml import to_dict
from comptoir.sdk.testing import ScriptedServer, context_for_tests

RANKED = """
<pricing_products><pricing_product>
  <product_reference type="Ean">0711719247159</product_reference><product_name>Un article</product_name>
  <standard>
    <seller_offer><offer_status>11</offer_status><price>19.90</price><shipping_price>0</shipping_price></seller_offer>
    <ranked_offers type="professional"><seller_name>Autre</seller_name><has_buybox>true</has_buybox>
      <offer_status>11</offer_status><position>1</position><price>18.00</price><shipping_price>1.50</shipping_price>
      <seller_sales_number>1200</seller_sales_number></ranked_offers>
    <ranked_offers type="professional"><seller_name>Chez Nous</seller_name><has_buybox>false</has_buybox>
      <offer_status>11</offer_status><position>2</position><price>19.90</price><shipping_price>0</shipping_price>
    </ranked_offers>
  </standard>
  <adherent><seller_offer><price>17.00</price></seller_offer></adherent>
</pricing_product></pricing_products>
"""


def parsed(content: str, shop_name: str = "Chez Nous") -> Any:
    root = etree.fromstring(answers.reply("pricing_query", content).encode())
    return parse_pricing(to_dict(root), shop_name)


def test_ranked_offers_tell_rank_and_buy_box() -> None:
    other, ours = parsed(RANKED)
    assert (other.seller, other.rank, other.has_buy_box, other.is_ours) == ("Autre", 1, True, False)
    assert (other.price, other.shipping_price, other.evaluations) == (Decimal("18.00"), Decimal("1.50"), 1200)
    assert (ours.rank, ours.has_buy_box, ours.is_ours) == (2, False, True)


def test_without_our_name_our_own_price_tells_which_offer_is_ours() -> None:
    assert [offer.is_ours for offer in parsed(RANKED, shop_name="")] == [False, True]


def test_our_offer_that_is_not_ranked_is_told_without_a_rank() -> None:
    alone = RANKED.replace("Chez Nous", "Un Troisième")
    offers = parsed(alone)
    assert [(o.seller, o.rank) for o in offers if o.is_ours] == [("Chez Nous", None)]
    assert len(offers) == 3


def test_the_older_shape_tells_prices_and_no_rank() -> None:
    content = (
        '<pricing_product><product_reference type="Ean">0711719247159</product_reference>'
        '<pricing type="fnac"><price>41.48</price><shipping_price>4.99000</shipping_price>'
        "<offer_status>2</offer_status></pricing></pricing_product>"
    )
    [offer] = parsed(content)
    assert (offer.seller, offer.price, offer.shipping_price) == ("fnac", Decimal("41.48"), Decimal("4.99"))
    assert (offer.rank, offer.has_buy_box, offer.condition) == (None, None, "used_very_good")


def test_a_product_that_fnac_does_not_know_has_no_offer() -> None:
    content = (
        '<pricing_product><product_reference type="Ean">007</product_reference>'
        f"{answers.error('ERR_120', 'Product not found.')}</pricing_product>"
    )
    assert parsed(content) == []


def test_a_price_that_cannot_be_read_is_left_out_alone() -> None:
    assert [offer.seller for offer in parsed(RANKED.replace("18.00", "n/a"))] == ["Chez Nous"]


@pytest.mark.parametrize(("wanted", "asked"), [(25, [10, 10, 5]), (10, [10])])
def test_ten_products_are_asked_for_at_a_time(wanted: int, asked: list[int]) -> None:
    seen: list[int] = []

    def query(request: etree._Element) -> str:
        seen.append(len(request))
        return answers.pricing(request)

    with ScriptedServer(answers.healthy(pricing_query=query)) as server:
        connection: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        eans = [f"{number:013d}" for number in range(wanted)]
        pages = list(connection.competing_offers([*eans, eans[0], "not an ean"]))
        connection.close()
    assert seen == asked
    assert [offer.ean for page in pages for offer in page] == eans
