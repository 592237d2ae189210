"""OF24 and OF01 say the same in JSON and in CSV: one line per offer, and what is not sent is reset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

import msgspec

from bazaar.mirakl.money import parse_instant
from bazaar.mirakl.records import Price

Number = Decimal | str
Whole = int | None


class BadLineError(Exception):
    """A line that the import sets aside; its text goes into the error report."""


class VolumePrice(msgspec.Struct):
    quantity_threshold: int
    unit_origin_price: Decimal
    unit_discount_price: Decimal | None = None


class ChannelPrice(msgspec.Struct):
    channel_code: str | None = None
    unit_origin_price: Decimal | None = None
    unit_discount_price: Decimal | None = None
    discount_start_date: str | None = None
    discount_end_date: str | None = None
    volume_prices: list[VolumePrice] = []


class Range(msgspec.Struct):
    price: Decimal
    quantity_threshold: int


class Discount(msgspec.Struct):
    price: Decimal | None = None
    start_date: str | None = None
    end_date: str | None = None
    ranges: list[Range] | None = None


class Field(msgspec.Struct):
    code: str
    value: str | int | float | bool | list[str] | None = None


class OfferUpdate(msgspec.Struct, kw_only=True):
    """One offer of OF24. `product_id` and its type are required to create, not to update."""

    shop_sku: str
    state_code: str
    update_delete: str | None
    price: Decimal | None = None
    product_id: str | None = None
    product_id_type: str | None = None
    quantity: Whole = None
    all_prices: list[ChannelPrice] | None = None
    discount: Discount | None = None
    description: str | None = None
    internal_description: str | None = None
    price_additional_info: str | None = None
    leadtime_to_ship: Whole = None
    logistic_class: str | None = None
    min_order_quantity: Whole = None
    max_order_quantity: Whole = None
    min_quantity_alert: Whole = None
    package_quantity: Whole = None
    available_started: str | None = None
    available_ended: str | None = None
    product_tax_code: str | None = None
    allow_quote_requests: bool | None = None
    offer_additional_fields: list[Field] | None = None
    # Set while reading a CSV line that has no JSON twin.
    price_ranges: list[Range] | None = None

    @property
    def deletes(self) -> bool:
        return self.update_delete == "delete"

    def prices(self) -> tuple[Price, ...]:
        """The default price first; all_prices without a channel replaces it. Raises BadLineError."""
        channel_prices = [_channel_price(one) for one in self.all_prices or ()]
        default = [one for one in channel_prices if not one.channels][:1] or self._default_price()
        return (*default, *(one for one in channel_prices if one.channels))

    def _default_price(self) -> list[Price]:
        if self.price is None:
            return []
        discount = self.discount or Discount()
        return [
            Price(
                origin=self.price,
                discount=discount.price,
                discount_start=read_instant("discount-start-date", discount.start_date),
                discount_end=read_instant("discount-end-date", discount.end_date),
                ranges=_pairs(self.price_ranges),
                discount_ranges=_pairs(discount.ranges),
            )
        ]


# The columns of the file format, in the order of the documentation.
COLUMNS = (
    ("sku", "shop_sku"),
    ("product-id", "product_id"),
    ("product-id-type", "product_id_type"),
    ("description", "description"),
    ("internal-description", "internal_description"),
    ("price", "price"),
    ("price-additional-info", "price_additional_info"),
    ("quantity", "quantity"),
    ("min-quantity-alert", "min_quantity_alert"),
    ("state", "state_code"),
    ("available-start-date", "available_started"),
    ("available-end-date", "available_ended"),
    ("logistic-class", "logistic_class"),
    ("allow-quote-requests", "allow_quote_requests"),
    ("leadtime-to-ship", "leadtime_to_ship"),
    ("min-order-quantity", "min_order_quantity"),
    ("max-order-quantity", "max_order_quantity"),
    ("package-quantity", "package_quantity"),
    ("product-tax-code", "product_tax_code"),
    ("update-delete", "update_delete"),
)
WHOLE_COLUMNS = frozenset(
    [
        "quantity",
        "min-quantity-alert",
        "leadtime-to-ship",
        "min-order-quantity",
        "max-order-quantity",
        "package-quantity",
    ]
)


def as_row(update: OfferUpdate) -> tuple[str, ...]:
    """An OF24 offer as the line of a file, for its error report."""
    values = (getattr(update, name) for _, name in COLUMNS)
    return tuple("" if value is None else str(value) for value in values)


def from_row(row: Mapping[str, str], field_codes: frozenset[str]) -> OfferUpdate:
    """A CSV line. Raises BadLineError for what is not a number or a date."""
    given: dict[str, object] = {"update_delete": None, "shop_sku": "", "state_code": ""}
    for column, name in COLUMNS:
        text = row.get(column, "").strip()
        if text:
            given[name] = _read_cell(column, text)
    given["discount"] = _discount(row)
    given["price_ranges"] = read_ranges("price-ranges", row.get("price-ranges", ""))
    given["all_prices"] = _channel_columns(row)
    given["offer_additional_fields"] = [Field(code, row[code]) for code in row if code in field_codes]
    return OfferUpdate(**given)  # type: ignore[arg-type]


def _read_cell(column: str, text: str) -> object:
    if column == "price":
        return read_decimal(column, text)
    if column in WHOLE_COLUMNS:
        return read_whole(column, text)
    return text == "true" if column == "allow-quote-requests" else text


def read_decimal(column: str, text: str) -> Decimal:
    """A comma or a dot; the documentation's own sample has both."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise BadLineError(f"The column '{column}' is not a valid number: '{text}'") from None
    if not number.is_finite():
        raise BadLineError(f"The column '{column}' is not a valid number: '{text}'")
    return number


def read_whole(column: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadLineError(f"The column '{column}' is not a valid integer: '{text}'") from None


def read_instant(column: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        raise BadLineError(f"The column '{column}' is not a valid date: '{text}'") from None


def read_ranges(column: str, text: str) -> list[Range] | None:
    """`5|109.20,10|108.7`: from 5 units 109.20, from 10 units 108.7."""
    if not text.strip():
        return None
    ranges = []
    for part in text.split(","):
        threshold, bar, price = part.partition("|")
        if not bar:
            raise BadLineError(f"The column '{column}' is not a valid list of ranges: '{text}'")
        ranges.append(Range(read_decimal(column, price), read_whole(column, threshold)))
    return ranges


def _discount(row: Mapping[str, str], suffix: str = "") -> Discount | None:
    price = row.get(f"discount-price{suffix}", "")
    ranges = read_ranges("discount-ranges", row.get(f"discount-ranges{suffix}", ""))
    if not price and not ranges:
        return None
    return Discount(
        price=read_decimal("discount-price", price) if price else None,
        start_date=row.get(f"discount-start-date{suffix}") or None,
        end_date=row.get(f"discount-end-date{suffix}") or None,
        ranges=ranges,
    )


def _channel_columns(row: Mapping[str, str]) -> list[ChannelPrice]:
    """The columns `price[channel=FR]`, `discount-price[channel=FR]`…"""
    found = []
    for column, text in row.items():
        if not (column.startswith("price[channel=") and text):
            continue
        suffix = column.removeprefix("price")
        discount = _discount(row, suffix) or Discount()
        found.append(
            ChannelPrice(
                channel_code=suffix.removeprefix("[channel=").removesuffix("]"),
                unit_origin_price=read_decimal(column, text),
                unit_discount_price=discount.price,
                discount_start_date=discount.start_date,
                discount_end_date=discount.end_date,
            )
        )
    return found


def _channel_price(one: ChannelPrice) -> Price:
    if one.unit_origin_price is None:
        raise BadLineError("unit_origin_price is required in all_prices")
    return Price(
        origin=one.unit_origin_price,
        channels=(one.channel_code,) if one.channel_code else (),
        discount=one.unit_discount_price,
        discount_start=read_instant("discount-start-date", one.discount_start_date),
        discount_end=read_instant("discount-end-date", one.discount_end_date),
        ranges=tuple((v.quantity_threshold, v.unit_origin_price) for v in one.volume_prices),
        discount_ranges=tuple(
            (v.quantity_threshold, v.unit_discount_price)
            for v in one.volume_prices
            if v.unit_discount_price is not None
        ),
    )


def _pairs(ranges: list[Range] | None) -> tuple[tuple[int, Decimal], ...]:
    return tuple((one.quantity_threshold, one.price) for one in ranges or ())
