from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute
from comptoir.flows.invariants import orphans, strangers
from comptoir.inventory.models import Reservation, Stock
from comptoir.inventory.reservations import settle_reservations
from comptoir.orders.intake import Intake, record_orders
from comptoir.orders.links import link_waiting_lines
from comptoir.orders.models import Order, OrderLine, RawOrder
from comptoir.sdk import records
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order


def take(channel: Channel, *orders: records.Order) -> Intake:
    with transaction.atomic():
        intake = record_orders(channel, orders)
        settle_reservations(intake.order_ids)
    return intake


def reserved(sku: str) -> int:
    return Stock.objects.get(product__sku=sku).reserved


def test_a_new_order_is_stored_whole_and_its_units_are_reserved(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    intake = take(channel, order("A", Sold("MOUSE", 2)))
    stored = Order.objects.get()
    assert (intake.created, stored.total_amount, stored.reference) == (1, Decimal("99.80"), f"CO-{stored.pk}")
    assert stored.contact.shipping_address["city"] == "Nîmes"
    assert RawOrder.objects.get().text() == b"{}"
    assert reserved("MOUSE") == 2


def test_the_same_page_twice_changes_nothing(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    page = [order("A", Sold("MOUSE", 2)), order("B", "MOUSE")]
    take(channel, *page)
    before = list(Order.objects.order_by("id").values())
    again = take(channel, *page)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert list(Order.objects.order_by("id").values()) == before
    assert reserved("MOUSE") == 3


def test_an_order_repeated_within_a_page_is_taken_once_in_its_newest_state(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(
        channel,
        order("A", "MOUSE", status=OrderStatus.TO_SHIP, after=5),
        order("A", "MOUSE", status=OrderStatus.TO_ACCEPT),
    )
    assert Order.objects.get().status == OrderStatus.TO_SHIP


def test_older_news_never_overwrites_newer(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE", status=OrderStatus.SHIPPED, after=10))
    intake = take(channel, order("A", "MOUSE", status=OrderStatus.TO_SHIP, after=5))
    assert intake.older == 1
    assert Order.objects.get().status == OrderStatus.SHIPPED


def test_within_one_tick_of_the_channels_clock_an_order_only_goes_forward(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE", status=OrderStatus.TO_ACCEPT))
    assert take(channel, order("A", "MOUSE", status=OrderStatus.TO_SHIP)).updated == 1
    assert take(channel, order("A", "MOUSE", status=OrderStatus.TO_ACCEPT)).older == 1


def test_a_cancelled_order_frees_its_reservation_once(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 3)), order("B", "MOUSE"))
    cancelled = order("A", Sold("MOUSE", 3, cancelled=3), status=OrderStatus.CANCELLED, after=5)
    take(channel, cancelled)
    take(channel, cancelled)
    assert reserved("MOUSE") == 1


def test_a_line_cancelled_in_part_keeps_the_rest(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", Sold("MOUSE", 3)))
    take(channel, order("A", Sold("MOUSE", 3, cancelled=1), after=5))
    assert reserved("MOUSE") == 2


def test_an_order_of_an_unknown_product_is_kept_whole_and_reserves_once_the_product_is_known(
    channel: Channel,
) -> None:
    intake = take(channel, order("A", Sold("NEW", 2)))
    assert [t.reason for t in intake.troubles] == ["unknown_product"]
    assert OrderLine.objects.get().product is None
    make_product("NEW", on_hand=5)
    with transaction.atomic():
        settle_reservations(link_waiting_lines())
    assert reserved("NEW") == 2


def test_totals_that_do_not_add_up_hold_the_order_and_name_the_gap(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    intake = take(channel, order("A", "MOUSE", total_amount=Decimal("59.90")))
    assert [t.reason for t in intake.troubles] == ["wrong_total"]
    assert "10.00" in intake.troubles[0].message
    assert Order.objects.get().held == "wrong_total"
    assert reserved("MOUSE") == 1


def test_history_that_had_left_before_we_came_reserves_nothing(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE", status=OrderStatus.DELIVERED))
    assert not Reservation.objects.exists()
    assert Order.objects.get().erp_state == "not_needed"


def test_an_unknown_status_is_kept_reserved_and_told(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    intake = take(channel, order("A", "MOUSE", status=OrderStatus.UNKNOWN, external_status="ON_THE_MOON"))
    assert "ON_THE_MOON" in intake.troubles[0].message
    assert reserved("MOUSE") == 1


def test_a_kit_reserves_its_components(channel: Channel) -> None:
    mouse, kit = make_product("MOUSE", on_hand=5), make_product("KIT", is_kit=True)
    kit.components.create(component=mouse, quantity=2)
    take(channel, order("A", Sold("KIT", 2)))
    assert reserved("MOUSE") == 4


def test_what_is_left_without_its_order_is_found(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    assert list(orphans()) == []
    execute("DELETE FROM orders_order")
    found = [table for table, _ in orphans()]
    assert found == ["orders_orderline", "orders_ordercontact", "orders_raworder", "orders_orderevent"]


def test_an_order_of_no_channel_and_a_line_of_no_article_are_found(channel: Channel) -> None:
    make_product("MOUSE", on_hand=5)
    take(channel, order("A", "MOUSE"))
    assert list(strangers()) == []
    reference = Order.objects.get().reference
    execute("UPDATE orders_order SET channel_id = 999")
    execute("UPDATE orders_orderline SET product_id = 888")
    assert set(strangers()) == {
        (reference, "channel 999 is not there"),
        (reference, "article 888 is not there"),
    }
