# ruff: noqa: F811 - the fixture `offer` is imported
"""What is offered by itself, what is never offered, and what becomes of it when the rule goes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from comptoir.catalog.models import Product
from comptoir.flows.policy import run_flow
from comptoir.inventory.calendars import CalendarDraft, keep_calendar, keep_closure
from comptoir.inventory.ledger import Move, move_stock
from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock
from comptoir.offers.activation import Applied, RuleExists, apply_rules, keep_rule, remove_rule
from comptoir.offers.acts import OfferChange
from comptoir.offers.differences import has_differences
from comptoir.offers.listing import list_products
from comptoir.offers.models import ActivationRule, Offer
from comptoir.offers.on_sale import why_not_on_sale
from comptoir.offers.wishes import Wish, grant_wishes
from tests.domain.conftest import make_product
from tests.flows.conftest import MovingClock
from tests.flows.test_offers import Shop, offer, publish  # noqa: F401 - the fixture


def pad(sku: str = "PAD", *, on_hand: int = 3, cost: str | None = "5", **fields: object) -> Product:
    product = make_product(sku, on_hand=on_hand, **fields)
    if cost:
        product.purchase_prices.create(price=Decimal(cost), valid_from=product.created_at)
    return product


def rule(action: str, shop: Shop | None = None, **scope: object) -> ActivationRule:
    return keep_rule(action, channel=shop[0] if shop else None, actor="zoe", **scope)  # type: ignore[arg-type]


def on(shop: Shop) -> dict[str, str]:
    return dict(Offer.objects.filter(channel=shop[0]).values_list("sku", "state"))


def test_what_has_stock_a_price_and_a_cost_is_offered_by_itself(shop: Shop, other_shop: Shop) -> None:
    (
        pad("READY"),
        pad("NO-STOCK", on_hand=0),
        pad("NO-COST", cost=None),
        pad("FREE", price="0"),
        pad("OLD", active=False),
    )
    rule("list", shop)
    run_flow("activate_offers")
    assert (on(shop), on(other_shop)) == ({"READY": "new"}, {})
    publish(shop)
    assert shop[1].stock == {"READY": 3}
    assert apply_rules() == Applied()


def test_the_most_specific_rule_wins(shop: Shop, other_shop: Shop) -> None:
    toys = [pad("TOY-1", family="toys"), pad("TOY-2", family="toys")]
    pad("MUG", family="kitchen")
    rule("list")
    rule("never", family="toys")
    rule("list", shop, family="toys")
    rule("leave", product=toys[1])
    assert apply_rules().listed == 3
    assert (on(shop), on(other_shop)) == ({"MUG": "new", "TOY-1": "new"}, {"MUG": "new"})


def test_what_is_never_offered_is_paused_and_comes_back_when_the_rule_goes(shop: Shop, offer: Offer) -> None:
    never = rule("never", shop, product=offer.product)
    assert apply_rules() == Applied(paused=1)
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].stock, offer.state, offer.barred) == ({"MOUSE": 0}, "paused", True)
    assert [reason.code for reason in why_not_on_sale(offer)] == ["barred"]
    assert OfferChange.objects.select_related("act").get().act.kind == "rule"
    remove_rule(never, actor="zoe")
    assert apply_rules() == Applied(shown=1)
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].stock, offer.state, offer.barred) == ({"MOUSE": 5}, "listed", False)


def test_what_a_person_paused_stays_paused(shop: Shop, offer: Offer) -> None:
    grant_wishes({("shop", "MOUSE"): Wish(paused=True)}, actor="zoe")
    never = rule("never", shop)
    apply_rules()
    remove_rule(never, actor="zoe")
    apply_rules()
    assert on(shop) == {"MOUSE": "paused"}


def test_what_a_person_shows_against_the_rule_is_paused_again(shop: Shop, offer: Offer) -> None:
    rule("never", shop)
    apply_rules()
    grant_wishes({("shop", "MOUSE"): Wish(paused=False)}, actor="zoe")
    apply_rules()
    assert on(shop) == {"MOUSE": "paused"}


def test_an_offer_that_was_not_created_yet_waits_without_a_word_to_the_channel(shop: Shop) -> None:
    list_products(shop[0], [pad().pk])
    never = rule("never", shop)
    assert apply_rules() == Applied(paused=1)
    publish(shop)
    assert (shop[1].stock, on(shop), has_differences(shop[0])) == ({}, {"PAD": "new"}, False)
    remove_rule(never, actor="zoe")
    apply_rules()
    publish(shop)
    assert shop[1].stock == {"PAD": 3}


def test_the_same_scope_has_one_rule(shop: Shop) -> None:
    rule("list")
    with pytest.raises(RuleExists):
        rule("never")


def test_a_closed_period_pauses_where_its_calendar_says_so_and_shows_again_when_it_is_over(
    shop: Shop, time: MovingClock
) -> None:
    channel, _ = shop
    default_warehouse()
    north = Warehouse.objects.create(code="NORTH", name="North", priority=200)
    for sku in ("HERE", "THERE", "BOTH"):
        product = make_product(sku, on_hand=0 if sku == "THERE" else 5)
        product.purchase_prices.create(price=25, valid_from=product.created_at)
        if sku != "HERE":
            lock_stock([product.pk], north.pk)
            move_stock([Move(product.pk, north.pk, 5, "receipt", time.now)])
        list_products(channel, [product.pk])
    run_flow("publish_offers", "shop")
    run_flow("check_submissions", "shop")
    assert run_flow("activate_offers") is None
    calendar = keep_calendar(CalendarDraft((0, 1, 2, 3, 4), in_closure="pause"), actor="zoe")
    keep_calendar(CalendarDraft((0, 1, 2, 3, 4)), warehouse=north, actor="zoe")
    keep_closure(calendar, "Inventory", date(2026, 11, 24), date(2026, 11, 25), actor="zoe")
    assert run_flow("activate_offers") is None
    time.advance(days=1)
    run_flow("activate_offers")
    paused = Offer.objects.filter(state="paused").values_list("sku", flat=True)
    assert list(paused) == ["HERE"]
    time.advance(days=2)
    run_flow("activate_offers")
    assert not Offer.objects.filter(state="paused").exists()
    assert run_flow("activate_offers") is None
