"""The others' offers: read in rotation, kept as a history of changes, gone after their term."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue, Run
from comptoir.offers.models import Offer
from comptoir.pricing.competition import current_offers
from comptoir.pricing.models import CompetingOffer, Watch
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.records import CompetingOffer as Record
from tests.domain.conftest import NOW, make_product
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]


def listed(shop: Shop, sku: str, ean: str, **fields: Any) -> Product:
    product = make_product(sku)
    product.barcodes.create(code=ean)
    values: dict[str, Any] = {"state": "listed", "changed_at": NOW} | fields
    Offer.objects.create(channel=shop[0], product=product, sku=sku, **values)
    return product


def rival(ean: str, price: str = "40", seller: str = "Rival", **fields: Any) -> Record:
    values: dict[str, Any] = {
        "shipping_price": Decimal("4.90"),
        "currency": "EUR",
        "condition": "11",
        "rank": 1,
    }
    return Record(ean=ean, seller=seller, price=Decimal(price), **(values | fields))


def watch() -> Run | None:
    return run_flow("watch_prices", "shop")


def test_the_offers_on_listed_products_are_kept_with_their_seller_rank_and_buy_box(shop: Shop) -> None:
    mouse = listed(shop, "MOUSE", "111")
    shop[1].rivals = {
        "111": [rival("111", has_buy_box=True), rival("111", "45", "Us", is_ours=True, rank=2)],
        "999": [rival("999")],
    }
    run = watch()
    assert run is not None
    assert run.counts == {"products": 1, "offers": 2}
    first, second = current_offers(shop[0], mouse)
    assert (first.seller, first.price, first.shipping_price, first.has_buy_box, first.rank) == (
        "Rival", Decimal(40), Decimal("4.90"), True, 1,
    )  # fmt: skip
    assert (second.is_ours, second.has_buy_box) == (True, None)


def test_an_offer_that_stands_is_one_row_and_a_price_that_moves_is_a_new_one(
    shop: Shop, time: MovingClock
) -> None:
    mouse = listed(shop, "MOUSE", "111")
    for price in ("40", "40", "38", "40"):
        shop[1].rivals = {"111": [rival("111", price)]}
        watch()
        time.advance(hours=2)
    told = CompetingOffer.objects.order_by("first_seen_at").values_list("price", flat=True)
    assert list(told) == [Decimal(40), Decimal(38), Decimal(40)]
    assert [offer.price for offer in current_offers(shop[0], mouse)] == [Decimal(40)]
    first = CompetingOffer.objects.order_by("first_seen_at")[0]
    assert (first.last_seen_at - first.first_seen_at).total_seconds() == 7200


def test_the_price_expected_of_ours_is_the_last_told_and_no_history(shop: Shop, time: MovingClock) -> None:
    mouse = listed(shop, "MOUSE", "111")
    for expected in (Decimal("39.99"), Decimal("38.5"), None):
        ours = rival("111", "45", "Us", is_ours=True, expected_price=expected)
        shop[1].rivals = {"111": [ours, rival("111", "40", rank=2)]}
        watch()
        told = [(offer.is_ours, offer.expected_price) for offer in current_offers(shop[0], mouse)]
        assert told == [(True, expected), (False, None)]
        time.advance(hours=2)
    assert CompetingOffer.objects.count() == 2


def test_a_seller_who_leaves_is_history_and_two_nameless_ones_are_two(shop: Shop, time: MovingClock) -> None:
    mouse = listed(shop, "MOUSE", "111")
    shop[1].rivals = {"111": [rival("111", seller=""), rival("111", seller="", rank=2)]}
    for _ in range(2):
        watch()
        time.advance(hours=2)
    assert CompetingOffer.objects.count() == 2
    shop[1].rivals = {}
    watch()
    assert current_offers(shop[0], mouse) == []
    assert CompetingOffer.objects.count() == 2
    assert Watch.objects.get().offers == 0


def test_products_take_turns_and_a_limit_in_the_middle_loses_nothing(shop: Shop, time: MovingClock) -> None:
    for n in range(5):
        listed(shop, f"P{n}", f"{n}")
    shop[1].rivals = {str(n): [rival(str(n))] for n in (0, 1, 4)}

    shop[1].fail_after = {"competing_offers": (1, RateLimited("too fast"))}
    run = watch()
    assert run is not None
    assert run.outcome == "waiting"
    assert CompetingOffer.objects.count() == 2
    shop[1].fail_after = {}
    time.advance(minutes=1)
    watch()
    assert shop[1].watched == [["0", "1"], ["2", "3"], ["4"]]
    assert watch() is None
    time.advance(hours=2)
    watch()
    assert shop[1].watched[3] == ["0", "1"]


def test_only_what_is_listed_and_has_a_barcode_is_asked(shop: Shop) -> None:
    listed(shop, "NEW", "1", state="new")
    Offer.objects.create(
        channel=shop[0], product=make_product("BARE"), sku="BARE", state="listed", changed_at=NOW
    )
    assert watch() is None


@pytest.mark.parametrize("name", ["price", "shipping_price", "expected_price"])
def test_a_price_that_makes_no_sense_is_set_aside_and_the_others_are_kept(shop: Shop, name: str) -> None:
    listed(shop, "MOUSE", "111")
    shop[1].rivals = {"111": [rival("111", seller="Odd"), rival("111", "44")]}
    shop[1].rivals["111"][0] = msgspec.structs.replace(shop[1].rivals["111"][0], **{name: Decimal("NaN")})
    watch()
    assert CompetingOffer.objects.get().seller == "Rival"
    assert Issue.objects.get().subject_kind == "competing_offer"


def test_history_past_its_term_goes_and_what_stands_stays(shop: Shop, time: MovingClock) -> None:
    mouse = listed(shop, "MOUSE", "111")
    shop[1].rivals = {"111": [rival("111", "40")]}
    watch()
    time.advance(days=100)
    shop[1].rivals = {"111": [rival("111", "41")]}
    watch()
    run_flow("purge")
    assert [offer.price for offer in CompetingOffer.objects.all()] == [Decimal(41)]
    assert current_offers(shop[0], mouse)[0].price == Decimal(41)
