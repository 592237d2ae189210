"""The hub's own flows before the simulated marketplaces, over the wire: refunds, our numbers, rivals, settlements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comptoir.finance.models import SettlementEntry
from comptoir.journal.models import Run
from comptoir.orders.models import Order, OrderLine, Refund
from comptoir.orders.refunds import refundable_lines, request_refund
from comptoir.pricing.models import CompetingOffer
from comptoir.rehearsal.connecting import connect_parties, offer_everything
from comptoir.rehearsal.day import Day
from comptoir.rehearsal.options import Options
from comptoir.rehearsal.refunds import judge_refunds
from comptoir.rehearsal.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
STEP = timedelta(minutes=10)
OPTIONS = Options(
    seed=4, orders=12, products=4, channels=("mirakl", "octopia", "fnac"), day=timedelta(hours=3)
)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> Iterator[World]:
    settings.ALLOW_LOOPBACK = True
    with World(OPTIONS, tmp_path) as world:
        yield world


def untouched_line(order: Order) -> OrderLine | None:
    """One of which nothing was given back or asked for: the rehearsal's own person refunds too."""
    for left in refundable_lines(order).values():
        whole = left.line.amount + left.line.shipping_amount
        if left.quantity == left.line.quantity and left.amount >= whole:
            return left.line
    return None


def refund_whole(order: Order, line: OrderLine) -> None:
    """The one refund that all three know."""
    request_refund(
        order.pk, lines={line.external_id: line.quantity}, amounts={line.external_id: line.amount},
        shipping={line.external_id: line.shipping_amount}, actor="zoe",
    )  # fmt: skip


@pytest.mark.timeout(400)
def test_money_given_back_is_in_every_ledger_once_and_the_rest_is_told_too(world: World) -> None:
    world.plan_day()
    with Day(world, OPTIONS.start) as day:
        channels = connect_parties(world.parties)
        day.run_until(OPTIONS.start + OPTIONS.opening / 2, step=STEP)
        offer_everything(channels)
        day.run_until(OPTIONS.doors_open, step=STEP)
        day.run_until(OPTIONS.doors_open + OPTIONS.day, step=STEP)
        day.settle(OPTIONS.start + timedelta(days=4), step=STEP)
        refunded = set()
        for order in Order.objects.select_related("channel").order_by("pk"):
            if order.channel.key in refunded or order.status not in ("shipped", "delivered"):
                continue
            if line := untouched_line(order):
                refund_whole(order, line)
                refunded.add(order.channel.key)
        # An answer that is lost after the work was done is where money is given back twice.
        world.set_faults("harsh")
        day.run_until(day.now + timedelta(hours=2), step=STEP)
        world.set_faults("none")
        day.settle(day.now + timedelta(days=2), step=STEP)
        day.run_until(day.now + timedelta(hours=30), step=timedelta(hours=1))
        counts, disagreements = judge_refunds(world, list(world.orders()))
    assert len(refunded) == 3
    assert list(Refund.objects.exclude(state="done").values_list("reference", "message")) == []
    # The rehearsal's own person may have given some back too.
    assert (counts["done"], counts["refused"], disagreements) == (Refund.objects.count(), 0, [])
    given = OrderLine.objects.filter(given_back_amount__gt=0)
    assert [line.erp_refunded_amount for line in given] == [line.given_back_amount for line in given]
    for flow in ("write_references", "watch_prices", "import_settlements"):
        assert Run.objects.filter(flow=flow, outcome="succeeded").exists(), flow
    assert CompetingOffer.objects.filter(is_ours=False).exists()
    final = SettlementEntry.objects.filter(state="final", channel__kind="octopia")
    assert {"sale", "commission", "refund"} <= set(final.values_list("kind", flat=True))
    assert not final.filter(order=None).exists()
