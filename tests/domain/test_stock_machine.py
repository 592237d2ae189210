"""Whatever happens, in whatever order: the stock is the sum of its ledger and keeps what open lines need."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.counts import apply_count, correct_stock
from comptoir.inventory.inspection import CannotInspect, inspection_place, judge_return, receive_return
from comptoir.inventory.ledger import find_imbalances
from comptoir.inventory.models import Reservation, Stock, Transfer, Warehouse
from comptoir.inventory.rerouting import reroute_short
from comptoir.inventory.reservations import settle_reservations
from comptoir.inventory.rules import Draft, current_rules
from comptoir.inventory.transfers import CannotTransfer, ask_transfer, receive_transfer, send_transfer
from comptoir.offers.desired import recompute_after_sales, recompute_desired
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.offers.publication import Terms, published
from comptoir.offers.rules import keep_rule, remove_rule
from comptoir.offers.rulings import apply_due_rules
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk import records
from comptoir.sdk.records import ErpShipmentLine, Parcel, StockLevel
from comptoir.sdk.statuses import RESERVING, OrderStatus
from comptoir.shipping.services import record_erp_shipments
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.explained import Memory
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
        self.memory = Memory()
        clock.use_clock(lambda: self.now)
        self.world = transaction.atomic()
        self.world.__enter__()

    def teardown(self) -> None:
        try:
            if not transaction.get_connection().needs_rollback:  # a failed step is what to show, not this
                self.memory.check()
        finally:
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

    @rule(kind=st.sampled_from(["buffer", "share", "limit", "minimum", "envelope", "always"]), value=st.integers(0, 8),
          sku=skus | st.none(), channel=channels | st.none(), ends=st.none() | st.integers(1, 9))  # fmt: skip
    def keep_a_rule(
        self, kind: str, value: int, sku: str | None, channel: str | None, ends: int | None
    ) -> None:
        draft = Draft(
            kind, value, product=None if sku is None else Product.objects.get(sku=sku),
            channel=None if channel is None else Channel.objects.get(key=channel),
            valid_until=None if ends is None else self.now + timedelta(minutes=ends),
        )  # fmt: skip
        keep_rule(draft, actor="zoe")

    @rule(which=st.integers(0, 4))
    def remove_a_rule(self, which: int) -> None:
        rules = current_rules()
        if rules:
            number = rules[which % len(rules)].number
            assert number is not None
            remove_rule(number, actor="zoe")

    @rule(channel=channels, name=ids)
    def pause_or_resume(self, channel: str, name: str) -> None:
        offer = Offer.objects.filter(channel__key=channel).order_by("id")[ord(name) % 3]
        Offer.objects.filter(pk=offer.pk).update(state="listed" if offer.state == "paused" else "paused")
        recompute_desired([offer.product_id] if offer.product_id else [])

    @rule(units=st.integers(1, 3), sku=st.sampled_from(["MOUSE", "PAD"]), back=st.booleans())
    def send_to_the_other_warehouse(self, units: int, sku: str, back: bool) -> None:
        main, far = (
            Warehouse.objects.get(code="MAIN"),
            Warehouse.objects.get_or_create(code="FAR", priority=200)[0],
        )
        product = Product.objects.get(sku=sku)
        source, target = (far, main) if back else (main, far)
        asked = ask_transfer(product=product, source=source, target=target, units=units, actor="zoe")
        with suppress(CannotTransfer):
            send_transfer(asked.pk, actor="zoe")
            recompute_desired([product.pk])

    @rule(lost=st.integers(0, 1))
    def a_transfer_arrives(self, lost: int) -> None:
        found = Transfer.objects.filter(state="sent").first()
        if found is not None:
            receive_transfer(found.pk, found.units - lost, actor="zoe")
            recompute_desired([found.product_id])

    @rule(units=st.integers(1, 3), accepted=st.integers(0, 3), sku=st.sampled_from(["MOUSE", "PAD"]))
    def something_comes_back(self, units: int, accepted: int, sku: str) -> None:
        product = Product.objects.get(sku=sku)
        receive_return(product=product, units=units, reference="parcel", actor="zoe")
        with suppress(CannotInspect):
            judge_return(
                product=product, place=inspection_place(), accepted=accepted, scrapped=0, actor="zoe"
            )
            recompute_desired([product.pk])

    @rule()
    def orders_are_rerouted(self) -> None:
        reroute_short()

    @rule()
    def time_goes_on(self) -> None:
        self.now += timedelta(minutes=3)
        apply_due_rules()

    def _tell(self, channel: str, told: records.Order, minutes: int = 0) -> None:
        at = self.now + timedelta(minutes=minutes)
        total = sum((line.amount for line in told.lines), start=told.total_amount * 0)
        told = msgspec.structs.replace(told, updated_at=at, total_amount=total)
        if not minutes:
            self.told[channel, told.external_id] = told
        self._record(channel, told)

    def _record(self, channel: str, told: records.Order) -> None:
        self.now += timedelta(minutes=1)
        apply_due_rules()
        place = Channel.objects.get(key=channel)
        with transaction.atomic():
            intake = record_orders(place, [told])
            assert intake.rejected == []
            recompute_after_sales(place, settle_reservations(intake.order_ids), intake.sold)

    @invariant()
    def the_stock_is_the_sum_of_its_ledger_and_of_its_reservations(self) -> None:
        assert find_imbalances() == []

    @invariant()
    def every_open_line_keeps_what_it_needs_and_nothing_else_keeps_anything(self) -> None:
        kept: dict[tuple[int, str], int] = {}
        for line_id, sku, units in Reservation.objects.values_list(
            "order_line_id", "product__sku", "quantity"
        ):
            kept[line_id, sku] = kept.get((line_id, sku), 0) + units
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
        for offer in Offer.objects.select_related("channel", "ruling"):
            expected = published(
                max(0, free[offer.sku]), _terms(offer), kept_back=offer.channel.stock_buffer,
                most=offer.channel.stock_limit, envelope_left=_envelope_left(offer),
            )  # fmt: skip
            assert offer.desired_quantity == (0 if offer.state == "paused" else expected)

    @invariant()
    def what_is_told_now_is_what_will_be_told_of_now(self) -> None:
        self.memory.note(self.now)

    @invariant()
    def nothing_is_negative_that_must_not_be(self) -> None:
        assert not Stock.objects.filter(reserved__lt=0).exists()
        assert not Reservation.objects.filter(quantity__lte=0).exists()
        assert not Offer.objects.filter(desired_quantity__lt=0).exists()
        for line in OrderLine.objects.all():
            assert 0 <= line.cancelled_quantity <= line.quantity
            assert line.shipped_quantity >= 0


def _terms(offer: Offer) -> Terms:
    r = offer.ruling
    return Terms() if r is None else Terms(r.buffer, r.cover, r.share, r.most, r.minimum, r.always)


def _envelope_left(offer: Offer) -> int | None:
    if offer.ruling is None or offer.ruling.envelope is None:
        return None
    ended = (OrderStatus.CANCELLED, OrderStatus.REFUSED)
    lines = OrderLine.objects.filter(
        product=offer.product_id,
        order__channel=offer.channel,
        order__placed_at__gte=offer.ruling.envelope_from,
    )
    lines = lines.exclude(status__in=ended).exclude(order__status__in=ended)
    return max(0, offer.ruling.envelope - sum(line.quantity - line.cancelled_quantity for line in lines))


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
@pytest.mark.timeout(400)
@pytest.mark.timeout(600)
def test_stock_stays_right_whatever_is_told_in_whatever_order(db: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        StockMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
