"""XML packages: what is in the ZIP, what is refused before, and how a report of any form is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from comptoir.connectors.octopia.published_files import PublishedFolder
from comptoir.connectors.octopia.receipts import PackageReceipt, dump_receipts, load_receipts, xml_mark
from comptoir.connectors.octopia.tests.test_offers import draft, settings
from comptoir.connectors.octopia.xml_packages import build_zip, full_offer, price_offer, stock_offer
from comptoir.connectors.octopia.xml_report import read_report
from comptoir.sdk.errors import ConfigurationError, RejectedRecord
from comptoir.sdk.records import Outcome, PriceUpdate, StockUpdate
from comptoir.sdk.settings import SettingsError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FLASH = {
    "discount.Type": "Flash",
    "discount.StartDate": "2026-11-27T00:00:00+01:00",
    "discount.EndDate": "2026-11-29T22:59:59+00:00",
    "discount.DiscountValue": "2",
    "discount.SalesReferencePrice": "29.90",
}
XML = {"offer_packages": "xml", "xml_folder": "/srv/www/octopia", "xml_base_url": "https://www.example.com/o"}


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def inside(element: etree._Element, name: str) -> list[dict[str, str]]:
    return [attributes(one) for one in element.iter(f"{{*}}{name}")]


def test_a_whole_offer_has_its_taxes_in_the_words_of_xml() -> None:
    offer = full_offer(draft(extra={"Ecotax": "0.35", "originPrice": "29.90"}), settings())
    assert attributes(offer) == {
        "SellerProductId": "SKU-A",
        "ProductEan": "3700000000018",
        "ProductCondition": "6",
        "Price": "24.90",
        "Vat": "20",
        "EcoPart": "0.35",
        "DeaTax": "0.00",
        "Stock": "3",
        "PreparationTime": "2",
        "StrikedPrice": "29.90",
    }
    assert inside(offer, "ShippingInformation") == [
        {"DeliveryMode": "Tracked", "ShippingCharges": "4.90", "AdditionalShippingCharges": "1"},
        {"DeliveryMode": "Registered", "ShippingCharges": "6", "AdditionalShippingCharges": "0.00"},
    ]
    assert inside(offer, "DiscountComponent") == []


def test_a_flash_sale_is_dated_by_french_clocks() -> None:
    assert inside(full_offer(draft(extra=FLASH), settings()), "DiscountComponent") == [
        {
            "Type": "2",
            "StartDate": "2026-11-27T00:00:00",
            "EndDate": "2026-11-29T23:59:59",
            "DiscountUnit": "1",
            "DiscountValue": "2",
            "SalesReferencePrice": "29.90",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "number", "value"), [("StrikedPrice", "1", ""), ("Flash", "2", "2"), ("Sales", "3", "2")]
)
def test_each_kind_of_discount_has_its_number(kind: str, number: str, value: str) -> None:
    extra = {**FLASH, "discount.Type": kind, "discount.DiscountValue": value}
    (found,) = inside(full_offer(draft(extra=extra), settings()), "DiscountComponent")
    assert (found["Type"], found.get("DiscountValue", "")) == (number, value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"discount.Type": "Soldes"}, "one of StrikedPrice, Flash, Sales"),
        ({"discount.StartDate": "2026-11-27T00:00:00"}, "with its offset"),
        ({"discount.EndDate": ""}, "with its offset"),
        ({"discount.EndDate": "2026-11-20T00:00:00+01:00"}, "ends after"),
        ({"discount.DiscountValue": ""}, "between 0 and 100"),
        ({"discount.DiscountValue": "100"}, "between 0 and 100"),
        ({"discount.SalesReferencePrice": "24.90"}, "above the price"),
        ({"discount.Type": "StrikedPrice"}, "no DiscountValue"),
        ({"discount.Percent": "2"}, "not a field"),
    ],
)
def test_a_discount_that_makes_no_sense_is_not_sent(change: dict[str, str], words: str) -> None:
    with pytest.raises(RejectedRecord, match=words) as caught:
        full_offer(draft(extra={**FLASH, **change}), settings())
    assert caught.value.record_id == "SKU-A"


@pytest.mark.parametrize("price", ["24.90", "249.00"])
def test_a_discount_keeps_above_the_floor_as_a_percentage_and_as_an_amount(price: str) -> None:
    """The unit is not verified: 10 of 24.90 as an amount, 10 % of 249 as a percentage, are the lower ones."""
    lowest = {"24.90": Decimal("14.90"), "249.00": Decimal("224.10")}[price]
    given = {"price": Decimal(price), "extra": {**FLASH, "discount.DiscountValue": "10"}}
    given["extra"].pop("discount.SalesReferencePrice")  # type: ignore[attr-defined]
    assert full_offer(draft(**given, floor=lowest), settings()) is not None
    with pytest.raises(RejectedRecord, match="below its floor") as caught:
        full_offer(draft(**given, floor=lowest + Decimal("0.01")), settings())
    assert caught.value.code == "floor"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": Decimal("19.99")}, "below its floor"),
        ({"currency": "GBP"}, "in EUR"),
        ({"quantity": -1}, "never negative"),
        ({"ean": "", "external_product_id": "AUC1"}, "GTIN"),
        ({"extra": {"condition": "UsedVeryGood"}}, "no number for"),
        ({"sku": "S" * 51}, "1 to 50"),
        ({"sku": "A\x01"}, "written in XML"),
        ({"extra": {"originPrice": "24.90"}}, "struck price"),
    ],
)
def test_an_offer_that_would_be_wrong_is_not_written(change: dict[str, Any], words: str) -> None:
    with pytest.raises(RejectedRecord, match=words):
        full_offer(draft(**change), settings())


def test_changes_name_the_product_and_say_one_thing() -> None:
    stock = stock_offer(StockUpdate(sku="SKU-A", quantity=0), "3700000000018")
    named = {"SellerProductId": "SKU-A", "ProductEan": "3700000000018"}
    assert attributes(stock) == {**named, "Stock": "0"}
    update = PriceUpdate(sku="SKU-A", price=Decimal("24.90"), currency="EUR", floor=Decimal(20))
    assert attributes(price_offer(update, "3700000000018", settings())) == {**named, "Price": "24.90"}
    under = PriceUpdate(sku="SKU-A", price=Decimal("9.99"), currency="EUR", floor=Decimal(10))
    with pytest.raises(RejectedRecord, match="below its floor"):
        price_offer(under, "3700000000018", settings())
    with pytest.raises(RejectedRecord, match="never negative"):
        stock_offer(StockUpdate(sku="SKU-A", quantity=-1), "")


def test_the_zip_has_its_three_parts_and_counts_its_offers() -> None:
    offers = [stock_offer(StockUpdate(sku=sku, quantity=1), "") for sku in ("A", "É & <B>")]
    with ZipFile(BytesIO(build_zip("StockAndPrice", offers))) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "_rels/.rels", "Content/Offers.xml"]
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist()]
    _, relations, root = parts
    assert relations[0].get("Target") == "/Content/Offers.xml"
    assert (root.get("PackageType"), root.get("PurgeAndReplace")) == ("StockAndPrice", "false")
    assert inside(root, "OfferCollection") == [{"Capacity": "2"}]
    assert [one["SellerProductId"] for one in inside(root, "Offer")] == ["A", "É & <B>"]


def test_a_zip_holds_no_reference_twice_and_never_nothing() -> None:
    with pytest.raises(RejectedRecord, match="Twice") as caught:
        build_zip("Full", [stock_offer(StockUpdate(sku="A", quantity=n), "") for n in (1, 2)])
    assert caught.value.record_id == "A"
    with pytest.raises(RejectedRecord, match="1 to 40000"):
        build_zip("Full", [])


def test_files_are_put_whole_under_names_nobody_guesses_and_swept_after_three_days(tmp_path: Path) -> None:
    folder = PublishedFolder(str(tmp_path), "https://www.example.com/o/")
    (tmp_path / "index.html").write_text("the merchant's own")
    first, second = folder.put(b"one", NOW), folder.put(b"two", NOW + timedelta(days=2))
    assert first != second
    assert len(first) == 16
    assert folder.url(first) == f"https://www.example.com/o/comptoir-{first}.zip"
    assert (tmp_path / f"comptoir-{first}.zip").read_bytes() == b"one"
    folder.sweep(NOW + timedelta(days=3, seconds=1))
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", f"comptoir-{second}.zip"}
    folder.remove(second)
    folder.remove(second)
    assert {path.name for path in tmp_path.iterdir()} == {"index.html"}


def test_only_files_of_our_own_form_go_and_none_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comptoir-2026-backup.zip").write_text("not ours")
    folder = PublishedFolder(str(tmp_path), "https://x.example")
    token = folder.put(b"one", NOW)
    monkeypatch.chdir(tmp_path)
    nowhere = PublishedFolder("", "")
    nowhere.sweep(NOW + timedelta(days=400))
    nowhere.remove(token)
    assert len(list(tmp_path.iterdir())) == 2
    folder.sweep(datetime.now(UTC) + timedelta(days=400))
    assert [path.name for path in tmp_path.iterdir()] == ["comptoir-2026-backup.zip"]


def test_a_folder_that_cannot_be_written_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        PublishedFolder(str(tmp_path / "absent"), "https://x.example").put(b"one", NOW)


REST_ROW = {"sellerProductId": "A", "integrationStatus": "Integrated", "logs": []}
LEGACY_ROW = {"SellerProductId": "A", "OfferIntegrationStatus": "Integrated", "Validated": True}


@pytest.mark.parametrize(
    "body",
    [
        {"packageId": 1, "status": "Integrated", "offers": [REST_ROW]},
        {"PackageIntegrationStatus": "INTEGRATED", "OfferLogList": [LEGACY_ROW, None]},
        {"state": "integrated", "items": [{"seller_external_reference": "A", "validated": True}]},
    ],
)
def test_a_report_is_read_by_whatever_names(body: object) -> None:
    found = read_report(body)
    assert found.state == "integrated"
    assert [(verdict.key, verdict.outcome) for verdict in found.verdicts] == [("A", Outcome.DONE)]


def test_a_bare_list_is_a_list_of_offers_without_a_state() -> None:
    found = read_report([REST_ROW])
    assert (found.state, len(found.verdicts)) == ("", 1)


@pytest.mark.parametrize(
    "row",
    [
        {"sellerProductId": "A", "status": "Rejected"},
        {"sellerProductId": "A", "status": "Simmering"},
        {"sellerProductId": "A", "status": "Integrated", "validated": False},
        {"sellerProductId": "A", "validated": False},
    ],
)
def test_an_offer_is_never_called_taken_on_a_doubtful_word(row: dict[str, object]) -> None:
    remark = {"PropertyCode": 6, "LogMessage": "Prix"}
    (verdict,) = read_report({"offers": [{**row, "PropertyList": [remark]}]}).verdicts
    assert (verdict.outcome, verdict.code, verdict.message) == (Outcome.REJECTED, "6", "Prix")


def test_lines_that_say_nothing_yet_are_no_verdicts() -> None:
    assert read_report({"offers": [{"sellerProductId": "A"}, {"status": "Integrated"}, 3]}).verdicts == ()
    assert read_report("nonsense").verdicts == ()


def test_a_receipt_keeps_the_file_of_an_xml_package() -> None:
    xml = PackageReceipt(xml_mark("7000001", "a-_B" * 4), 40_000, NOW)
    json = PackageReceipt("x" * 36, 50_000, NOW)
    told = dump_receipts([xml, json])
    assert len(told) <= 120
    assert [one.xml for one in load_receipts(told)] == [("7000001", "a-_B" * 4), None]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("offer_packages", {"sales_channel_id": "OTHERFR"}),
        ("offer_packages", {"offer_packages": "yaml"}),
        ("xml_folder", {"xml_folder": "octopia"}),
        ("xml_base_url", {"xml_base_url": ""}),
        ("package_size", {"package_size": 40_001}),
        ("xml_body_field", {"xml_body_field": "package url"}),
    ],
)
def test_xml_packages_need_their_folder_its_address_and_cdiscount(name: str, change: dict[str, Any]) -> None:
    assert settings(**XML).offer_packages == "xml"
    with pytest.raises(SettingsError) as caught:
        settings(**{**XML, **change})
    assert name in caught.value.errors
