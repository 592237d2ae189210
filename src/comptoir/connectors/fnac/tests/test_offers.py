"""Offers leave valid, whole, above their floor; their batches tell what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from lxml import etree

from comptoir.connectors.fnac import CONNECTOR
from comptoir.connectors.fnac.tests import answers
from comptoir.sdk.errors import RejectedRecord, TransientError
from comptoir.sdk.records import (
    LeadTimeUpdate,
    OfferDraft,
    Outcome,
    PriceUpdate,
    StockUpdate,
)
from comptoir.sdk.statuses import ImportState
from comptoir.sdk.testing import ScriptedServer, context_for_tests

DRAFT = OfferDraft(
    sku="SKU-1", ean="0711719247159", price=Decimal("18.90"), currency="EUR", floor=Decimal("15"), quantity=4
)


class Shop:
    def __init__(self) -> None:
        self.offers = {"SKU-1": answers.offer("SKU-1")}
        self.updates: list[etree._Element] = []
        self.batch = answers.reply("batch_status", f"<batch_id>{answers.BATCH}</batch_id>")

    def query(self, request: etree._Element) -> str:
        sku = answers.asked(request, "offer_seller_id")
        shown = [self.offers[sku]] if sku in self.offers else [] if sku else list(self.offers.values())
        head = f"<page>1</page><total_paging>1</total_paging><nb_total_result>{len(shown)}</nb_total_result>"
        return answers.reply("offers_query", head + "".join(shown))

    def update(self, request: etree._Element) -> str:
        self.updates.append(request)
        return answers.reply("offers_update", f"<batch_id>{answers.BATCH}-{len(self.updates)}</batch_id>")

    def sent(self, index: int = -1) -> list[dict[str, str | None]]:
        return [{etree.QName(n).localname: n.text for n in offer} for offer in self.updates[index]]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def connected(shop: Shop, **others: object) -> Iterator[Any]:
    script = answers.healthy(
        offers_query=shop.query, offers_update=shop.update, batch_status=lambda _: shop.batch
    )
    with ScriptedServer(script) as server:
        settings = CONNECTOR.settings.load(answers.settings(server.url, **others))
        connection: Any = CONNECTOR.connect(settings, context_for_tests(timeout_s=5))
        yield connection
        connection.close()


@pytest.fixture
def connection(shop: Shop) -> Iterator[Any]:
    yield from connected(shop)


@pytest.fixture
def partial(shop: Shop) -> Iterator[Any]:
    yield from connected(shop, partial_offers=True, extra_elements="deee_tax")


def test_a_new_quantity_is_sent_inside_the_whole_offer(connection: Any, shop: Shop) -> None:
    connection.submit_stock([StockUpdate(sku="SKU-1", quantity=7)])
    assert shop.sent() == [
        {
            "product_reference": "2703768",
            "offer_reference": "SKU-1",
            "price": "19.90",
            "product_state": "11",
            "quantity": "7",
            "description": "Neuf",
            "time_to_ship": "2",
        }
    ]


def test_where_fnac_confirmed_it_the_quantity_is_sent_alone(partial: Any, shop: Shop) -> None:
    partial.submit_stock([StockUpdate(sku="SKU-1", quantity=0)])
    assert shop.sent() == [{"offer_reference": "SKU-1", "quantity": "0"}]


def test_a_quantity_sent_while_a_price_is_on_its_way_carries_the_new_price(
    connection: Any, shop: Shop
) -> None:
    price = PriceUpdate(sku="SKU-1", price=Decimal("17.50"), currency="EUR", floor=Decimal("15"))
    connection.submit_prices([price])
    connection.submit_stock([StockUpdate(sku="SKU-1", quantity=7)])
    assert [(s["price"], s["quantity"]) for i in (0, 1) for s in shop.sent(i)] == [
        ("17.50", "3"),
        ("17.50", "7"),
    ]


def test_a_lead_time_is_sent_inside_the_whole_offer_and_what_follows_carries_it(
    connection: Any, shop: Shop
) -> None:
    connection.submit_lead_times([LeadTimeUpdate(sku="SKU-1", days=9)])
    connection.submit_stock([StockUpdate(sku="SKU-1", quantity=7)])
    assert [(s["price"], s["quantity"], s["time_to_ship"]) for i in (0, 1) for s in shop.sent(i)] == [
        ("19.90", "3", "9"),
        ("19.90", "7", "9"),
    ]


def test_where_fnac_confirmed_it_the_lead_time_is_sent_alone(partial: Any, shop: Shop) -> None:
    partial.submit_lead_times([LeadTimeUpdate(sku="SKU-1", days=9)])
    assert shop.sent() == [{"offer_reference": "SKU-1", "time_to_ship": "9"}]


def test_a_price_that_was_refused_is_not_carried_any_further(connection: Any, shop: Shop) -> None:
    price = PriceUpdate(sku="SKU-1", price=Decimal("17.50"), currency="EUR", floor=Decimal("15"))
    receipt = connection.submit_prices([price])
    refused = (
        f"<offer status='ERROR'><offer_seller_id>SKU-1</offer_seller_id>{answers.error('ERR_026')}</offer>"
    )
    shop.batch = answers.reply("batch_status", refused, "ERROR")
    connection.read_submission("price", receipt.external_id)
    connection.submit_stock([StockUpdate(sku="SKU-1", quantity=7)])
    assert shop.sent()[0]["price"] == "19.90"


def test_a_price_below_its_floor_never_leaves(connection: Any, shop: Shop) -> None:
    below = PriceUpdate(sku="SKU-1", price=Decimal("14.99"), currency="EUR", floor=Decimal("15"))
    receipt = connection.submit_prices([below])
    assert shop.updates == []
    assert receipt.report.state is ImportState.COMPLETE
    assert [v.outcome for v in receipt.report.verdicts] == [Outcome.REJECTED]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"price": Decimal("0.89"), "floor": Decimal("0")}, "0.90"),
        ({"price": Decimal("20000.01")}, "20000"),
        ({"price": Decimal("18.905")}, "cent"),
        ({"quantity": 10_000}, "9999"),
        ({"quantity": -1}, "0 to"),
        ({"ean": "12"}, "EAN"),
        ({"ean": ""}, "EAN"),
        ({"description": "x" * 256}, "255"),
        ({"condition": "mint"}, "mint"),
        ({"currency": "USD"}, "USD"),
        ({"extra": {"colour": "red"}}, "colour"),
        ({"extra": {"promotion.type": "Gift"}}, "promotion.type"),
        ({"extra": {"promotion.type": "FlashSale"}}, "starts_at"),
    ],
)
def test_what_fnac_would_refuse_is_not_sent(
    connection: Any, shop: Shop, change: dict[str, object], word: str
) -> None:
    receipt = connection.submit_offers([msgspec.structs.replace(DRAFT, **change)])
    assert shop.updates == []
    [verdict] = receipt.report.verdicts
    assert verdict.outcome is Outcome.REJECTED
    assert word in verdict.message


def test_what_was_set_aside_before_sending_stands_in_the_report(connection: Any, shop: Shop) -> None:
    bad = msgspec.structs.replace(DRAFT, sku="SKU-2", quantity=10_000)
    receipt = connection.submit_offers([DRAFT, bad])
    assert [s["offer_reference"] for s in shop.sent()] == ["SKU-1"]
    report = connection.read_submission("offer", receipt.external_id)
    assert report.state is ImportState.COMPLETE
    assert [(v.key, v.outcome) for v in report.verdicts] == [("SKU-2", Outcome.REJECTED)]


def test_an_offer_that_fnac_does_not_list_cannot_get_a_quantity(connection: Any) -> None:
    report = connection.submit_stock([StockUpdate(sku="SKU-9", quantity=1)]).report
    assert [(v.outcome, v.code) for v in report.verdicts] == [(Outcome.REJECTED, "not_listed")]


def test_an_offer_that_is_being_created_gets_its_quantity_later(connection: Any, shop: Shop) -> None:
    connection.submit_offers([msgspec.structs.replace(DRAFT, sku="SKU-9")])
    with pytest.raises(TransientError, match="SKU-9 is on its way"):
        connection.submit_stock([StockUpdate(sku="SKU-9", quantity=1)])


def test_a_deletion_is_a_reference_and_a_treatment(connection: Any, shop: Shop) -> None:
    connection.submit_offers([msgspec.structs.replace(DRAFT, delete=True, price=Decimal("0"))])
    assert shop.sent() == [{"offer_reference": "SKU-1", "treatment": "delete"}]


def test_promotions_and_additional_elements_are_sent(partial: Any, shop: Shop) -> None:
    extra = {
        "promotion.type": "FlashSale",
        "promotion.starts_at": "2026-11-27T00:00:00+01:00",
        "promotion.ends_at": "2026-11-30T00:00:00+01:00",
        "promotion.discount_type": "percentage",
        "promotion.discount_value": "10",
        "promotion.trigger_cart": "50",
        "promotion.trigger_customer_type": "all",
        "picture_1": "https://shop.example/1.jpg",
        "deee_tax": "0.15",
    }
    partial.submit_offers([msgspec.structs.replace(DRAFT, extra=extra, lead_time_days=3)])
    [offer] = shop.updates[0]
    promotion = offer.find(f"{{{answers.NAMESPACE}}}promotion")
    assert promotion is not None
    assert promotion.get("type") == "FlashSale"
    assert answers.asked(promotion, "discount_value") == "10"
    assert answers.asked(offer, "picture_1") == "https://shop.example/1.jpg"
    assert answers.asked(offer, "deee_tax") == "0.15"
    assert answers.asked(offer, "time_to_ship") == "3"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ACTIVE", ImportState.PENDING),
        ("RUNNING", ImportState.PENDING),
        ("OK", ImportState.COMPLETE),
        ("WARNING", ImportState.COMPLETE),
        ("FATAL", ImportState.FAILED),
    ],
)
def test_a_batch_stands_where_its_status_says(
    connection: Any, shop: Shop, status: str, state: ImportState
) -> None:
    shop.batch = answers.reply("batch_status", f"<batch_id>{answers.BATCH}</batch_id>", status)
    assert connection.read_submission("offer", answers.BATCH).state is state


def test_each_offer_of_a_batch_has_its_verdict(connection: Any, shop: Shop) -> None:
    warning = answers.error("ERR_200", "trimmed", "WARNING")
    refusal = answers.error("ERR_026", "gone")
    shop.batch = answers.reply(
        "batch_status",
        "<offer status='OK'><offer_seller_id>A</offer_seller_id></offer>"
        f"<offer status='WARNING'><offer_seller_id>B</offer_seller_id>{warning}</offer>"
        f"<offer status='ERROR'><offer_seller_id>C</offer_seller_id>{refusal}</offer>",
        "ERROR",
    )
    report = connection.read_submission("offer", answers.BATCH)
    assert [(v.key, v.outcome, v.message) for v in report.verdicts] == [
        ("A", Outcome.DONE, ""),
        ("B", Outcome.DONE, "trimmed"),
        ("C", Outcome.REJECTED, "gone"),
    ]


def test_a_batch_that_is_refused_whole_is_a_refused_write() -> None:
    refusal = answers.reply("offers_update", answers.error("ERR_096", "XML Validation failed"), "ERROR")
    with ScriptedServer(answers.healthy(offers_update=lambda _: refusal)) as server:
        other: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        with pytest.raises(RejectedRecord, match="ERR_096"):
            other.submit_offers([DRAFT])
        other.close()


def test_the_list_of_offers_tells_price_quantity_and_commission(connection: Any) -> None:
    [[offer]] = list(connection.listed_offers())
    assert (offer.sku, offer.price, offer.quantity) == ("SKU-1", Decimal("19.90"), 3)
    assert offer.commission_rate == Decimal("12.06")
    assert offer.condition == "new"


def test_a_list_that_lacks_offers_is_no_list(shop: Shop) -> None:
    short = answers.reply("offers_query", "<nb_total_result>2</nb_total_result>" + answers.offer())
    with ScriptedServer(answers.healthy(offers_query=lambda _: short)) as server:
        other: Any = CONNECTOR.connect(
            CONNECTOR.settings.load(answers.settings(server.url)), context_for_tests(timeout_s=5)
        )
        with pytest.raises(TransientError, match="counts 2 offers and showed 1"):
            list(other.listed_offers())
        other.close()
