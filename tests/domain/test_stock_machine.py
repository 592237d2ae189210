"""Whatever happens, in whatever order: the stock is the sum of its ledger and keeps what open lines need."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.counts import apply_count, correct_stock
from comptoir.inventory.ledger import find_imbalances
from comptoir.inventory.models import Reservation, Stock, Warehouse
from comptoir.inventory.reservations import settle_reservations
from comptoir.offers.desired import follow_sales, recompute_desired
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk import records
from comptoir.sdk.records import ErpShipmentLine, Parcel, StockLevel
from comptoir.sdk.statuses import RESERVING, OrderStatus
from comptoir.shipping.services import record_erp_shipments
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.records import Sold, order

SKUS = ("MOUSE", "PAD", "KIT")
KIT = {"MOUSE": 2, "PAD": 1}
CHANNELS = ("shop-1", "shop-2")
skus = st.sampled_from(SKUS)
statuses = st.sampled_from(list(OrderStatus))
ids = st.sampled_from("ABCDE")
channels = st.sampled_from(CHANNELS)


class StockMachine(RuleBasedStateMachine):
    """Time goes on by a minute at each step; everything is told through the services that the flows call."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.told: dict[tuple[str, str], records.Order] = {}
        self.shipments = 0
        clock.use_clock(lambda: self.now)
        self.world = transaction.atomic()
        self.world.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)
        clock.use_clock(clock.system_clock)

    @initialize(buffer=st.integers(0, 2), limit=st.none() | st.integers(0, 5))
    def open_shop(self, buffer: int, limit: int | None) -> None:
        mouse, pad = make_product("MOUSE", on_hand=6), make_product("PAD", on_hand=6)
        kit = make_product("KIT", is_kit=True)
        kit.components.create(component=mouse, quantity=KIT["MOUSE"])
        kit.components.create(component=pad, quantity=KIT["PAD"])
        for key, rules in zip(CHANNELS, ({}, {"stock_buffer": buffer, "stock_limit": limit}), strict=True):
            list_products(make_channel(key, **rules), [mouse.pk, pad.pk, kit.pk])

    @rule(
        channel=channels, name=ids, sold=st.lists(st.tuples(skus, st.integers(0, 4)), min_size=1, max_size=3)
    )
    def buy(self, channel: str, name: str, sold: list[tuple[str, int]]) -> None:
        """A new order, or other lines for one that we have."""
        self._tell(channel, order(f"{channel}-{name}", *(Sold(sku, units) for sku, units in sold)))

    @rule(channel=channels, name=ids, status=statuses, cancelled=st.integers(0, 4), late=st.booleans())
    def change(self, channel: str, name: str, status: OrderStatus, cancelled: int, late: bool) -> None:
        """Any status after any other; `late`: as news older than what we have."""
        before = self.told.get((channel, f"{channel}-{name}"))
        if before is None:
            return
        lines = tuple(
            msgspec.structs.replace(line, status=status, cancelled_quantity=min(cancelled, line.quantity))
            for line in before.lines
        )
        changed = msgspec.structs.replace(before, status=status, lines=lines)
        self._tell(channel, changed, minutes=-10_000 if late else 0)

    @rule(channel=channels, name=ids)
    def repeat(self, channel: str, name: str) -> None:
        before = self.told.get((channel, f"{channel}-{name}"))
        if before is not None:
            self._record(channel, before)

    @rule(channel=channels, name=ids, state=st.sampled_from(["waiting", "sent", "confirmed", "rejected"]))
    def erp_answers(self, channel: str, name: str, state: str) -> None:
        """The state alone moves; the next news of the order, or its departure, settles it."""
        Order.objects.filter(external_id=f"{channel}-{name}").update(erp_state=state)
        with transaction.atomic():
            touched = Order.objects.filter(external_id=f"{channel}-{name}").values_list("id", flat=True)
            recompute_desired(settle_reservations(list(touched)))

    @rule(sku=st.sampled_from(["MOUSE", "PAD"]), units=st.integers(0, 12), ago=st.integers(0, 5))
    def count(self, sku: str, units: int, ago: int) -> None:
        at = self.now - timedelta(minutes=ago)
        with transaction.atomic():
            levels = [StockLevel(sku=sku, warehouse="MAIN", quantity=units)]
            recompute_desired(apply_count(levels, as_of=at, reference="count").changed)

    @rule(sku=st.sampled_from(["MOUSE", "PAD"]), units=st.integers(0, 12))
    def correct(self, sku: str, units: int) -> None:
        stock = Stock.objects.select_related("product").get(product__sku=sku, warehouse__code="MAIN")
        main = Warehouse.objects.get(code="MAIN")
        correct_stock(product=stock.product, warehouse=main, on_hand=units, reason="count", actor="zoe")
        recompute_desired([stock.product_id])

    @rule(channel=channels, name=ids, units=st.integers(-1, 4), place=st.sampled_from(["MAIN", "LYON", ""]),
          ago=st.integers(0, 5), again=st.booleans())  # fmt: skip
    def ship(self, channel: str, name: str, units: int, place: str, ago: int, again: bool) -> None:
        found = (
            OrderLine.objects.filter(order__external_id=f"{channel}-{name}").select_related("order").first()
        )
        if found is None:
            return
        self.shipments += not again
        line = ErpShipmentLine(
            order_reference=found.order.reference, shipment_id=f"S{self.shipments}", line_id=found.external_id,
            sku=found.sku, quantity=units, warehouse=place, parcel=Parcel(carrier="COLISSIMO"),
            shipped_at=self.now - timedelta(minutes=ago),
        )  # fmt: skip
        with transaction.atomic():
            recompute_desired(record_erp_shipments([line], source="erp", run_id=None).product_ids)

    def _tell(self, channel: str, told: records.Order, minutes: int = 0) -> None:
        at = self.now + timedelta(minutes=minutes)
        total = sum((line.amount for line in told.lines), start=told.total_amount * 0)
        told = msgspec.structs.replace(told, updated_at=at, total_amount=total)
        if not minutes:
            self.told[channel, told.external_id] = told
        self._record(channel, told)

    def _record(self, channel: str, told: records.Order) -> None:
        self.now += timedelta(minutes=1)
        place = Channel.objects.get(key=channel)
        with transaction.atomic():
            intake = record_orders(place, [told])
            assert intake.rejected == []
            follow_sales(place, intake.sold, settle_reservations(intake.order_ids))

    @invariant()
    def the_stock_is_the_sum_of_its_ledger_and_of_its_reservations(self) -> None:
        assert find_imbalances() == []

    @invariant()
    def every_open_line_keeps_what_it_needs_and_nothing_else_keeps_anything(self) -> None:
        kept: dict[tuple[int, str], int] = {
            (line, sku): units
            for line, sku, units in Reservation.objects.values_list(
                "order_line_id", "product__sku", "quantity"
            )
        }
        for line in OrderLine.objects.select_related("order", "product"):
            for sku, each in _parts(line.sku).items():
                held = kept.pop((line.pk, sku), 0)
                assert held in _allowed(line, each), (line.sku, line.status, line.order.erp_state, held)
        assert kept == {}

    @invariant()
    def every_offer_wants_what_the_rule_gives(self) -> None:
        free = dict.fromkeys(SKUS, 0)
        for stock in Stock.objects.filter(warehouse__sellable=True).select_related("product"):
            free[stock.product.sku] += stock.on_hand - stock.reserved
        free["KIT"] = min(max(0, free[sku]) // each for sku, each in KIT.items())
        for offer in Offer.objects.select_related("channel"):
            units = max(0, max(0, free[offer.sku]) - offer.channel.stock_buffer)
            limit = offer.channel.stock_limit
            assert offer.desired_quantity == (units if limit is None else min(units, limit))

    @invariant()
    def nothing_is_negative_that_must_not_be(self) -> None:
        assert not Stock.objects.filter(reserved__lt=0).exists()
        assert not Reservation.objects.filter(quantity__lte=0).exists()
        assert not Offer.objects.filter(desired_quantity__lt=0).exists()
        for line in OrderLine.objects.all():
            assert 0 <= line.cancelled_quantity <= line.quantity
            assert line.shipped_quantity >= 0


def _parts(sku: str) -> dict[str, int]:
    return KIT if sku == "KIT" else {sku: 1}


def _allowed(line: OrderLine, each: int) -> set[int]:
    """Units that the line may keep: one figure, but for lines that the channel calls shipped and the ERP has.

    These keep what they kept until the ERP says that it left: all that is not shipped, or nothing where
    nothing was kept when they were called shipped.
    """
    open_units = max(0, line.quantity - line.cancelled_quantity - line.shipped_quantity) * each
    status, whole = OrderStatus(line.status), OrderStatus(line.order.status)
    if status in RESERVING and not whole.is_final:
        return {open_units}
    left = status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
    return {0, open_units} if left and line.order.erp_state in ("sent", "confirmed") else {0}


@pytest.mark.slow
def test_stock_stays_right_whatever_is_told_in_whatever_order(db: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        StockMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
