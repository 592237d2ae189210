"""The ZIP of an XML offer package: pure functions, from our records to bytes.

    Content/Offers.xml    OfferPackage > OfferPackage.Offers > OfferCollection > Offer, all in attributes
    _rels/.rels           says where the document is
    [Content_Types].xml

`Full` holds whole offers, `StockAndPrice` (Cdiscount only) quantities and prices. Taxes are `Vat`, `EcoPart`
and `DeaTax` here, where JSON has VAT, Ecotax and Deatax.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from comptoir.connectors.octopia import xml_forms as forms
from comptoir.connectors.octopia.offer_requests import (
    DEATAX,
    ECOTAX,
    VAT,
    build_offer,
    check_price,
    condition_of,
    delivery_of,
    extra_amount,
    reference_of,
    tax_values,
)
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.xml_discounts import Discount, read_discount
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft, PriceUpdate, StockUpdate

PackageKind = Literal["Full", "StockAndPrice"]
_TAXES = {VAT: "Vat", ECOTAX: "EcoPart", DEATAX: "DeaTax"}
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def full_offer(draft: OfferDraft, settings: OctopiaSettings) -> etree._Element:
    """A whole offer; RejectedRecord for whatever the JSON form would refuse, and for its discount."""
    build_offer(draft, settings)
    if not draft.ean:
        raise RejectedRecord("An offer of an XML package needs a GTIN.", record_id=draft.sku)
    discount = read_discount(draft)
    days = settings.preparation_days if draft.lead_time_days is None else draft.lead_time_days
    struck = extra_amount(draft.sku, draft.extra, "originPrice")
    taxes = tax_values(draft.sku, draft.extra, settings)
    offer = _offer(
        draft.sku,
        {
            "SellerProductId": reference_of(draft.sku),
            "ProductEan": draft.ean,
            "ProductCondition": _condition(draft),
            "Price": _number(draft.price),
            **{_TAXES[code]: _number(value) for code, value in taxes.items()},
            "Stock": str(draft.quantity),
            "PreparationTime": str(days),
            **({} if struck is None else {"StrikedPrice": _number(struck)}),
        },
    )
    _add_delivery(offer, draft, settings)
    if discount is not None:
        _add_discount(offer, discount)
    return offer


def stock_offer(update: StockUpdate, ean: str) -> etree._Element:
    if update.quantity < 0:
        raise RejectedRecord("A quantity is never negative.", record_id=update.sku)
    return _offer(update.sku, {**_named(update.sku, ean), "Stock": str(update.quantity)})


def price_offer(update: PriceUpdate, ean: str, settings: OctopiaSettings) -> etree._Element:
    """The price alone: taxes are no part of a StockAndPrice package, they stay as the Full one said."""
    check_price(update.sku, update.price, update.floor, update.currency, settings)
    return _offer(update.sku, {**_named(update.sku, ean), "Price": _number(update.price)})


def build_zip(kind: PackageKind, offers: Sequence[etree._Element]) -> bytes:
    check_offers(offers)
    root = _element("OfferPackage", {"Name": "Comptoir", "PackageType": kind, "PurgeAndReplace": "false"})
    collection = etree.SubElement(_child(root, "OfferPackage.Offers"), _tag("OfferCollection"))
    collection.set("Capacity", str(len(offers)))
    collection.extend(offers)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(),
        "Content/Offers.xml": root,
    }
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            content = etree.tostring(part, xml_declaration=True, encoding="utf-8")
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return held.getvalue()


def check_offers(offers: Sequence[etree._Element]) -> None:
    if not 1 <= len(offers) <= forms.XML_LIMIT:
        raise RejectedRecord(f"An XML package holds 1 to {forms.XML_LIMIT} offers, not {len(offers)}.")
    seen: set[str] = set()
    for offer in offers:
        sku = str(offer.get("SellerProductId"))
        if sku in seen:
            raise RejectedRecord("Twice in one package: both would be refused.", record_id=sku)
        seen.add(sku)


def _named(sku: str, ean: str) -> dict[str, str]:
    return {"SellerProductId": reference_of(sku), **({"ProductEan": ean} if ean else {})}


def _condition(draft: OfferDraft) -> str:
    word = condition_of(draft)
    if word not in forms.CONDITIONS:
        raise RejectedRecord(f"XML packages have no number for {word!r}.", record_id=draft.sku)
    return forms.CONDITIONS[word]


def _add_delivery(offer: etree._Element, draft: OfferDraft, settings: OctopiaSettings) -> None:
    modes = delivery_of(draft, settings)
    held = etree.SubElement(_child(offer, "Offer.ShippingInformationList"), _tag("ShippingInformationList"))
    held.set("Capacity", str(len(modes)))
    for mode in modes:
        one = _child(held, "ShippingInformation")
        one.set("DeliveryMode", forms.DELIVERY_NAMES.get(mode.code, mode.code))
        one.set("ShippingCharges", _number(mode.cost))
        one.set("AdditionalShippingCharges", _number(mode.additional_cost))


def _add_discount(offer: etree._Element, discount: Discount) -> None:
    held = etree.SubElement(_child(offer, "Offer.PriceAndDiscountList"), _tag("DiscountComponentList"))
    held.set("Capacity", "1")
    one = _child(held, "DiscountComponent")
    one.set("Type", forms.DISCOUNT_TYPES[discount.kind])
    one.set("StartDate", _date(discount.start))
    one.set("EndDate", _date(discount.end))
    if discount.percent is not None:
        one.set("DiscountUnit", forms.PERCENT)
        one.set("DiscountValue", _number(discount.percent))
    if discount.reference_price is not None:
        one.set("SalesReferencePrice", _number(discount.reference_price))


def _content_types() -> etree._Element:
    root = _root(f"{{{_TYPES}}}Types", _TYPES)
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    for extension, content_type in (("xml", "text/xml"), ("rels", relations)):
        one = etree.SubElement(root, f"{{{_TYPES}}}Default")
        one.set("Extension", extension)
        one.set("ContentType", content_type)
    return root


def _relations() -> etree._Element:
    root = _root(f"{{{_RELATIONS}}}Relationships", _RELATIONS)
    one = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
    one.set("Type", forms.DOCUMENT_TYPE)
    one.set("Target", "/Content/Offers.xml")
    one.set("Id", "RId1")
    return root


def _offer(sku: str, attributes: Mapping[str, str]) -> etree._Element:
    try:
        return _element("Offer", attributes)
    except ValueError as error:  # a sign that XML cannot hold
        raise RejectedRecord(f"Not to be written in XML: {error}", record_id=sku) from error


def _element(name: str, attributes: Mapping[str, str]) -> etree._Element:
    element = _root(_tag(name), forms.NAMESPACE)
    for key, value in attributes.items():
        element.set(key, value)
    return element


def _root(tag: str, namespace: str) -> etree._Element:
    """Its own namespace is the default one: no prefix in front of every name."""
    return etree.Element(tag, nsmap={None: namespace})  # type: ignore[dict-item] # the stubs know no None


def _child(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, _tag(name))


def _tag(name: str) -> str:
    return f"{{{forms.NAMESPACE}}}{name}"


def _number(amount: Decimal) -> str:
    return f"{amount:f}"


def _date(instant: datetime) -> str:
    return instant.astimezone(forms.CLOCK).strftime("%Y-%m-%dT%H:%M:%S")
