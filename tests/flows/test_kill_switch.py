"""What a person stops does not leave, and leaves once it may again."""

from __future__ import annotations

from decimal import Decimal

from comptoir.journal.models import Change
from comptoir.offers.differences import has_differences
from comptoir.offers.kill_switch import stop_writes
from comptoir.offers.listing import list_products, set_price
from comptoir.offers.models import Offer
from tests.domain.conftest import make_product
from tests.flows.test_offers import Shop, count_to, offer, publish  # noqa: F401 - the fixture


def test_no_price_leaves_a_stopped_channel_and_stock_still_does(shop: Shop, offer: Offer) -> None:  # noqa: F811
    channel, market = shop
    stop_writes(channel, prices=True, stock=False, actor="zoe")
    set_price(offer, Decimal("44.00"), actor="zoe")
    assert not has_differences(channel)
    count_to(2)
    publish(shop)
    offer.refresh_from_db()
    assert (market.stock["MOUSE"], offer.sent_price) == (2, Decimal("49.90"))
    assert Change.objects.filter(action="channel.kill_switch", actor="zoe").count() == 1
    stop_writes(channel, prices=False, stock=False, actor="zoe")
    publish(shop)
    offer.refresh_from_db()
    assert offer.confirmed_price == Decimal("44.00")


def test_a_stopped_stock_stays_there_and_no_whole_offer_leaves(shop: Shop, offer: Offer) -> None:  # noqa: F811
    channel, market = shop
    stop_writes(channel, prices=False, stock=True, actor="zoe")
    count_to(2)
    pad = make_product("PAD", on_hand=3)
    pad.purchase_prices.create(price=Decimal("5"), valid_from=pad.created_at)
    list_products(channel, [pad.pk])
    publish(shop)
    assert market.stock == {"MOUSE": 5}
    stop_writes(channel, prices=False, stock=False, actor="zoe")
    publish(shop)
    assert market.stock == {"MOUSE": 2, "PAD": 3}
