"""The ZIP of an XML package, fetched and read as strictly as a schema would.

What is wrong with the package as a whole (not to be had, not a ZIP, a part missing, an attribute nobody
knows) refuses all of it; what is wrong with an offer is told with that offer, by `package_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo

from lxml import etree

from bazaar.octopia.offer_records import (
    Delivery,
    Discount,
    OfferRequest,
    PriceRequest,
    ProductRequest,
    Tax,
)

NAMESPACE = (
    "clr-namespace:Cdiscount.Service.OfferIntegration.Pivot;assembly=Cdiscount.Service.OfferIntegration"
)
PARTS = {"[Content_Types].xml", "_rels/.rels", "Content/Offers.xml"}
KINDS = {"Full": "Upsert", "StockAndPrice": "Update"}
MOST_OFFERS, MOST_BYTES = 40_000, 200 * 1024 * 1024
CONDITIONS = {"6": "New", "1": "UsedLikeNew"}
MODES = {"Standard": "STD", "Tracked": "TRK", "Registered": "REG"}
TAXES = {"Vat": "VAT", "EcoPart": "Ecotax", "DeaTax": "Deatax"}
DISCOUNTS = {"1": "StrikedPrice", "2": "Flash", "3": "Sales"}
LIGHT = {"SellerProductId", "ProductEan", "Price", "Stock"}
WHOLE = LIGHT | {"ProductCondition", "PreparationTime", "StrikedPrice", "Comment", *TAXES}
FRENCH = ZoneInfo("Europe/Paris")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class BadPackage(Exception):  # noqa: N818 - named after what it is
    """The whole package is refused."""


def fetch(url: str) -> bytes:
    """Over real HTTP, from this machine only: a world reaches nothing else."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise BadPackage("The world fetches packages from its own machine only.")
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise BadPackage(f"The package cannot be downloaded: {error}") from error
    if len(content) > MOST_BYTES:
        raise BadPackage("The package is too large.")
    return content


def read_package(content: bytes) -> tuple[str, tuple[OfferRequest, ...]]:
    """Its kind in the words of JSON packages, and its offers."""
    root = _document(content)
    _expect(root, "OfferPackage", {"Name", "PackageType", "PurgeAndReplace"})
    kind = root.get("PackageType", "Full")
    if kind not in KINDS:
        raise BadPackage(f"PackageType - unknown: {kind}")
    if root.get("PurgeAndReplace", "false").lower() != "false":
        raise BadPackage("PurgeAndReplace - not played here")
    (collection,) = _only(_only([root], "OfferPackage.Offers"), "OfferCollection")
    offers = list(collection)
    if not 1 <= len(offers) <= MOST_OFFERS or collection.get("Capacity") != str(len(offers)):
        raise BadPackage(f"OfferCollection - {len(offers)} offers, Capacity {collection.get('Capacity')}")
    return KINDS[kind], tuple(_offer(one, whole=kind == "Full") for one in offers)


def _document(content: bytes) -> etree._Element:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if set(archive.namelist()) != PARTS:
                raise BadPackage(f"The package holds {sorted(archive.namelist())}")
            if archive.getinfo("Content/Offers.xml").file_size > MOST_BYTES:
                raise BadPackage("The package is too large.")
            parts = {name: _parse(archive.read(name)) for name in PARTS}
    except (BadZipFile, etree.XMLSyntaxError) as error:
        raise BadPackage(f"The package cannot be read: {error}") from error
    targets = [one.get("Target") for one in parts["_rels/.rels"]]
    if targets != ["/Content/Offers.xml"]:
        raise BadPackage(f"_rels/.rels names {targets}")
    return parts["Content/Offers.xml"]


def _parse(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _offer(element: etree._Element, *, whole: bool) -> OfferRequest:
    _expect(element, "Offer", WHOLE if whole else LIGHT)
    given = _attributes(element)
    sku = given.get("SellerProductId", "")
    if not sku:
        raise BadPackage("SellerProductId - required")
    ean, condition = given.get("ProductEan"), given.get("ProductCondition")
    days, stock = given.get("PreparationTime"), given.get("Stock")
    return OfferRequest(
        seller_external_reference=sku,
        product=ProductRequest(gtin=ean) if ean else None,
        condition=None if condition is None else CONDITIONS.get(condition, f"number {condition}"),
        price=_price(given),
        quantity=None if stock is None else _whole(stock, "Stock"),
        preparation_time=None if days is None else _whole(days, "PreparationTime"),
        delivery_modes=_delivery(element),
        discounts=_discounts(element),
    )


def _price(given: Mapping[str, str]) -> PriceRequest | None:
    if "Price" not in given:
        return None
    taxes = tuple(Tax(code, _amount(given[name], name)) for name, code in TAXES.items() if name in given)
    struck = given.get("StrikedPrice")
    return PriceRequest(
        price=_amount(given["Price"], "Price"),
        origin_price=None if struck is None else _amount(struck, "StrikedPrice"),
        taxes=taxes or None,
    )


def _delivery(offer: etree._Element) -> tuple[Delivery, ...] | None:
    known = {"DeliveryMode", "ShippingCharges", "AdditionalShippingCharges"}
    modes = _listed(offer, "Offer.ShippingInformationList", "ShippingInformationList")
    for one in modes:
        _expect(one, "ShippingInformation", known, all_of_them=True)
    found = tuple(
        Delivery(
            MODES.get(given["DeliveryMode"], given["DeliveryMode"]),
            _amount(given["ShippingCharges"], "ShippingCharges"),
            _amount(given["AdditionalShippingCharges"], "AdditionalShippingCharges"),
        )
        for given in map(_attributes, modes)
    )
    return found or None


def _discounts(offer: etree._Element) -> tuple[Discount, ...]:
    return tuple(
        _discount(one) for one in _listed(offer, "Offer.PriceAndDiscountList", "DiscountComponentList")
    )


def _discount(one: etree._Element) -> Discount:
    known = {"Type", "StartDate", "EndDate", "DiscountUnit", "DiscountValue", "SalesReferencePrice"}
    _expect(one, "DiscountComponent", known)
    kind = DISCOUNTS.get(one.get("Type", ""))
    start, end = _date(one.get("StartDate", "")), _date(one.get("EndDate", ""))
    value, reference = one.get("DiscountValue"), one.get("SalesReferencePrice")
    if kind is None or start >= end or (kind == "StrikedPrice") != (value is None):
        raise BadPackage(f"DiscountComponent - {_attributes(one)}")
    if value is not None and one.get("DiscountUnit") != "1":
        raise BadPackage(f"DiscountUnit - {one.get('DiscountUnit')}")
    return Discount(
        kind=kind,
        start=start,
        end=end,
        percent=None if value is None else _amount(value, "DiscountValue"),
        reference_price=None if reference is None else _amount(reference, "SalesReferencePrice"),
    )


def _listed(offer: etree._Element, outer: str, inner: str) -> list[etree._Element]:
    if offer.find(_tag(outer)) is None:
        return []
    (held,) = _only(_only([offer], outer), inner)
    if held.get("Capacity") != str(len(held)) or not len(held):
        raise BadPackage(f"{inner} - Capacity {held.get('Capacity')} of {len(held)}")
    return list(held)


def _only(parents: list[etree._Element], name: str) -> list[etree._Element]:
    found = [child for parent in parents for child in parent.findall(_tag(name))]
    if len(found) != 1:
        raise BadPackage(f"{name} - exactly one is needed")
    return found


def _expect(element: etree._Element, name: str, known: set[str], *, all_of_them: bool = False) -> None:
    if element.tag != _tag(name):
        raise BadPackage(f"{element.tag} - not {name}")
    given = {str(one) for one in element.attrib}
    if given - known or (all_of_them and known - given):
        raise BadPackage(f"{name} - attributes {sorted(given ^ known if all_of_them else given - known)}")


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _amount(value: str, name: str) -> Decimal:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise BadPackage(f"{name} - not an amount: {value}")
    return Decimal(value)


def _whole(value: str, name: str) -> int:
    if not re.fullmatch(r"\d{1,9}", value):
        raise BadPackage(f"{name} - not a whole number: {value}")
    return int(value)


def _date(value: str) -> datetime:
    """Of French clocks, without offset (assumption)."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", value):
        raise BadPackage(f"Not a date of discounts: {value!r}")
    return datetime.fromisoformat(value).replace(tzinfo=FRENCH)
