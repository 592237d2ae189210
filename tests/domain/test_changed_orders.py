"""Orders whose content changes: lines that come, go or change, totals that are mended, news of the purged."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec

from comptoir.channels.models import Channel
from comptoir.inventory.models import Reservation
from comptoir.journal.issues import open_issues
from comptoir.journal.models import Issue
from comptoir.orders.decisions import hold_order, leave_to_a_person
from comptoir.orders.models import Order, OrderLine, RawOrder
from comptoir.orders.privacy import purge_contacts
from comptoir.sdk import records
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.records import Sold, order
from tests.domain.test_intake import reserved, take


def one_line(told: records.Order, **fields: Any) -> records.Order:
    line = msgspec.structs.replace(told.lines[0], **fields)
    return msgspec.structs.replace(told, lines=(line, *told.lines[1:]))


def test_a_line_that_vanishes_is_cancelled_frees_its_units_and_is_told(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    make_product("PAD", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 2), "PAD"))
    intake = take(channel, order("A", Sold("MOUSE", 2), after=5))
    gone = OrderLine.objects.get(sku="PAD")
    assert (gone.status, gone.cancelled_quantity) == ("cancelled", 1)
    assert (reserved("MOUSE"), reserved("PAD")) == (2, 0)
    assert [(t.reason, t.subject) for t in intake.troubles] == [("divergence", "A")]
    assert "PAD" in intake.troubles[0].message


def test_a_line_that_comes_later_is_reserved_and_numbered_after_the_others(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    make_product("PAD", on_hand=5)
    first = order("A", "MOUSE")
    take(channel, first)
    pad = msgspec.structs.replace(order("X", "PAD").lines[0], external_id="A-0")
    both = order("A", "MOUSE", after=5, total_amount=Decimal("99.80"))
    intake = take(channel, msgspec.structs.replace(both, lines=(pad, *both.lines)))
    assert dict(OrderLine.objects.values_list("sku", "line_number")) == {"MOUSE": 1, "PAD": 2}
    assert reserved("PAD") == 1
    assert intake.troubles == []


def test_a_line_that_comes_after_the_erp_had_the_order_is_told(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    Order.objects.update(erp_state="confirmed")
    intake = take(channel, order("A", "MOUSE", Sold("MOUSE", 2), after=5))
    assert [t.reason for t in intake.troubles] == ["divergence"]
    assert "the ERP was told 0" in intake.troubles[0].message


def test_a_quantity_that_changes_behind_the_erp_is_told_and_a_status_is_not(channel: Channel) -> None:
    make_product("MOUSE", on_hand=9)
    take(channel, order("A", Sold("MOUSE", 2)))
    Order.objects.update(erp_state="sent")
    moved = take(channel, order("A", Sold("MOUSE", 2), status=OrderStatus.SHIPPED, after=5))
    assert moved.troubles == []
    intake = take(channel, order("A", Sold("MOUSE", 3), status=OrderStatus.SHIPPED, after=6))
    assert [t.reason for t in intake.troubles] == ["divergence"]


def test_a_line_that_becomes_another_article_reserves_the_other_article(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    make_product("PAD", on_hand=5)
    take(channel, order("A", "MOUSE"))
    take(channel, order("A", "PAD", after=5))
    assert (reserved("MOUSE"), reserved("PAD")) == (0, 1)


def test_a_sku_that_nobody_knows_any_more_keeps_its_reservation(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    take(channel, order("A", "MOUSE-OLD", after=5))
    assert reserved("MOUSE") == 1


def test_a_line_called_cancelled_without_a_count_is_cancelled_whole(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 3)))
    take(channel, order("A", Sold("MOUSE", 3), status=OrderStatus.CANCELLED, after=5))
    assert OrderLine.objects.get().cancelled_quantity == 3
    assert reserved("MOUSE") == 0


def test_a_cancelled_order_frees_lines_that_its_channel_forgot_to_cancel(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 3)))
    take(
        channel, msgspec.structs.replace(order("A", Sold("MOUSE", 3), after=5), status=OrderStatus.CANCELLED)
    )
    assert reserved("MOUSE") == 0


def test_a_total_that_is_mended_releases_the_order_and_closes_its_issue(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    open_issues(take(channel, order("A", "MOUSE", total_amount=Decimal("59.90"))).troubles)
    take(channel, order("A", "MOUSE", after=5))
    assert Order.objects.get().held == ""
    assert Issue.objects.get().state == "closed"


def test_a_total_that_goes_wrong_later_holds_the_order_until_a_person_released_it(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    take(channel, order("A", "MOUSE", after=5, total_amount=Decimal("59.90")))
    stored = Order.objects.get()
    assert stored.held == "wrong_total"
    hold_order(stored.pk, reason="", actor="zoe")
    take(channel, order("A", "MOUSE", after=6, total_amount=Decimal("59.90")))
    assert Order.objects.get().held == ""


def test_a_hold_of_a_person_is_not_lifted_by_news(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    hold_order(Order.objects.get().pk, reason="fraud?", actor="zoe")
    take(channel, order("A", "MOUSE", after=5, number="1"))
    assert Order.objects.get().held == "fraud?"


def test_a_decision_that_nobody_waits_for_any_more_closes_its_issue(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE", status=OrderStatus.TO_ACCEPT))
    leave_to_a_person([(Order.objects.get(), "Not every unit is in stock.")])
    take(channel, order("A", "MOUSE", status=OrderStatus.REFUSED, after=5))
    assert Issue.objects.get().state == "closed"


def test_news_of_a_purged_order_bring_nobodys_name_back(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE", status=OrderStatus.DELIVERED, raw=b'{"name":"Zoe"}'))
    assert purge_contacts(channel, before=NOW + timedelta(days=1)) == 1
    take(channel, order("A", "MOUSE", status=OrderStatus.REFUNDED, after=5, raw=b'{"name":"Zoe"}'))
    stored = Order.objects.get()
    assert (stored.status, stored.contact.buyer_name, stored.contact.shipping_address) == (
        "refunded",
        "",
        None,
    )
    assert RawOrder.objects.get().text() == b""


def test_the_purge_leaves_the_buyers_of_orders_that_are_still_to_be_sent(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    assert purge_contacts(channel, before=NOW + timedelta(days=900)) == 0
    assert Order.objects.get().contact.buyer_name == "Zoé Martin"


def test_the_same_order_number_on_two_channels_is_two_orders(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    take(make_channel("shop-2"), order("A", "MOUSE", status=OrderStatus.SHIPPED))
    assert sorted(Order.objects.values_list("status", flat=True)) == ["shipped", "to_ship"]
    assert Reservation.objects.count() == 1


def test_an_order_with_an_id_as_long_as_its_column_leaves_the_stock_when_its_channel_ships_it(
    channel: Channel,
) -> None:
    make_product("MOUSE", on_hand=5)
    long = "A" * 118
    take(channel, order(long, "MOUSE"))
    take(channel, order(long, "MOUSE", status=OrderStatus.SHIPPED, after=5))
    assert reserved("MOUSE") == 0
