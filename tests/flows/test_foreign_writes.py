# ruff: noqa: F811 - the fixture `offer` is imported
"""One writer per channel, article and field: what somebody else wrote is named, and settled by the channel's rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.flows.remedies import CannotRetry, retry_issue
from comptoir.journal.models import Change, Issue, Run
from comptoir.offers.acts import OfferChange
from comptoir.offers.differences import has_differences
from comptoir.offers.models import Offer
from comptoir.offers.wishes import set_price
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.test_offers import Shop, offer, publish  # noqa: F401 - the fixture

D = Decimal


def read_back() -> Run:
    run = run_flow("read_back_offers", "shop")
    assert run is not None
    return run


def rule(name: str) -> None:
    Channel.objects.filter(key="shop").update(foreign_price=name)


def test_ours_wins_however_far_theirs_was(shop: Shop, offer: Offer, time: MovingClock) -> None:
    shop[1].prices["MOUSE"] = D("4.90")
    read_back()
    issue = Issue.objects.get(reason="drift")
    assert issue.detail["theirs"] == "4.90"
    assert (issue.detail["ours"], issue.detail["seen_at"]) == ("49.9000", time.now.isoformat())
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("49.90")}
    read_back()
    assert not Issue.objects.filter(reason="drift", state="open").exists()


def test_theirs_wins_within_the_guards(shop: Shop, offer: Offer) -> None:
    rule("theirs")
    shop[1].prices["MOUSE"] = D("45.00")
    read_back()
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].prices["MOUSE"], offer.desired_price, offer.passed_price) == (D("45"), D("45"), D("45"))
    assert OfferChange.objects.select_related("act").get().act.kind == "theirs"
    assert "Theirs is what we want from now on" in Issue.objects.get(reason="drift").message


@pytest.mark.parametrize("theirs", ["29.99", "499.00"])
def test_theirs_that_the_guards_refuse_is_asked_about_and_nothing_leaves(
    theirs: str, shop: Shop, offer: Offer
) -> None:
    rule("theirs")
    shop[1].prices["MOUSE"] = D(theirs)
    read_back()
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].prices["MOUSE"], offer.desired_price, offer.foreign_price) == (
        D(theirs),
        D("49.90"),
        D(theirs),
    )
    assert not has_differences(shop[0])
    assert "Theirs was not taken" in Issue.objects.get(reason="drift").message


def test_a_person_says_ours(shop: Shop, offer: Offer) -> None:
    rule("ask")
    shop[1].prices["MOUSE"] = D("45.00")
    read_back()
    read_back()  # asked once, and still open a day later
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("45")}
    retry_issue(Issue.objects.get(reason="drift", state="open"), actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("49.90")}
    assert Change.objects.get(action="offer.foreign_price").after["wins"] == "ours"


def test_a_person_says_theirs(shop: Shop, offer: Offer) -> None:
    rule("ask")
    shop[1].prices["MOUSE"] = D("499.00")
    read_back()
    retry_issue(Issue.objects.get(reason="drift"), actor="zoe", other=True)
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].prices["MOUSE"], offer.desired_price, offer.foreign_price) == (D("499"), D("499"), None)
    set_price(offer, D("500"), actor="zoe")  # the next step is measured from there


def test_theirs_under_the_floor_is_not_taken_by_anybody(shop: Shop, offer: Offer) -> None:
    rule("ask")
    shop[1].prices["MOUSE"] = D("1.00")
    read_back()
    with pytest.raises(CannotRetry, match="under the floor price"):
        retry_issue(Issue.objects.get(reason="drift"), actor="zoe", other=True)
    assert Offer.objects.get().foreign_price == D("1")


def test_a_new_price_of_ours_and_theirs_gone_both_end_the_question(shop: Shop, offer: Offer) -> None:
    rule("ask")
    shop[1].prices["MOUSE"] = D("45.00")
    read_back()
    set_price(offer, D("47"), actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("47")}
    shop[1].prices["MOUSE"] = D("46.00")
    read_back()
    shop[1].prices["MOUSE"] = D("47.00")
    read_back()
    assert Offer.objects.get().foreign_price is None


def test_a_late_write_of_ours_is_not_somebody_elses(shop: Shop, offer: Offer) -> None:
    rule("ask")
    set_price(offer, D("45"), actor="zoe")
    publish(shop)
    shop[1].prices["MOUSE"] = D("49.90")  # the file before it was carried out after it
    shop[1].stock["MOUSE"] = 5
    run = read_back()
    assert (run.counts.get("drifts", 0), run.counts["ours_late"]) == (0, 1)
    assert not Issue.objects.filter(reason="drift").exists()
    publish(shop)
    assert shop[1].prices == {"MOUSE": D("45")}


def test_what_sold_there_since_is_not_somebody_elses(shop: Shop, offer: Offer, time: MovingClock) -> None:
    time.advance(minutes=30)
    sold = order("A-1", Sold("MOUSE", 2), placed_at=time.now, updated_at=time.now)
    shop[1].orders["A-1"] = sold
    run_flow("import_orders", "shop")
    Offer.objects.update(sent_quantity=5, quantity_submission=None)
    shop[1].stock["MOUSE"] = 3
    read_back()
    assert not Issue.objects.filter(reason="drift").exists()
    Offer.objects.update(sent_quantity=5)
    shop[1].stock["MOUSE"] = 1
    read_back()
    assert "shows 1, we had put 5" in Issue.objects.get(reason="drift").message
