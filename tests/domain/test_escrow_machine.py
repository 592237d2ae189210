"""Whatever sells, is written, lost, refused or read in whatever order: no last unit is sold twice.

The machine plays the channels exactly as marketplaces are: they lower what they show at each sale, take our
absolute figures (which write over sales that we have not heard of), and tell their orders when asked.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.ledger import find_imbalances
from comptoir.inventory.models import Reservation, Stock
from comptoir.inventory.reservations import settle_reservations
from comptoir.inventory.rules import Draft, current_rules
from comptoir.offers.claims import claim_prices, claim_quantities
from comptoir.offers.desired import recompute_after_sales, recompute_desired
from comptoir.offers.differences import find_untrue_waiting
from comptoir.offers.listing import compare_with_channel, list_products
from comptoir.offers.models import Offer, Submission, SubmissionItem
from comptoir.offers.rules import keep_rule, remove_rule
from comptoir.offers.settling import note_orders_read, share_last_units
from comptoir.offers.submissions import close_submission, give_back, mark_sent
from comptoir.orders.intake import record_orders
from comptoir.sdk.records import ListedOffer, Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.explained import Memory
from tests.domain.records import Sold, order

SHOPS = {"one": "one", "two": "two", "north": "pooled", "south": "pooled"}
shops = st.sampled_from(sorted(SHOPS))


class EscrowMachine(RuleBasedStateMachine):
    CONTENTS: ClassVar[dict[str, dict[str, int]]] = {"MOUSE": {"MOUSE": 1}}
    """Of what is sold, the units of each article in one of it; an article is made of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.articles = sorted({article for parts in self.CONTENTS.values() for article in parts})
        self.there = {(pool, sku): 0 for pool in SHOPS.values() for sku in self.CONTENTS}
        """What each pool really shows."""
        self.untold: dict[str, list[tuple[int, str, str, int]]] = {shop: [] for shop in SHOPS}
        self.waiting: dict[str, tuple[Submission, dict[str, int]]] = {}
        self.sold = dict.fromkeys(self.articles, 0)
        self.received = dict.fromkeys(self.articles, 0)
        self.orders = 0
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

    @initialize(
        units=st.integers(1, 4), speeds=st.lists(st.sampled_from([None, 0.5, 8.0]), min_size=4, max_size=4)
    )
    def open_shops(self, units: int, speeds: list[float | None]) -> None:
        products = {
            sku: self._make(sku, units)
            for sku in sorted(self.CONTENTS, key=lambda sku: sku not in self.articles)
        }
        for (shop, pool), speed in zip(SHOPS.items(), speeds, strict=True):
            channel = make_channel(shop, stock_pool=pool, escrow=True)
            list_products(channel, [product.pk for product in products.values()])
            Offer.objects.filter(channel=channel).update(state="listed", sent_quantity=0, daily_sales=speed)
        recompute_desired([product.pk for product in products.values()])

    def _make(self, sku: str, units: int) -> Product:
        is_kit = sku not in self.articles
        product = make_product(sku, on_hand=0 if is_kit else units, price="20.00", is_kit=is_kit)
        product.purchase_prices.create(price=Decimal("10.00"), currency="EUR", valid_from=NOW)
        if is_kit:
            for article, each in self.CONTENTS[sku].items():
                product.components.create(component=Product.objects.get(sku=article), quantity=each)
        else:
            self.received[sku] = units
        return product

    def _tick(self) -> None:
        self.now += timedelta(minutes=3)

    @rule(shop=shops, units=st.integers(1, 3), which=st.integers(0, 9))
    def buy(self, shop: str, units: int, which: int) -> None:
        """A channel sells what it shows, and no more; we hear of it later."""
        self._tick()
        sku = sorted(self.CONTENTS)[which % len(self.CONTENTS)]
        units = min(units, self.there[SHOPS[shop], sku])
        if units:
            self.there[SHOPS[shop], sku] -= units
            self.orders += 1
            for article, each in self.CONTENTS[sku].items():
                self.sold[article] += units * each
            self.untold[shop].append((self.orders, self.now.isoformat(), sku, units))

    @rule(shop=shops)
    def read_orders(self, shop: str) -> None:
        self._tick()
        channel, began = Channel.objects.get(key=shop), self.now
        told, self.untold[shop] = self.untold[shop], []
        for number, at, sku, units in told:
            sale = order(f"{shop}-{number}", Sold(sku, units), placed_at=type(NOW).fromisoformat(at))
            intake = record_orders(channel, [sale])
            assert intake.rejected == []
            recompute_after_sales(channel, settle_reservations(intake.order_ids), intake.sold)
        note_orders_read(channel, began)

    @rule(
        shop=shops,
        fate=st.sampled_from(["taken", "taken", "taken", "lost_taken", "lost", "refused", "later"]),
    )
    def publish(self, shop: str, fate: str) -> None:
        self._tick()
        channel = Channel.objects.get(key=shop)
        claimed = claim_quantities(channel, limit=10)
        if claimed is None:
            return
        submission, rows = claimed
        if fate == "later":
            mark_sent(submission, "import-1")
            self.waiting[shop] = (submission, {row.sku: row.quantity for row in rows})
            return
        if fate in ("taken", "lost_taken"):
            self._show(shop, {row.sku: row.quantity for row in rows})
        self._tick()
        if fate in ("lost", "lost_taken"):
            give_back(submission, state=Submission.State.LOST, message="no answer")
        else:
            mark_sent(submission, "import-1")
            self._close(submission, refused=fate == "refused")

    @rule(shop=shops, taken=st.booleans())
    def report_comes(self, shop: str, taken: bool) -> None:
        """An import that waited is applied now, over whatever was sold meanwhile."""
        self._tick()
        found = self.waiting.pop(shop, None)
        if found is not None:
            if taken:
                self._show(shop, found[1])
            self._tick()
            self._close(found[0], refused=not taken)

    def _show(self, shop: str, quantities: dict[str, int]) -> None:
        self.there |= {(SHOPS[shop], sku): quantity for sku, quantity in quantities.items()}

    def _close(self, submission: Submission, *, refused: bool) -> None:
        outcome = Outcome.REJECTED if refused else Outcome.DONE
        skus = submission.lines.values_list("offer__sku", flat=True)
        verdicts = tuple(Verdict(key=sku, outcome=outcome, message="no") for sku in skus) if refused else ()
        close_submission(submission, SubmissionReport(state=ImportState.COMPLETE, verdicts=verdicts))

    @rule(shop=shops)
    def read_back(self, shop: str) -> None:
        self._tick()
        channel = Channel.objects.get(key=shop)
        shown = [
            ListedOffer(
                sku=sku, external_id="x", quantity=self.there[SHOPS[shop], sku], price=Decimal("20.00")
            )
            for sku in self.CONTENTS
        ]
        compare_with_channel(channel, shown)

    @rule(units=st.integers(1, 3), which=st.integers(0, 9))
    def receive(self, units: int, which: int) -> None:
        """Few enough that all of it stays in escrow: above, every channel shows the plain number."""
        self._tick()
        article = self.articles[which % len(self.articles)]
        stock = Stock.objects.select_related("product", "warehouse").get(product__sku=article)
        units = min(units, 4 - (stock.on_hand - stock.reserved))
        if units <= 0:
            return
        correct_stock(product=stock.product, warehouse=stock.warehouse, on_hand=stock.on_hand + units, reason="in",
                      actor="zoe")  # fmt: skip
        self.received[article] += units
        recompute_desired([stock.product_id])

    @rule(shop=shops, state=st.sampled_from(["active", "active", "suspended"]))
    def channel_state(self, shop: str, state: str) -> None:
        Channel.objects.filter(key=shop).update(state=state)
        share_last_units()

    @rule(kind=st.sampled_from(["buffer", "share", "limit", "minimum", "envelope"]), value=st.integers(0, 60),
          shop=shops | st.none())  # fmt: skip
    def keep_a_rule(self, kind: str, value: int, shop: str | None) -> None:
        self._tick()
        channel = None if shop is None else Channel.objects.get(key=shop)
        keep_rule(Draft(kind, value % 5 if kind != "share" else value, channel=channel), actor="zoe")

    @rule(which=st.integers(0, 4))
    def remove_a_rule(self, which: int) -> None:
        self._tick()
        rules = current_rules()
        if rules:
            number = rules[which % len(rules)].number
            assert number is not None
            remove_rule(number, actor="zoe")

    @invariant()
    def what_is_told_now_is_what_will_be_told_of_now(self) -> None:
        self.memory.note(self.now)

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        assert all(self.sold[article] <= self.received[article] for article in self.articles)

    def _untold(self, article: str) -> int:
        return sum(
            units * self.CONTENTS[sku].get(article, 0)
            for sales in self.untold.values()
            for _, _, sku, units in sales
        )

    @invariant()
    def what_may_still_sell_is_within_what_there_is_and_within_what_we_think(self) -> None:
        """Over channels, and over an article and all that takes units of it."""
        for article in self.articles:
            stock = Stock.objects.filter(product__sku=article).first()
            available = 0 if stock is None else stock.on_hand - stock.reserved
            shown = sum(units * self.CONTENTS[sku].get(article, 0) for (_, sku), units in self.there.items())
            assert shown + self._untold(article) <= available

    @invariant()
    def the_ledger_and_the_reservations_add_up(self) -> None:
        assert find_imbalances() == []
        assert find_untrue_waiting() == []
        for article in self.articles:
            kept = sum(Reservation.objects.filter(product__sku=article).values_list("quantity", flat=True))
            assert kept == self.sold[article] - self._untold(article)

    @invariant()
    def no_price_under_its_floor_was_ever_claimed(self) -> None:
        for channel in Channel.objects.all():
            claim_prices(channel, limit=10)
        for item in SubmissionItem.objects.exclude(price=None).select_related("offer"):
            floor = item.offer.floor_price
            assert floor is not None
            assert (item.price or 0) >= floor


class KitMachine(EscrowMachine):
    """The mouse alone, in pairs, and with a pad that is scarce too."""

    CONTENTS: ClassVar[dict[str, dict[str, int]]] = {
        "MOUSE": {"MOUSE": 1}, "PAD": {"PAD": 1}, "PAIR": {"MOUSE": 2}, "DESK": {"MOUSE": 1, "PAD": 1},
    }  # fmt: skip


def play(machine: type[EscrowMachine], *, examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_last_unit_is_sold_twice_whatever_happens_in_whatever_order(db: None) -> None:
    play(EscrowMachine, examples=20, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_last_unit_is_sold_twice_by_an_article_and_the_kits_that_take_it(db: None) -> None:
    play(KitMachine, examples=15, steps=25)
