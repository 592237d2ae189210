"""One record that the tables cannot hold is set aside alone: its page is stored, the cursor passes it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.channels.models import Channel
from comptoir.inventory.models import Reservation
from comptoir.orders.models import Order
from comptoir.orders.validation import MAX_UNITS
from comptoir.sdk import records
from comptoir.sdk.records import Address, Buyer
from tests.domain.conftest import make_product
from tests.domain.records import PLACED, Sold, order
from tests.domain.test_intake import reserved, take


def with_line(good: records.Order, **fields: Any) -> records.Order:
    line = msgspec.structs.replace(good.lines[0], **fields)
    return msgspec.structs.replace(good, lines=(line, *good.lines[1:]))


def bad(**fields: Any) -> records.Order:
    return msgspec.structs.replace(order("BAD", "MOUSE", raw=b'{"id":"BAD"}'), **fields)


def bad_line(**fields: Any) -> records.Order:
    return with_line(bad(), **fields)


UNSTORABLE = {
    "no id": bad(external_id=""),
    "an id too long": bad(external_id="X" * 121),
    "a currency that is none": bad(currency="EURO"),
    "an empty currency": bad(currency=""),
    "no line": bad(lines=()),
    "a date without a zone": bad(updated_at=datetime(2026, 11, 23, 8)),  # noqa: DTZ001
    "a deadline without a zone": bad(ship_by=datetime(2026, 11, 23, 8)),  # noqa: DTZ001
    "a year before computers": bad(placed_at=PLACED.replace(year=1)),
    "an amount of seventeen digits": bad(total_amount=Decimal("1234567890123.4567")),
    "an amount that rounds up to too much": bad(total_amount=Decimal("999999999999.99999")),
    "an amount that is not a number": bad(total_amount=Decimal("NaN")),
    "an infinite amount": bad(shipping_amount=Decimal("-Infinity")),
    "a NUL in its title": bad_line(title="Sou\x00ris"),
    "a NUL in its address": bad(shipping_address=Address(name="Zoé", city="Nî\x00mes")),
    "a NUL in its buyer": bad(buyer=Buyer(name="\x00")),
    "half a surrogate pair": bad_line(title="\ud83d"),
    "a line without id": bad_line(external_id=""),
    "a line id too long": bad_line(external_id="L" * 121),
    "a SKU too long": bad_line(sku="S" * 81),
    "a negative quantity": bad_line(quantity=-1),
    "a quantity that no integer holds": bad_line(quantity=2**31),
    "a quantity whose sums no integer holds": bad_line(quantity=MAX_UNITS + 1),
    "more cancelled than ordered": bad_line(cancelled_quantity=2),
    "less than nothing cancelled": bad_line(cancelled_quantity=-1),
    "less than nothing refunded": bad_line(refunded_quantity=-1),
    "a price of seventeen digits": bad_line(unit_price=Decimal(10) ** 12),
    "a commission that is not a number": bad_line(commission_amount=Decimal("sNaN")),
    "the same line twice": bad(lines=order("BAD", "MOUSE").lines * 2),
}


@pytest.mark.parametrize("what", UNSTORABLE)
def test_an_order_with(what: str, channel: Channel) -> None:
    """…is set aside with its raw payload, and its neighbours are stored and reserved."""
    make_product("MOUSE", on_hand=5)
    intake = take(channel, order("A", "MOUSE"), UNSTORABLE[what], order("Z", "MOUSE"))
    assert list(Order.objects.order_by("external_id").values_list("external_id", flat=True)) == ["A", "Z"]
    assert reserved("MOUSE") == 2
    (rejected,) = intake.rejected
    assert rejected.message
    assert (rejected.code, rejected.raw) == ("invalid", b'{"id":"BAD"}')


def test_the_news_of_a_known_order_that_cannot_be_stored_leaves_the_order_as_it_was(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    intake = take(channel, order("A", "MOUSE", after=5, total_amount=Decimal("NaN")))
    assert len(intake.rejected) == 1
    assert Order.objects.get().total_amount == Decimal("49.90")


def test_texts_that_only_people_read_are_cut_to_their_column_and_whole_in_the_raw_payload(
    channel: Channel,
) -> None:
    make_product("MOUSE", on_hand=5)
    long = with_line(order("A", "MOUSE", number="N" * 300, shipping_method="M" * 300), title="T" * 900)
    take(channel, msgspec.structs.replace(long, buyer=Buyer(name="B" * 900, email="e" * 900, phone="1" * 99)))
    stored = Order.objects.get()
    assert (len(stored.number), len(stored.shipping_method), len(stored.lines.get().title)) == (120, 120, 300)


def test_a_written_backslash_is_no_nul(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, with_line(order("A", "MOUSE"), title="\\u0000 is how JSON writes it"))
    assert Order.objects.get().lines.get().title == "\\u0000 is how JSON writes it"


def test_a_line_of_no_units_is_kept_and_reserves_nothing(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 0), "MOUSE"))
    assert list(Reservation.objects.values_list("quantity", flat=True)) == [1]
