"""A channel that cannot be read goes on selling: what may have sold there is left to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.measure_demand import SILENT_AT_MOST, silences
from comptoir.flows.policy import run_flow
from comptoir.flows.registry import flows
from comptoir.flows.schedule import due_turns, plan_turns
from comptoir.offers.listing import list_products
from comptoir.offers.models import LastUnits, Offer
from comptoir.offers.settling import note_orders_read
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]


@pytest.fixture
def selling(shop: Shop, other_shop: Shop, time: MovingClock) -> tuple[Channel, Channel]:
    """Thirty mice on two channels, both confirmed; the first sold ten a day for four days."""
    channels = shop[0], other_shop[0]
    Channel.objects.update(escrow=True)
    mouse = make_product("MOUSE", on_hand=30)
    mouse.purchase_prices.create(price=Decimal(5), valid_from=mouse.created_at)
    for channel in channels:
        list_products(channel, [mouse.pk])
        turn(channel)
    with transaction.atomic():
        record_orders(
            channels[0], [order(f"A-{n}", Sold("MOUSE", 10), status=OrderStatus.DELIVERED) for n in range(4)]
        )
    Order.objects.update(placed_at=clock.now() - timedelta(days=4))
    run_flow("measure_demand", "")
    assert shown(channels[1]) == 30
    return channels


def turn(channel: Channel) -> None:
    run_flow("publish_offers", channel.key)
    run_flow("check_submissions", channel.key)
    note_orders_read(channel, clock.now())


def shown(channel: Channel) -> int | None:
    return Offer.objects.get(channel=channel).confirmed_quantity


def test_the_longer_a_channel_is_silent_the_more_the_others_leave_to_it(
    selling: tuple[Channel, Channel], time: MovingClock
) -> None:
    silent, other = selling
    time.advance(minutes=5)
    note_orders_read(other, clock.now())
    assert silences(clock.now()) == {}
    time.advance(days=1)
    note_orders_read(other, clock.now())
    assert silences(clock.now()) == {silent.pk: pytest.approx(86_400 + 300)}
    run_flow("widen_escrow", "")
    for _ in range(4):
        time.advance(minutes=1)
        turn(other)
        run_flow("share_units", "")
    # Ten a day and what chance adds may have gone there: of thirty nobody knows how many are left.
    assert LastUnits.objects.get().escrow_units >= 30
    assert shown(silent) == 30
    assert shown(other) == 0
    # It speaks again: what was kept for it is given back within minutes, not at the next measure of the day.
    note_orders_read(silent, clock.now())
    plan_turns()
    time.advance(minutes=1)
    run_flow("widen_escrow", "")
    assert ("measure_demand", "") in [(due.flow, due.channel) for due in due_turns(clock.now())]
    run_flow("measure_demand", "")
    for channel in selling:
        turn(channel)
    assert (shown(silent), shown(other)) == (30, 30)
    assert not flows()["widen_escrow"].has_work(None)


def test_a_short_silence_a_pause_by_hand_and_a_channel_left_for_good_keep_nothing_more(
    selling: tuple[Channel, Channel], time: MovingClock
) -> None:
    silent, other = selling
    time.advance(days=30)
    note_orders_read(other, clock.now())
    assert silences(clock.now()) == {silent.pk: SILENT_AT_MOST.total_seconds()}
    run_flow("widen_escrow", "")
    assert not LastUnits.objects.exists()  # nothing sold there for four weeks
    Channel.objects.filter(pk=silent.pk).update(state=Channel.State.PAUSED)
    assert silences(clock.now()) == {}
    run_flow("measure_demand", "")
    assert not flows()["widen_escrow"].has_work(None)
