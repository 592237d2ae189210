"""What waits to be published is exactly what differs, and it is seen and mended when somebody's hand says otherwise."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.flows.invariants import find_breaches
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.offers.claims import claim_quantities
from comptoir.offers.desired import recompute_desired
from comptoir.offers.differences import find_untrue_waiting
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer, Submission, Waiting
from comptoir.offers.settling import note_orders_read
from comptoir.offers.submissions import give_back
from tests.domain.conftest import make_product
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

Shop = tuple[Channel, Market]


@pytest.fixture
def offers(shop: Shop) -> list[Offer]:
    """Three that the channel confirmed, of which the first wants another quantity, the second another price."""
    products = [make_product(sku, on_hand=50) for sku in ("A", "B", "C")]
    for product in products:
        product.purchase_prices.create(price=Decimal(5), valid_from=product.created_at)
    list_products(shop[0], [product.pk for product in products])
    run_flow("publish_offers", shop[0].key)
    run_flow("check_submissions", shop[0].key)
    assert waiting() == set()
    first, second, third = Offer.objects.order_by("sku")
    Offer.objects.filter(pk=first.pk).update(desired_quantity=7)
    second.desired_price = Decimal(60)
    second.save()
    return [first, second, third]


def waiting() -> set[tuple[str, str]]:
    return set(Waiting.objects.values_list("kind", "offer__sku"))


def test_a_difference_waits_until_it_is_claimed_or_over(shop: Shop, offers: list[Offer]) -> None:
    assert waiting() == {("quantity", "A"), ("price", "B")}
    second = Offer.objects.get(sku="B")
    Offer.objects.filter(pk=second.pk).update(desired_price=second.sent_price)
    assert waiting() == {("quantity", "A")}
    claimed = claim_quantities(shop[0], limit=10)
    assert claimed is not None
    assert waiting() == set()
    Offer.objects.filter(sku="A").update(desired_quantity=6)
    assert waiting() == set()  # its submission is open
    give_back(claimed[0], state=Submission.State.LOST, message="no answer")
    assert waiting() == {("quantity", "A")}


def test_an_offer_that_goes_waits_no_more(shop: Shop, offers: list[Offer]) -> None:
    offers[0].delete()
    assert waiting() == {("price", "B")}
    shop[0].delete()
    assert waiting() == set()


def test_the_migration_finds_what_the_triggers_kept(shop: Shop, offers: list[Offer]) -> None:
    Offer.objects.filter(sku="C").update(in_escrow=True, exposed_at=clock.now())
    kept = waiting()
    assert ("reading", "C") in kept
    Waiting.objects.all().delete()
    execute(import_module("comptoir.offers.migrations.0008_fill_waiting").FILL)
    assert waiting() == kept


def test_last_units_wait_for_a_reading_that_began_after_their_claim(
    shop: Shop, time: MovingClock, offers: list[Offer]
) -> None:
    Offer.objects.filter(sku="C").update(in_escrow=True, exposed_at=clock.now())
    note_orders_read(shop[0], clock.now())
    assert ("reading", "C") in waiting()
    time.advance(seconds=1)
    note_orders_read(shop[0], clock.now())
    assert ("reading", "C") not in waiting()


def test_a_difference_that_does_not_wait_is_found_told_and_mended(shop: Shop, offers: list[Offer]) -> None:
    assert not find_breaches()
    Waiting.objects.filter(kind="quantity").delete()
    Waiting.objects.create(channel=shop[0], kind="price", offer=offers[2])
    assert sorted(breach.finding for breach in find_breaches()) == [
        "its price waits and does not differ",
        "its quantity differs and does not wait",
    ]
    run_flow("check_stock", "")
    assert not find_untrue_waiting()
    assert waiting() == {("quantity", "A"), ("price", "B")}
    issue = Issue.objects.get(subject_kind="waiting")
    assert (issue.subject, issue.detail, issue.state) == (shop[0].key, {"offers": 2}, "open")
    run_flow("check_stock", "")
    issue.refresh_from_db()
    assert issue.state == "closed"


def test_a_row_that_no_offer_has_is_swept(shop: Shop, offers: list[Offer]) -> None:
    Waiting.objects.bulk_create([Waiting(channel=shop[0], kind="price", offer_id=999_999)])
    run_flow("check_stock", "")
    assert waiting() == {("quantity", "A"), ("price", "B")}


def test_a_row_in_excess_is_not_sent(shop: Shop, offers: list[Offer]) -> None:
    Waiting.objects.create(channel=shop[0], kind="quantity", offer=offers[2])
    claimed = claim_quantities(shop[0], limit=10)
    assert claimed is not None
    assert [row.sku for row in claimed[1]] == ["A"]
    recompute_desired([offers[2].product_id or 0])
    run_flow("check_stock", "")
