from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.models import Warehouse
from comptoir.journal.models import Issue
from comptoir.offers.desired import recompute_desired
from comptoir.offers.listing import BelowFloor, list_products, set_price
from comptoir.offers.models import Offer, Submission
from comptoir.offers.submissions import retry_offers
from comptoir.sdk.errors import OutcomeUnknown, TransientError
from tests.domain.conftest import make_product
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market
from tests.flows.test_stock_counts import Side, count, level

Shop = tuple[Channel, Market]


@pytest.fixture
def offer(shop: Shop) -> Offer:
    """Listed and confirmed: 5 mice at 49.90, floor 30."""
    mouse = make_product("MOUSE", on_hand=5)
    mouse.purchase_prices.create(price=Decimal("25"), valid_from=mouse.created_at)
    list_products(shop[0], [mouse.pk])
    publish(shop)
    return Offer.objects.get()


def publish(shop: Shop) -> None:
    run_flow("publish_offers", shop[0].key)
    run_flow("check_submissions", shop[0].key)


def count_to(units: int) -> None:
    offer = Offer.objects.select_related("product").get()
    assert offer.product
    correct_stock(
        product=offer.product, warehouse=Warehouse.objects.get(), on_hand=units, reason="count", actor="test"
    )
    recompute_desired([offer.product.pk])


def test_a_new_offer_is_created_and_confirmed(shop: Shop, offer: Offer) -> None:
    assert (offer.state, offer.confirmed_quantity, offer.confirmed_price) == ("listed", 5, Decimal("49.90"))
    assert shop[1].stock == {"MOUSE": 5}


def test_only_the_difference_is_sent(shop: Shop, offer: Offer) -> None:
    calls = len([c for c in shop[1].calls if c.startswith("submit")])
    publish(shop)
    assert len([c for c in shop[1].calls if c.startswith("submit")]) == calls
    count_to(3)
    publish(shop)
    assert shop[1].stock == {"MOUSE": 3}


def test_five_six_five_ends_at_five(shop: Shop, offer: Offer) -> None:
    count_to(6)
    run_flow("publish_offers", "shop")
    count_to(5)
    run_flow("publish_offers", "shop")
    run_flow("check_submissions", "shop")
    publish(shop)
    assert shop[1].stock == {"MOUSE": 5}


def test_a_write_that_got_no_answer_is_sent_again_with_todays_value(shop: Shop, offer: Offer) -> None:
    count_to(3)
    shop[1].fail_next = [OutcomeUnknown("time-out")]
    run_flow("publish_offers", "shop")
    assert Submission.objects.filter(state="lost").count() == 1
    count_to(2)
    publish(shop)
    assert shop[1].stock == {"MOUSE": 2}


def test_a_failed_write_is_not_lost(shop: Shop, offer: Offer) -> None:
    count_to(3)
    shop[1].fail_next = [TransientError("503")]
    run_flow("publish_offers", "shop")
    publish(shop)
    assert shop[1].stock == {"MOUSE": 3}


def test_a_worker_killed_between_claim_and_receipt_leaves_nothing_unsent(shop: Shop, offer: Offer) -> None:
    count_to(3)

    class Killed(BaseException):
        pass

    shop[1].fail_next = [Killed()]  # type: ignore[list-item]
    with pytest.raises(Killed):
        run_flow("publish_offers", "shop")
    assert Submission.objects.filter(state="prepared").exists()
    publish(shop)
    assert shop[1].stock == {"MOUSE": 3}


def test_a_rejected_item_is_an_issue_with_the_channels_words_and_is_not_hammered(
    shop: Shop, offer: Offer
) -> None:
    shop[1].rejects = {"MOUSE": "quantity too low"}
    count_to(3)
    publish(shop)
    offer.refresh_from_db()
    assert (offer.confirmed_quantity, offer.quantity_error) == (5, "quantity too low")
    assert "quantity too low" in Issue.objects.get(reason="rejected").message
    calls = len(shop[1].calls)
    run_flow("publish_offers", "shop")
    assert len(shop[1].calls) == calls

    shop[1].rejects = {}
    retry_offers(shop[0], ["MOUSE"])
    publish(shop)
    assert shop[1].stock == {"MOUSE": 3}
    assert Issue.objects.get(reason="rejected").state == "closed"


def test_a_person_is_refused_a_price_under_the_floor(offer: Offer) -> None:
    with pytest.raises(BelowFloor):
        set_price(offer, Decimal("29.99"), actor="test")
    offer.refresh_from_db()
    assert offer.desired_price == Decimal("49.90")


def test_no_price_leaves_under_its_floor(shop: Shop, offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(desired_price=Decimal("29.99"))
    publish(shop)
    assert shop[1].prices == {"MOUSE": Decimal("49.90")}
    assert Issue.objects.get(reason="below_floor").subject == "MOUSE"


def test_a_blank_floor_refuses(shop: Shop) -> None:
    mouse = make_product("MOUSE", on_hand=5)
    list_products(shop[0], [mouse.pk])
    publish(shop)
    assert shop[1].prices == {}
    assert "no floor" in Issue.objects.get(reason="below_floor").message


def test_what_somebody_else_wrote_is_named_and_repaired(shop: Shop, offer: Offer) -> None:
    shop[1].stock["MOUSE"] = 99
    run_flow("read_back_offers", "shop")
    assert "shows 99, we had put 5" in Issue.objects.get(reason="drift").message
    publish(shop)
    assert shop[1].stock == {"MOUSE": 5}


def test_an_offer_that_was_there_before_us_is_adopted_as_it_is(shop: Shop) -> None:
    make_product("OLD", on_hand=7)
    shop[1].stock, shop[1].prices = {"OLD": 7}, {"OLD": Decimal("15.00")}
    run_flow("read_back_offers", "shop")
    adopted = Offer.objects.get()
    assert (adopted.state, adopted.desired_price, adopted.desired_quantity) == ("listed", Decimal("15.00"), 7)
    publish(shop)
    assert shop[1].prices == {"OLD": Decimal("15.00")}


def test_a_sale_that_the_channel_counted_itself_is_not_sent_back_to_it(
    shop: Shop, offer: Offer, time: MovingClock
) -> None:
    time.advance(minutes=10)
    sold = order("A", Sold("MOUSE", 2), placed_at=time.now, updated_at=time.now)
    shop[1].orders = {"A": sold}
    shop[1].stock["MOUSE"] = 3
    calls = [c for c in shop[1].calls if c == "submit_stock"]
    run_flow("import_orders", "shop")
    publish(shop)
    assert [c for c in shop[1].calls if c == "submit_stock"] == calls


def test_a_sale_that_our_figure_wrote_over_is_corrected(shop: Shop, offer: Offer, time: MovingClock) -> None:
    """Sold before our last figure arrived: the channel shows 5 again, and only 3 are left."""
    shop[1].orders = {"A": order("A", Sold("MOUSE", 2))}
    time.advance(minutes=10)
    run_flow("import_orders", "shop")
    publish(shop)
    assert shop[1].stock == {"MOUSE": 3}


def test_an_adopted_offer_keeps_what_the_channel_shows_until_a_first_count(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    make_product("OLD")
    shop[1].stock, shop[1].prices = {"OLD": 7}, {"OLD": Decimal("15.00")}
    run_flow("read_back_offers", "shop")
    recompute_desired([Offer.objects.get().product_id or 0])
    publish(shop)
    assert (shop[1].stock, "submit_stock" in shop[1].calls) == ({"OLD": 7}, False)
    # A sale there lowers the channel's own stock: that is no figure of ours to send either.
    shop[1].orders = {"A": order("A", Sold("OLD", 2), placed_at=time.now, updated_at=time.now)}
    shop[1].stock["OLD"] = 5
    run_flow("import_orders", "shop")
    publish(shop)
    assert (shop[1].stock, "submit_stock" in shop[1].calls) == ({"OLD": 5}, False)
    # A first count speaks, even when it says that there are none.
    count(erp, level("OLD", 2), at=time.now)
    publish(shop)
    assert shop[1].stock == {"OLD": 0}


def test_a_first_count_of_zero_is_told_as_zero(shop: Shop, erp: Side, time: MovingClock) -> None:
    make_product("OLD")
    shop[1].stock, shop[1].prices = {"OLD": 7}, {"OLD": Decimal("15.00")}
    run_flow("read_back_offers", "shop")
    count(erp, level("OLD", 0), at=time.now)
    publish(shop)
    assert shop[1].stock == {"OLD": 0}


def test_an_offer_adopted_before_its_article_is_known_follows_it_afterwards(shop: Shop) -> None:
    shop[1].stock, shop[1].prices = {"OLD": 7}, {"OLD": Decimal("15.00")}
    run_flow("read_back_offers", "shop")
    make_product("OLD", on_hand=3)
    run_flow("read_back_offers", "shop")
    publish(shop)
    assert shop[1].stock == {"OLD": 3}
