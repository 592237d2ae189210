# ruff: noqa: F811 - the fixture `offer` is imported
"""Going back to what was wanted: exact, through the same guards, and to be gone back on itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.journal.models import Change, Issue
from comptoir.offers.acts import OfferAct, OfferChange
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.offers.roll_back import ChangedMeanwhile, Target, preview_roll_back, roll_back
from comptoir.offers.wishes import Wish, grant_wishes, set_price
from tests.domain.conftest import NOW, make_product
from tests.flows.conftest import MovingClock
from tests.flows.test_offers import Shop, offer, publish  # noqa: F401 - the fixture

D = Decimal


def go(target: Target, **more: bool) -> int:
    return roll_back(target, upto=preview_roll_back(target).upto, actor="zoe", **more).changed


def price() -> Decimal | None:
    return Offer.objects.get(sku="MOUSE").desired_price


def test_one_offer_goes_back_to_each_earlier_moment(shop: Shop, offer: Offer, time: MovingClock) -> None:
    moments = []
    for wanted in ("45", "40", "42"):
        moments.append(time.now)
        time.advance(hours=1)
        set_price(offer, D(wanted), actor="zoe")
    for moment, wanted in zip(reversed(moments), ("40", "45", "49.90"), strict=True):
        time.advance(minutes=1)
        assert go(Target(at=moment, offers=[offer.pk])) == 1
        assert price() == D(wanted)
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("49.90")}
    assert Change.objects.filter(action="offers.roll_back", actor="zoe").count() == 3


def test_a_roll_back_is_undone_like_any_act(shop: Shop, offer: Offer, time: MovingClock) -> None:
    set_price(offer, D("45"), floor=D("35"), actor="zoe")
    time.advance(hours=1)
    assert go(Target(at=NOW - timedelta(days=1))) == 1
    offer.refresh_from_db()
    assert (offer.desired_price, offer.floor_price) == (D("49.90"), D("30"))
    act = OfferAct.objects.get(kind="roll_back")
    assert go(Target.undo(act.pk)) == 1
    offer.refresh_from_db()
    assert (offer.desired_price, offer.floor_price) == (D("45"), D("35"))


def test_a_pause_is_gone_back_on_with_its_stock(shop: Shop, offer: Offer, time: MovingClock) -> None:
    grant_wishes({("shop", "MOUSE"): Wish(paused=True, lead_time=4)}, actor="zoe")
    publish(shop)
    assert shop[1].stock == {"MOUSE": 0}
    assert go(Target.undo(OfferAct.objects.get().pk)) == 1
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].stock, offer.state, offer.lead_time_days) == ({"MOUSE": 5}, "listed", None)


def test_the_guards_hold_for_what_goes_back(shop: Shop, offer: Offer, time: MovingClock) -> None:
    before = time.now
    for wanted in ("35", "30"):
        time.advance(hours=1)
        set_price(offer, D(wanted), actor="zoe")
        publish(shop)
    preview = preview_roll_back(Target(at=before))
    assert (preview.changes, preview.too_far, preview.total) == (0, 1, 1)
    assert go(Target(at=before)) == 0
    assert (price(), Issue.objects.filter(reason="price_step").count()) == (D("30"), 0)
    assert go(Target(at=before), let_pass=True) == 1
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("49.90")}


def test_a_floor_raised_since_goes_back_with_its_price_and_a_blank_one_does_not(
    shop: Shop, offer: Offer, time: MovingClock
) -> None:
    Offer.objects.update(floor_price=None)
    before = time.now
    time.advance(hours=1)
    set_price(offer, D("48"), floor=D("47"), actor="zoe")
    assert go(Target(at=before)) == 1
    offer.refresh_from_db()
    assert (offer.desired_price, offer.floor_price) == (D("49.90"), D("47"))


def test_only_what_is_meant_goes_back(shop: Shop, other_shop: Shop, offer: Offer, time: MovingClock) -> None:
    pad = make_product("PAD", on_hand=3)
    pad.purchase_prices.create(price=D("25"), valid_from=pad.created_at)
    list_products(shop[0], [pad.pk])
    assert offer.product
    list_products(other_shop[0], [offer.product.pk, pad.pk])
    before = time.now
    time.advance(hours=1)
    for one in Offer.objects.order_by("id"):
        set_price(one, D("45"), actor="zoe")
    others = Target(at=before, only=["other"])
    assert preview_roll_back(others).total == 2
    assert preview_roll_back(Target(at=before)).total == 4
    assert go(Target(at=before, channel="shop")) == 2
    assert Offer.objects.filter(channel=shop[0], desired_price=D("49.90")).count() == 2
    assert go(others) == 2
    assert not Offer.objects.filter(desired_price=D("45")).exists()


def test_what_was_changed_after_the_preview_stops_it(shop: Shop, offer: Offer, time: MovingClock) -> None:
    set_price(offer, D("45"), actor="zoe")
    target = Target(at=NOW - timedelta(days=1))
    seen = preview_roll_back(target)
    set_price(offer, D("46"), actor="somebody")
    with pytest.raises(ChangedMeanwhile):
        roll_back(target, upto=seen.upto, actor="zoe")
    assert (price(), OfferAct.objects.filter(kind="roll_back").count()) == (D("46"), 0)


def test_an_offer_that_is_gone_does_not_stop_the_others(shop: Shop, offer: Offer, time: MovingClock) -> None:
    set_price(offer, D("45"), actor="zoe")
    Offer.objects.all().delete()
    assert OfferChange.objects.count() == 1
    assert go(Target(at=NOW - timedelta(days=1))) == 0


@pytest.mark.parametrize("table", ["offers_offerchange", "offers_offeract"])
@pytest.mark.parametrize("words", ["DELETE FROM {}", "UPDATE {} SET at = now()"])
def test_the_database_refuses_to_change_the_history(table: str, words: str, shop: Shop, offer: Offer) -> None:
    set_price(offer, D("45"), actor="zoe")
    with (
        pytest.raises((InternalError, ProgrammingError, IntegrityError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(words.format(table))


steps = st.lists(st.tuples(st.integers(0, 2), st.integers(34, 70)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, back_to=st.integers(0, 11))
def test_whatever_was_done_going_back_gives_exactly_what_was(
    steps: list[tuple[int, int]], back_to: int, shop: Shop, time: MovingClock
) -> None:
    """A film of all wanted prices, against what a roll-back makes of its end."""
    with transaction.atomic():
        names = ["A", "B", "C"]
        products = [make_product(name, on_hand=1, price="50") for name in names]
        for product in products:
            product.purchase_prices.create(price=D("20"), valid_from=product.created_at)
        list_products(shop[0], [product.pk for product in products])

        def now() -> dict[str, Decimal | None]:
            return dict(Offer.objects.values_list("sku", "desired_price"))

        film = []
        for number, wanted in steps:
            film.append((time.now, now()))
            time.advance(seconds=1)
            set_price(Offer.objects.get(sku=names[number]), D(wanted), actor="zoe")
        end = now()
        moment, then = film[min(back_to, len(film) - 1)]
        go(Target(at=moment))
        assert now() == then
        if end != then:
            go(Target.undo(OfferAct.objects.filter(kind="roll_back").latest("id").pk))
            assert now() == end
        transaction.set_rollback(True)
