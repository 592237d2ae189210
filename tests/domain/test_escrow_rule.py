"""The sharing of last units: its rule in Python, and the same in SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.channels.models import Channel
from comptoir.core.bulk import execute
from comptoir.inventory.reservations import default_warehouse, make_stock_rows
from comptoir.offers.desired import recompute_desired
from comptoir.offers.escrow import Pool, allocate, escrow_units, fair_quotas, in_flight
from comptoir.offers.models import LastUnits, Offer, Submission
from tests.domain.conftest import NOW, make_channel, make_product

units = st.integers(0, 7)
# A busy machine draws slowly: that says nothing of the rule.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def shops(draw: st.DrawFn) -> list[Pool]:
    return [
        Pool(name, draw(units), draw(st.none() | units), draw(st.integers(0, 9)), draw(st.booleans()),
             weight=draw(st.sampled_from([1, 1, 501, 2001, 40_001])))
        for name in ("a", "B", "c", "d")[: draw(st.integers(1, 4))]
    ]  # fmt: skip


@patient
@given(available=st.integers(0, 9), pools=shops())
def test_quotas_never_give_more_than_there_is_and_leave_nothing_that_a_pool_may_show(
    available: int, pools: list[Pool]
) -> None:
    quotas = fair_quotas(available, pools)
    assert sum(quotas.values()) == min(available, sum(pool.cap for pool in pools))
    assert all(0 <= quotas[pool.name] <= pool.cap for pool in pools)


@patient
@given(available=st.integers(0, 9), pools=shops(), width=st.integers(1, 4))
def test_what_is_safe_stays_safe_whatever_is_written(available: int, pools: list[Pool], width: int) -> None:
    wanted = allocate(available, pools, entered=True, in_flight=width)
    exposed = sum(pool.exposed for pool in pools)
    written = sum(wanted[pool.name] for pool in pools if not pool.busy and wanted[pool.name] != pool.shown)
    assert written == 0 or exposed + written <= available or exposed > available
    if exposed > available:
        raised = [p for p in pools if p.shown is not None and wanted[p.name] > p.shown]
        assert raised == []


@patient
@given(available=st.integers(1, 9), pools=shops())
def test_when_all_is_known_no_unit_stays_unsold_for_want_of_a_pool_that_shows_it(
    available: int, pools: list[Pool]
) -> None:
    """From any settled state, some rounds of writing and settling leave every pool with a quota something."""
    known = [Pool(p.name, p.cap, 0, 0, weight=p.weight) for p in pools]
    for first in pools:  # from what they happen to show
        known = [
            Pool(p.name, p.cap, p.exposed, p.exposed, weight=p.weight) if p.name == first.name else p
            for p in known
        ]
    for _ in range(12):
        wanted = allocate(available, known, entered=True, in_flight=1)
        known = [Pool(p.name, p.cap, wanted[p.name], wanted[p.name], weight=p.weight) for p in known]
    quotas = fair_quotas(available, known)
    assert sum(wanted.values()) <= available
    assert all(wanted[name] > 0 for name, quota in quotas.items() if quota)


def test_the_width_of_escrow_grows_with_demand_and_with_the_cycle() -> None:
    assert (in_flight(0, 900), escrow_units(0, 900)) == (1, 4)
    assert escrow_units(40, 300) == 4
    assert escrow_units(40, 3600) == 12
    assert escrow_units(5, 3600) == 4


@pytest.mark.slow
def test_the_database_applies_the_very_same_rule(db: None) -> None:
    channels = {
        name: make_channel(f"shop-{name.lower()}", stock_pool=name, escrow=True)
        for name in ("a", "B", "c", "d")
    }
    product = make_product("MOUSE")
    offers = {
        name: Offer.objects.create(
            channel=c, product=product, sku="MOUSE", state="listed", currency="EUR", changed_at=NOW
        )
        for name, c in channels.items()
    }

    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(available=st.integers(0, 9), pools=shops(), entered=st.booleans(), width=st.integers(1, 4))
    def same(available: int, pools: list[Pool], entered: bool, width: int) -> None:
        # A product with no more than K units, K here being all.
        pools = [Pool(**{**vars(p), "cap": min(p.cap, available)}) for p in pools]
        # What a settled offer may show beyond what we think is written again: the rule sees it as unknown.
        with transaction.atomic():
            execute("UPDATE inventory_stock SET on_hand = %s, counted_at = %s", [available, NOW])
            LastUnits.objects.create(product=product, daily_sales=0, escrow_units=99, in_flight=width)
            Offer.objects.exclude(channel__stock_pool__in=[p.name for p in pools]).delete()
            for pool in pools:
                Channel.objects.filter(stock_pool=pool.name).update(stock_limit=pool.cap)
                offer = offers[pool.name]
                busy = Submission.objects.create(channel=offer.channel, kind="stock", created_at=NOW)
                Offer.objects.filter(pk=offer.pk).update(
                    sent_quantity=pool.shown, exposed_quantity=pool.exposed, possible_quantity=99, in_escrow=entered,
                    # Never settled: no order was read.
                    exposed_at=NOW + timedelta(days=1), daily_sales=(pool.weight - 1) / 1000,
                    quantity_submission=busy if pool.busy else None, desired_quantity=55,
                )  # fmt: skip
            recompute_desired([product.pk])
            wanted = dict(Offer.objects.values_list("channel__stock_pool", "desired_quantity"))
            transaction.set_rollback(True)
        assert wanted == allocate(available, pools, entered=entered, in_flight=width)

    make_stock_rows([product.pk], default_warehouse().pk)
    same()
    execute("DELETE FROM inventory_stock")
