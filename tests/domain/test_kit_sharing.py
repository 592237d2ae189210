"""How an article and the kits that take it divide its last units; who shares with whom; what is written of it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.core.bulk import execute
from comptoir.offers.desired import recompute_desired
from comptoir.offers.kit_budgets import Overshown, find_overshown
from comptoir.offers.kit_sharing import Member, divide, fair_parts, tightest
from comptoir.offers.listing import list_products
from comptoir.offers.models import LastUnits, Offer
from comptoir.offers.sharers import find_sharers
from tests.domain.conftest import make_channel, make_product

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
members = st.lists(
    st.builds(
        Member, product=st.integers(1, 99), each=st.integers(1, 4), exposed=st.integers(0, 6),
        cap=st.integers(0, 9), weight=st.sampled_from([1, 2, 501, 40_001]),
    ),
    min_size=1, max_size=5, unique_by=lambda one: one.product,
)  # fmt: skip


def taken(parts: dict[int, int], found: list[Member]) -> int:
    return sum(one.each * parts[one.product] for one in found)


@patient
@given(units=st.integers(0, 24), found=members)
def test_parts_are_within_the_units_and_within_what_each_may_show(units: int, found: list[Member]) -> None:
    parts = fair_parts(units, found)
    assert taken(parts, found) <= units
    assert all(0 <= parts[one.product] <= one.cap for one in found)
    left = units - taken(parts, found)
    assert all(one.each > left or parts[one.product] == one.cap for one in found)


@patient
@given(units=st.integers(0, 24), found=members)
def test_what_is_safe_stays_safe_and_what_is_not_is_never_raised(units: int, found: list[Member]) -> None:
    budgets = divide(units, found)
    exposed = sum(one.each * one.exposed for one in found)
    reached = sum(one.each * max(budgets[one.product], one.exposed) for one in found)
    assert min(budgets.values()) >= 0
    assert reached <= max(units, exposed)
    if exposed > units:
        assert all(budgets[one.product] <= one.exposed for one in found)
        assert taken(budgets, found) <= units


@patient
@given(units=st.integers(1, 24), found=members)
def test_when_all_is_known_each_that_has_a_part_is_given_something(units: int, found: list[Member]) -> None:
    """Some rounds of coming down and being given, from whatever each has."""
    now = found
    for _ in range(40):
        budgets = divide(units, now)
        now = [replace(one, exposed=min(budgets[one.product], max(one.cap, 0))) for one in now]
    parts = fair_parts(units, now)
    assert all(one.exposed > 0 for one in now if parts[one.product] > 0)
    assert sum(one.each * one.exposed for one in now) <= units


def test_an_article_alone_has_all_of_it_and_a_kit_of_two_scarce_ones_goes_by_the_scarcer() -> None:
    assert divide(3, [Member(1, 1, 0, 2, 1)]) == {1: 3}
    assert tightest([{1: 3, 9: 2}, {2: 1, 9: 1}]) == {1: 3, 2: 1, 9: 1}


def make_kit(sku: str, **parts: int) -> Product:
    kit = make_product(sku, is_kit=True)
    for part, each in parts.items():
        kit.components.create(component=Product.objects.get(sku=part), quantity=each)
    return kit


def names(ids: list[int]) -> set[str]:
    return set(Product.objects.filter(pk__in=ids).values_list("sku", flat=True))


def test_scarce_articles_bring_their_kits_and_what_there_is_plenty_of_brings_nobody(db: None) -> None:
    mouse, _pad, _box = (
        make_product(sku, on_hand=units) for sku, units in (("MOUSE", 3), ("PAD", 2), ("BOX", 500))
    )
    make_kit("DESK", MOUSE=1, PAD=1, BOX=1)
    make_kit("PADS", PAD=2, BOX=1)
    make_kit("EMPTY", BOX=1)
    found = find_sharers([mouse.pk])
    assert names(found.products) == {"MOUSE", "PAD", "DESK", "PADS"}
    assert names(list(found.families)) == {"MOUSE", "PAD"}
    lone = make_product("LONE", on_hand=2)
    assert (find_sharers([lone.pk]).products, find_sharers([lone.pk]).kits) == ([lone.pk], False)
    # A change of what there is plenty of concerns the kits that have it, and through them what is scarce.
    box = Product.objects.get(sku="BOX")
    assert names(find_sharers([box.pk]).products) == {"BOX", "DESK", "PADS", "EMPTY", "MOUSE", "PAD"}


def test_a_kit_is_down_to_its_last_ones_long_before_its_article(db: None) -> None:
    mouse = make_product("MOUSE", on_hand=14)
    make_kit("TRIO", MOUSE=3)
    assert find_sharers([mouse.pk]).families == {
        mouse.pk: [(mouse.pk, 1), (Product.objects.get(sku="TRIO").pk, 3)]
    }
    execute("UPDATE inventory_stock SET on_hand = 15")
    assert find_sharers([mouse.pk]).families == {}
    LastUnits.objects.create(product=mouse, daily_sales=9, escrow_units=20, in_flight=2)
    assert list(find_sharers([mouse.pk]).families) == [mouse.pk]
    execute("UPDATE inventory_stock SET on_hand = 14")


def test_what_is_wanted_of_an_article_and_its_kits_is_within_what_there_is(db: None) -> None:
    shops = [make_channel(key, escrow=True) for key in ("one", "two", "three")]
    mouse, other = make_product("MOUSE", on_hand=7), make_product("OTHER", on_hand=7)
    kit = make_kit("PAIR", MOUSE=2)
    for shop in shops:
        list_products(shop, [mouse.pk, kit.pk, other.pk])
    Offer.objects.update(state="listed", sent_quantity=0)
    recompute_desired([mouse.pk, other.pk])
    wanted: dict[str, int] = {}
    for sku, quantity in Offer.objects.values_list("sku", "desired_quantity"):
        wanted[sku] = wanted.get(sku, 0) + quantity
    assert wanted["MOUSE"] + 2 * wanted["PAIR"] <= 7
    assert wanted["MOUSE"] > 0
    assert wanted["PAIR"] > 0
    assert wanted["OTHER"] == 21  # in no kit: as before
    assert set(Offer.objects.filter(in_escrow=True).values_list("sku", flat=True)) == {"MOUSE", "PAIR"}


def test_more_wanted_of_last_units_than_there_is_is_found_alone_and_in_kits(db: None) -> None:
    shops = [make_channel(key, escrow=True) for key in ("one", "two")]
    mouse, lone = make_product("MOUSE", on_hand=4), make_product("LONE", on_hand=2)
    kit = make_kit("PAIR", MOUSE=2)
    for shop in shops:
        list_products(shop, [mouse.pk, kit.pk, lone.pk])
    Offer.objects.update(state="listed", sent_quantity=0)
    recompute_desired([mouse.pk, lone.pk])
    assert find_overshown() == []
    Offer.objects.filter(sku="LONE").update(desired_quantity=2)
    Offer.objects.filter(sku="PAIR").update(desired_quantity=1)
    Offer.objects.filter(sku="MOUSE").update(desired_quantity=1)
    assert find_overshown() == [Overshown("MOUSE", 6, 4), Overshown("LONE", 4, 2)]
    recompute_desired([mouse.pk, lone.pk])
    assert find_overshown() == []
