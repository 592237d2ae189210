"""What is sent about offers, and what is made of the answers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.connectors.octopia import CONNECTOR
from comptoir.connectors.octopia.listing import decode_offer, parse_offer
from comptoir.connectors.octopia.offer_requests import build_lead_time, build_offer, build_price, build_stock
from comptoir.connectors.octopia.package_results import parse_result
from comptoir.connectors.octopia.packages import check_package
from comptoir.connectors.octopia.paging import next_cursor
from comptoir.connectors.octopia.price_watch import parse_competition
from comptoir.connectors.octopia.receipts import PackageReceipt, dump_receipts, load_receipts
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.tests.healthy import OFFER
from comptoir.sdk.errors import RejectedRecord, UnexpectedAnswer
from comptoir.sdk.records import (
    LeadTimeUpdate,
    OfferDraft,
    Outcome,
    PriceUpdate,
    StockUpdate,
)
from comptoir.sdk.settings import SettingsError


def settings(**more: object) -> OctopiaSettings:
    given = {
        "client_id": "c",
        "client_secret": "secret",
        "seller_id": "1",
        "delivery_modes": "TRK:4.90:1, REG:6",
    }
    loaded = CONNECTOR.settings.load({**given, **more})
    assert isinstance(loaded, OctopiaSettings)
    return loaded


def draft(**more: Any) -> OfferDraft:
    given = {"sku": "SKU-A", "ean": "3700000000018", "price": Decimal("24.90"), "currency": "EUR"}
    return OfferDraft(**{**given, "floor": Decimal(20), "quantity": 3, **more})


def sent(body: object) -> Any:
    return msgspec.json.decode(msgspec.json.Encoder(decimal_format="number").encode(body))


def test_a_new_offer_is_sent_whole() -> None:
    assert sent(build_offer(draft(extra={"Ecotax": "0.35", "originPrice": "29.90"}), settings())) == {
        "sellerExternalReference": "SKU-A",
        "product": {"gtin": "3700000000018"},
        "condition": "New",
        "price": {
            "price": 24.9,
            "originPrice": 29.9,
            "taxes": [
                {"code": "VAT", "value": 20},
                {"code": "Ecotax", "value": 0.35},
                {"code": "Deatax", "value": 0.0},
            ],
        },
        "quantity": 3,
        "preparationTime": 2,
        "deliveryModes": [
            {"code": "TRK", "cost": 4.9, "additionalCost": 1},
            {"code": "REG", "cost": 6, "additionalCost": 0.0},
        ],
    }


def test_a_stock_update_says_the_quantity_and_nothing_else() -> None:
    update = StockUpdate(sku="SKU-A", quantity=0)
    assert build_stock(update) == {"sellerExternalReference": "SKU-A", "quantity": 0}


def test_a_lead_time_is_an_update_of_nothing_else() -> None:
    update = LeadTimeUpdate(sku="SKU-A", days=9)
    assert build_lead_time(update) == {"sellerExternalReference": "SKU-A", "preparationTime": 9}
    with pytest.raises(RejectedRecord):
        build_lead_time(LeadTimeUpdate(sku="SKU-A", days=-1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": Decimal("19.99")}, "below its floor"),
        ({"price": Decimal(0), "floor": Decimal(0)}, "below its floor"),
        ({"currency": "GBP"}, "in EUR"),
        ({"quantity": -1}, "never negative"),
        ({"ean": ""}, "GTIN"),
        ({"condition": "loved"}, "no word for"),
        ({"sku": "S" * 51}, "1 to 50"),
        ({"extra": {"originPrice": "24.90"}}, "struck price"),
        ({"extra": {"Ecotax": "a lot"}}, "Ecotax"),
        ({"extra": {"deliveryModes": "TRK"}}, "delivery mode"),
    ],
)
def test_an_offer_that_would_be_wrong_is_not_sent(change: dict[str, Any], words: str) -> None:
    with pytest.raises(RejectedRecord, match=words) as caught:
        build_offer(draft(**change), settings())
    assert caught.value.record_id == change.get("sku", "SKU-A")


def test_a_price_is_checked_against_its_floor_just_before_it_is_written() -> None:
    under = PriceUpdate(sku="SKU-A", price=Decimal("9.99"), currency="EUR", floor=Decimal(10))
    with pytest.raises(RejectedRecord):
        build_price(under, settings())


def test_an_unknown_eco_contribution_is_zero_or_refused_as_the_settings_say() -> None:
    price = PriceUpdate(sku="SKU-A", price=Decimal(24), currency="EUR", floor=Decimal(10))
    assert sent(build_price(price, settings()))["price"]["taxes"][1] == {"code": "Ecotax", "value": 0.0}
    with pytest.raises(RejectedRecord, match="eco-contribution"):
        build_price(price, settings(unknown_ecotax="refuse"))
    known = msgspec.structs.replace(price, extra={"Ecotax": "1,20", "VAT": "5.5"})
    taxes = sent(build_price(known, settings(unknown_ecotax="refuse")))["price"]["taxes"]
    assert [tax["value"] for tax in taxes] == [5.5, 1.2, 0.0]


def test_the_same_reference_twice_in_a_package_is_not_sent() -> None:
    with pytest.raises(RejectedRecord) as caught:
        check_package([{"sellerExternalReference": "A"}, {"sellerExternalReference": "A"}])
    assert caught.value.record_id == "A"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Integrated", Outcome.DONE),
        ("Rejected", Outcome.REJECTED),
        ("Duplicated", Outcome.REJECTED),
        ("Simmering", Outcome.REJECTED),
        (None, Outcome.REJECTED),
    ],
)
def test_only_integrated_is_taken(status: str | None, outcome: Outcome) -> None:
    raw = msgspec.json.encode({"sellerExternalReference": 12, "integrationStatus": status, "results": [None]})
    verdict = parse_result(msgspec.Raw(raw))
    assert verdict is not None
    assert (verdict.key, verdict.outcome) == ("12", outcome)


def test_a_receipt_survives_its_text() -> None:
    closed = datetime(2026, 11, 23, 9, tzinfo=UTC)
    receipts = [PackageReceipt("PKG-1", 5000, closed), PackageReceipt("b7e0", 1, closed)]
    text = dump_receipts(receipts)
    assert load_receipts(text) == receipts
    assert len(dump_receipts([PackageReceipt("x" * 36, 50_000, closed)] * 2)) <= 120
    with pytest.raises(UnexpectedAnswer):
        load_receipts("PKG1")


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ('<https://x/offers?limit=2&cursor=abc%3D>; rel="next"', "abc="),
        ('<https://x/offers?cursor=old>; rel="prev", <https://x/offers?cursor=new>; rel=next', "new"),
        ('<https://x/offers?cursor=old>; rel="prev"', ""),
        ("", ""),
    ],
)
def test_the_next_cursor_is_read_from_the_link_header(link: str, cursor: str) -> None:
    assert next_cursor(link) == cursor


@pytest.mark.parametrize("price", [24.9, {"price": 24.9}, "24.9"])
def test_the_price_of_a_listed_offer_is_a_number_or_an_object(price: object) -> None:
    payload = decode_offer(msgspec.Raw(msgspec.json.encode({**OFFER, "integrationPrice": price})))
    offer = parse_offer(payload, "EUR")
    assert offer is not None
    assert (offer.price, offer.quantity, offer.active, offer.condition) == (Decimal("24.9"), 12, True, "new")


def test_the_best_offer_holds_the_buy_box() -> None:
    payload = decode_offer(msgspec.Raw(msgspec.json.encode(OFFER)))
    best, other, ours = parse_competition(payload, "EUR")
    assert (best.seller, best.price, best.has_buy_box) == ("AUTRE VENDEUR", Decimal("23.9"), True)
    assert (other.price, other.shipping_price, other.has_buy_box) == (Decimal("26.5"), Decimal("3.9"), False)
    assert (ours.is_ours, ours.price) == (True, Decimal("24.9"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delivery_modes", "TRK"),
        ("delivery_modes", "TRK:1, TRK:2"),
        ("vat_rate", "a fifth"),
        ("vat_rate", "120"),
        ("package_size", 50_001),
        ("overlap_minutes", 0),
    ],
)
def test_settings_that_make_no_sense_are_named(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(**{name: value})
    assert name in caught.value.errors


def test_tokens_come_from_octopia_or_from_beside_the_simulator() -> None:
    assert settings().token_url.startswith("https://auth.octopia-io.net/auth/realms/maas/")
    assert settings(base_url="http://127.0.0.1:1/o").token_url.startswith("http://127.0.0.1:1/o/auth/realms/")
    assert settings(auth_url="https://x.example/t").token_url == "https://x.example/t"
