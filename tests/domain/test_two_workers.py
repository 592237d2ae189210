"""Two sessions at once on the same units: they wait for each other, never deadlock, and the stock is right."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.envelopes import current_key
from comptoir.core.locks import Busy, advisory_lock
from comptoir.core.throttle import PostgresThrottle
from comptoir.inventory.counts import apply_count
from comptoir.inventory.ledger import find_imbalances
from comptoir.inventory.models import Stock
from comptoir.inventory.reservations import settle_reservations
from comptoir.offers.claims import claim_quantities
from comptoir.offers.desired import recompute_after_sales, recompute_desired
from comptoir.offers.differences import find_untrue_waiting
from comptoir.offers.listing import compare_with_channel, list_products
from comptoir.offers.models import Offer, Submission, SubmissionItem
from comptoir.offers.submissions import close_submission, give_back, mark_sent
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order, OrderLine
from comptoir.sdk.http import Limit
from comptoir.sdk.records import ErpShipmentLine, ListedOffer, Parcel, StockLevel, SubmissionReport
from comptoir.sdk.statuses import ImportState, OrderStatus
from comptoir.shipping.services import record_erp_shipments
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.records import Sold, order

pytestmark = pytest.mark.django_db(transaction=True)
SKUS = [f"P{n}" for n in range(8)]
ROUNDS = 60


def at_once(*jobs: Callable[[], None]) -> None:
    """Each in its own thread, with its own connection; the first error of any is raised."""
    errors: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
        assert not thread.is_alive(), "it still goes on"
    if errors:
        raise errors[0]


def importer(channel: Channel, seed: int) -> Callable[[], None]:
    """Pages of orders that come, change and are cancelled, always of the same few articles and kits."""

    def run() -> None:
        chance = random.Random(seed)
        for turn in range(ROUNDS):
            page = []
            for _ in range(6):
                name = f"{channel.key}-{chance.randrange(25)}"
                sold = [Sold(sku, chance.randint(1, 2)) for sku in chance.sample([*SKUS, "KIT"], 2)]
                status = chance.choice([OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.CANCELLED])
                page.append(order(name, *sold, status=status, after=turn))
            with transaction.atomic():
                intake = record_orders(channel, page)
                recompute_after_sales(channel, settle_reservations(intake.order_ids), intake.sold)

    return run


def counter() -> None:
    chance = random.Random(3)
    for turn in range(ROUNDS):
        levels = [
            StockLevel(sku=sku, warehouse=chance.choice(["MAIN", "LYON"]), quantity=chance.randint(0, 20))
            for sku in chance.sample(SKUS, 6)
        ]
        with transaction.atomic():
            counted = apply_count(levels, as_of=NOW + timedelta(seconds=turn), reference=str(turn))
            recompute_desired(counted.changed)


def shipper() -> None:
    chance = random.Random(4)
    for turn in range(ROUNDS):
        lines = list(OrderLine.objects.select_related("order").order_by("?")[:6])
        told = [
            ErpShipmentLine(
                order_reference=line.order.reference, shipment_id=f"{turn}-{n}", line_id=line.external_id,
                sku=line.sku, quantity=1, warehouse=chance.choice(["MAIN", "LYON"]), parcel=Parcel(carrier="X"),
                shipped_at=NOW + timedelta(seconds=turn),
            )
            for n, line in enumerate(lines)
        ]  # fmt: skip
        with transaction.atomic():
            recompute_desired(record_erp_shipments(told, source="erp", run_id=None).product_ids)


def reader(channel: Channel) -> Callable[[], None]:
    def run() -> None:
        for turn in range(ROUNDS):
            shown = [
                ListedOffer(sku=sku, quantity=turn, price=Decimal(9)) for sku in reversed([*SKUS, "KIT"])
            ]
            compare_with_channel(channel, shown)

    return run


def publisher(channel: Channel) -> Callable[[], None]:
    """Claims what differs while it changes; now and then nobody knows what the channel took."""

    def run() -> None:
        for turn in range(ROUNDS):
            if (claimed := claim_quantities(channel, limit=1 + turn % 9)) is not None:
                mark_sent(claimed[0], str(turn))
                if turn % 5:
                    close_submission(claimed[0], SubmissionReport(state=ImportState.COMPLETE))
                else:
                    give_back(claimed[0], state=Submission.State.LOST, message="no answer")

    return run


@pytest.mark.slow
def test_imports_of_two_channels_counts_departures_and_reads_at_once_leave_everything_right() -> None:
    products = [make_product(sku, on_hand=10) for sku in SKUS]
    kit = make_product("KIT", is_kit=True)
    for part in products[2:5]:
        kit.components.create(component=part, quantity=1)
    shops = [make_channel("shop-1"), make_channel("shop-2")]
    for shop in shops:
        list_products(shop, [*(p.pk for p in products), kit.pk])

    at_once(
        importer(shops[0], 1), importer(shops[1], 2), counter, shipper, reader(shops[0]), reader(shops[1]),
        publisher(shops[0]), publisher(shops[1]),
    )  # fmt: skip

    assert Order.objects.count() == 50
    assert find_imbalances() == []
    assert find_untrue_waiting() == []
    assert SubmissionItem.objects.count() > ROUNDS // 2
    before = dict(Offer.objects.values_list("id", "desired_quantity"))
    assert settle_all() == []
    recompute_desired([*(p.pk for p in products), kit.pk])
    assert dict(Offer.objects.values_list("id", "desired_quantity")) == before


def test_a_claim_leaves_what_another_transaction_holds_to_its_next_turn() -> None:
    shop = make_channel("shop-1")
    list_products(shop, [make_product(sku, on_hand=5).pk for sku in ("A", "B", "C")])
    Offer.objects.update(state="listed", sent_quantity=1)
    held, claimed = threading.Event(), threading.Event()
    found: list[set[str]] = []

    def holder() -> None:
        with transaction.atomic():
            Offer.objects.select_for_update().get(sku="B")
            held.set()
            assert claimed.wait(30)

    def claimer() -> None:
        assert held.wait(30)
        try:
            claim = claim_quantities(shop, limit=10)
        finally:
            claimed.set()
        assert claim is not None
        found.append({row.sku for row in claim[1]})

    at_once(holder, claimer)
    assert found == [{"A", "C"}]
    rest = claim_quantities(shop, limit=10)
    assert rest is not None
    assert [row.sku for row in rest[1]] == ["B"]


def settle_all() -> list[tuple[int, int]]:
    """Rows whose reservations a second settlement would change: none, when the first one was right."""
    before = dict(Stock.objects.values_list("id", "reserved"))
    with transaction.atomic():
        settle_reservations(list(Order.objects.values_list("id", flat=True)))
    after = dict(Stock.objects.values_list("id", "reserved"))
    return [(pk, after[pk]) for pk in after if after[pk] != before.get(pk)]


def test_two_workers_that_sell_two_components_of_a_kit_leave_its_offer_right() -> None:
    mouse, pad = make_product("MOUSE", on_hand=5), make_product("PAD", on_hand=5)
    kit, shop = make_product("KIT", is_kit=True), make_channel("shop-1")
    for part in (mouse, pad):
        kit.components.create(component=part, quantity=1)
    list_products(shop, [kit.pk])
    current_key("index")  # made once for good, under a lock that the other would wait for
    both = threading.Barrier(2, timeout=20)

    def sell(name: str, sku: str, units: int) -> Callable[[], None]:
        def run() -> None:
            with transaction.atomic():
                intake = record_orders(shop, [order(name, Sold(sku, units))])
                products = settle_reservations(intake.order_ids)
                both.wait()
                recompute_after_sales(shop, products, intake.sold)

        return run

    at_once(sell("A", "MOUSE", 1), sell("B", "PAD", 3))
    assert Offer.objects.get().desired_quantity == 2


def test_of_two_sessions_only_one_holds_a_lock() -> None:
    refused = []

    def second() -> None:
        try:
            with advisory_lock("flow:orders:shop"):
                return
        except Busy:
            refused.append(True)

    with advisory_lock("flow:orders:shop"):
        at_once(second)
    at_once(second)
    assert refused == [True]


def test_a_throttle_grants_its_tokens_once_across_sessions() -> None:
    granted: list[int] = []
    throttle = PostgresThrottle(clock.now)
    limit = Limit(rate=0.001, burst=30)

    def taker() -> None:
        granted.append(sum(throttle.take("account:OR11", limit) == 0 for _ in range(25)))

    at_once(taker, taker, taker)
    assert sum(granted) == 30


def test_a_throttle_closed_by_a_429_lets_nobody_through_until_it_is_over() -> None:
    instant = [NOW]
    throttle = PostgresThrottle(lambda: instant[0])
    limit = Limit(rate=10, burst=10)
    throttle.take("k", limit)
    throttle.drain("k", limit, 90)
    assert throttle.take("k", limit) == pytest.approx(90)
    instant[0] += timedelta(seconds=89)
    assert throttle.take("k", limit) == pytest.approx(1)
    instant[0] += timedelta(seconds=2)
    assert throttle.take("k", limit) == 0
