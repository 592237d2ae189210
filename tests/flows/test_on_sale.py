# ruff: noqa: F811 - the fixture `offer` is imported
"""An offer that is not on sale says why, and one that is says nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.offers.kill_switch import stop_writes
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.offers.on_sale import why_not_on_sale
from comptoir.offers.wishes import Wish, grant_wishes, set_price
from tests.domain.conftest import make_product
from tests.flows.test_offers import Shop, count_to, offer, publish  # noqa: F401 - the fixture


def codes() -> list[str]:
    return [
        reason.code for reason in why_not_on_sale(Offer.objects.select_related("channel", "product").get())
    ]


def test_what_is_on_sale_says_nothing_until_its_stock_is_gone(shop: Shop, offer: Offer) -> None:
    assert codes() == []
    count_to(0)
    assert codes() == ["no_stock"]


def test_a_pause_and_its_end(shop: Shop, offer: Offer) -> None:
    grant_wishes({("shop", "MOUSE"): Wish(paused=True)}, actor="zoe")
    assert codes() == ["paused"]
    grant_wishes({("shop", "MOUSE"): Wish(paused=False)}, actor="zoe")
    assert codes() == []


@pytest.mark.parametrize(
    ("of", "fields", "code"),
    [(Channel, {"state": "suspended"}, "channel_suspended"), (Channel, {"state": "paused"}, "channel_paused"),
     (Channel, {"publishes": False}, "not_published"), (Product, {"active": False}, "asleep"),
     (Offer, {"product": None}, "no_product"), (Offer, {"quantity_error": "12 No such category"}, "refused")],
)  # fmt: skip
def test_each_reason_is_named(of: Any, fields: dict[str, Any], code: str, shop: Shop, offer: Offer) -> None:
    of.objects.update(**fields)
    assert codes() == [code]


def test_a_new_offer_says_what_its_price_lacks_and_is_created_once_it_has_it(shop: Shop) -> None:
    list_products(shop[0], [make_product("PAD", on_hand=3).pk])
    assert codes() == ["no_floor"]
    publish(shop)
    assert shop[1].stock == {}
    stop_writes(shop[0], prices=True, stock=False, actor="zoe")
    assert codes() == ["stopped", "no_floor"]
    stop_writes(shop[0], prices=False, stock=False, actor="zoe")
    set_price(Offer.objects.get(), Decimal("49.90"), floor=Decimal("20"), actor="zoe")
    assert codes() == ["to_create"]
    publish(shop)
    assert (codes(), shop[1].stock) == ([], {"PAD": 3})


def test_a_new_offer_under_its_floor_or_without_price(shop: Shop) -> None:
    list_products(shop[0], [make_product("PAD", on_hand=3).pk])
    Offer.objects.update(floor_price=Decimal("60"))
    assert codes() == ["below_floor"]
    Offer.objects.update(desired_price=None)
    assert codes() == ["no_price"]
