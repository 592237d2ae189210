"""The same seed is the same world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from stdnum import ean

from bazaar.admin.plans import plan_day
from bazaar.world.day import DayPlan, split_by_share
from bazaar.world.randomness import NamedRandom
from bazaar.world.world import SimulatedWorld

MakeWorld = Callable[..., SimulatedWorld]
START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def live_through_a_day(world: SimulatedWorld, orders: int = 400) -> list[bytes]:
    world.demand.go_live(30.0, "shop")
    plan_day(world, DayPlan(orders=orders, start=START, end=START + timedelta(hours=16), profile="shop"))
    world.advance(START + timedelta(days=1))
    return [msgspec.json.encode(fact) for fact in world.ledger]


def test_two_worlds_of_one_seed_tell_the_same_ledger(make_world: MakeWorld) -> None:
    first, second = live_through_a_day(make_world(seed=7)), live_through_a_day(make_world(seed=7))
    assert len(first) > 400
    assert first == second


def test_another_seed_tells_another_ledger(make_world: MakeWorld) -> None:
    assert live_through_a_day(make_world(seed=7)) != live_through_a_day(make_world(seed=8))


def test_pushing_the_clock_by_small_steps_or_one_big_one_gives_the_same_ledger(make_world: MakeWorld) -> None:
    whole, steps = make_world(seed=3), make_world(seed=3)
    whole.demand.go_live(60.0)
    steps.demand.go_live(60.0)
    whole.advance(START + timedelta(hours=6))
    for minute in range(1, 361):
        steps.advance(START + timedelta(minutes=minute))
    assert list(whole.ledger) == list(steps.ledger)
    assert len(whole.ledger.of_kind("order_placed")) == pytest.approx(360, rel=0.2)


def test_a_world_stopped_half_way_goes_on_as_if_it_had_not(make_world: MakeWorld, tmp_path: Path) -> None:
    whole = make_world(seed=5)
    whole.demand.go_live(60.0)
    whole.advance(START + timedelta(hours=8))
    half = make_world(seed=5, data=str(tmp_path))
    half.demand.go_live(60.0)
    half.advance(START + timedelta(hours=4))
    half.close()
    rest = make_world(seed=5, data=str(tmp_path))
    rest.advance(START + timedelta(hours=8))
    assert [msgspec.json.encode(f) for f in rest.ledger] == [msgspec.json.encode(f) for f in whole.ledger]
    assert rest.parties["corner-shop-1"].describe() == whole.parties["corner-shop-1"].describe()
    rest.close()


def test_a_planned_day_has_exactly_its_buyers_by_share_and_its_changes_of_mind(make_world: MakeWorld) -> None:
    world = make_world(seed=2, parties={"corner-shop-1": {"share": 3.0}}, products=400)
    plan = DayPlan(
        orders=1000,
        start=START,
        end=START + timedelta(hours=10),
        cancel_rate=0.05,
        partial_cancel_rate=0.05,
        refund_rate=0.0,
    )
    visits = plan_day(world, plan)
    assert visits == {"corner-shop-1": 750, "corner-shop-2": 250}
    world.advance(START + timedelta(hours=12))
    placed = Counter(fact.party for fact in world.ledger.of_kind("order_placed"))
    assert placed == visits
    changed = {fact.order_id for fact in world.ledger.of_kind("order_cancelled")}
    assert len(changed) == pytest.approx(100, abs=30)


def test_a_refund_waits_until_the_order_is_shipped(make_world: MakeWorld) -> None:
    world = make_world(seed=2)
    plan_day(
        world,
        DayPlan(
            orders=5,
            start=START,
            end=START + timedelta(hours=1),
            cancel_rate=0,
            partial_cancel_rate=0,
            refund_rate=1,
        ),
    )
    world.advance(START + timedelta(days=1))
    assert not world.ledger.of_kind("order_refunded")
    for placed in world.ledger.of_kind("order_placed"):
        shop = world.parties[placed.party]
        shop.orders[placed.order_id].state = "shipped"  # type: ignore[attr-defined]
        world.record("order_shipped", placed.party, order_id=placed.order_id)
    world.advance(START + timedelta(days=2))
    assert len({fact.order_id for fact in world.ledger.of_kind("order_refunded")}) == 5


def test_a_sale_nobody_can_serve_is_told_and_another_product_is_bought(make_world: MakeWorld) -> None:
    world = make_world(seed=4, products=30, party=["corner_shop"])
    best = max(world.products.values(), key=lambda product: product.popularity)
    world.parties["corner-shop-1"].stock[best.sku] = 0  # type: ignore[attr-defined]
    plan_day(world, DayPlan(orders=60, start=START, end=START + timedelta(hours=1)))
    world.advance(START + timedelta(hours=1))
    missed = [fact for fact in world.ledger.of_kind("sale_missed") if fact.sku == best.sku]
    assert missed
    assert len(world.ledger.of_kind("order_placed")) == 60


def test_nothing_is_sold_when_nothing_is_in_stock(make_world: MakeWorld) -> None:
    world = make_world(seed=4, products=10, party=["corner_shop"])
    shop = world.parties["corner-shop-1"]
    for sku in shop.stock:  # type: ignore[attr-defined]
        shop.stock[sku] = 0  # type: ignore[attr-defined]
    plan_day(world, DayPlan(orders=20, start=START, end=START + timedelta(hours=1)))
    world.advance(START + timedelta(hours=1))
    assert not world.ledger.of_kind("order_placed")
    assert dict(world.demand.counts) == {"day: missed": 20}
    assert len(world.ledger.of_kind("sale_missed")) == 20


def test_every_product_has_a_valid_ean_and_a_margin_and_demand_is_uneven(make_world: MakeWorld) -> None:
    products = list(make_world(seed=1, products=500).products.values())
    assert len({p.sku for p in products}) == len({p.ean for p in products}) == 500
    assert all(ean.is_valid(p.ean) for p in products)
    assert all(0 < p.purchase_price < p.list_price / p.list_price.__class__("1.2") for p in products)
    demand = sorted((p.popularity for p in products), reverse=True)
    assert sum(demand[:50]) > sum(demand[50:])


def test_scarce_products_have_a_few_units_each(make_world: MakeWorld) -> None:
    stocks = [p.initial_stock for p in make_world(seed=1, scarce=True).products.values()]
    assert max(stocks) <= 4
    assert sum(stocks) > 0


def test_rivals_move_their_prices_and_come_cheapest_total_first(make_world: MakeWorld) -> None:
    world = make_world(seed=1)
    moved = 0
    for product in list(world.products.values())[:40]:
        before = world.rivals("corner-shop-1", product.ean)
        totals = [offer.price + offer.shipping_price for offer in before]
        assert totals == sorted(totals)
        world.clock.advance_to(world.now() + timedelta(hours=13))
        moved += before != world.rivals("corner-shop-1", product.ean)
    assert moved > 20
    assert world.rivals("corner-shop-1", "0000000000000") == ()


def test_a_generator_taken_up_again_goes_on_where_it_stopped() -> None:
    whole, first = NamedRandom(42), NamedRandom(42)
    draws = [whole.random() for _ in range(10)] + [whole.randint(1, 6) for _ in range(10)]
    start = [first.random() for _ in range(10)]
    rest = NamedRandom(42, first.drawn)
    assert start + [rest.randint(1, 6) for _ in range(10)] == draws
    assert sum(draws[:10]) / 10 == pytest.approx(0.5, abs=0.3)


def test_shares_are_split_to_the_last_unit() -> None:
    assert split_by_share(10, {"a": 1.0, "b": 1.0, "c": 1.0}) == {"a": 4, "b": 3, "c": 3}
    assert split_by_share(0, {"a": 1.0}) == {"a": 0}
    with pytest.raises(ValueError, match="share"):
        split_by_share(3, {})
