# ruff: noqa: F811 - the fixture `offer` is imported
"""No price leaves under its floor or moves further than allowed: three guards, each holding when the others do not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch
from comptoir.flows.remedies import CannotRetry, retry_issue, retry_issues
from comptoir.flows.rules import change_rules
from comptoir.flows.strict_writer import Footing, Limits, refuse_unsafe
from comptoir.journal.models import Change, Issue
from comptoir.offers import claims
from comptoir.offers.acts import OfferChange
from comptoir.offers.models import Offer
from comptoir.offers.price_guard import STEP_HOLDS
from comptoir.offers.refusals import BelowFloor, StepTooLarge
from comptoir.offers.steps import Steps, within_step
from comptoir.offers.wishes import let_price_pass, set_price
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import PriceUpdate
from tests.flows.test_offers import Shop, offer, publish  # noqa: F401 - the fixture

OLD = {"MOUSE": Decimal("49.90")}
amounts = st.decimals(min_value="0.01", max_value="99999", places=2)
percents = st.none() | st.decimals(min_value=0, max_value=100, places=2)


# --- the three say the same --------------------------------------------------------------------------


def by_sql(price: Decimal, last: Decimal | None, allowed: Decimal | None, steps: Steps) -> bool:
    """What the clause of the claim says of one row, read in a table made of it."""
    clause = STEP_HOLDS
    for column, value in (("up", "%(up)s"), ("down", "%(down)s"), ("amount", "%(amount)s")):
        asked = f"(SELECT price_step_{column} FROM channels_channel WHERE id = %(channel)s)"
        assert asked in clause
        clause = clause.replace(asked, f"{value}::numeric")
    row = "(SELECT %(price)s::numeric AS desired_price, %(last)s::numeric AS passed_price,"
    row += " NULL::numeric AS confirmed_price, %(allowed)s::numeric AS allowed_price) offer"
    values = {"price": price, "last": last, "allowed": allowed, "up": steps.up_percent, "down": steps.down_percent,
              "amount": steps.amount}  # fmt: skip
    return bool(fetch(f"SELECT {clause} FROM {row}", values)[0][0])


def by_writer(price: Decimal, last: Decimal | None, allowed: Decimal | None, steps: Steps) -> bool:
    record = PriceUpdate(sku="A", price=price, currency="EUR", floor=Decimal("0.01"))
    try:
        refuse_unsafe(
            [record],
            {"A": Footing(last, allowed)},
            Limits(steps.up_percent, steps.down_percent, steps.amount),
        )
    except RejectedRecord:
        return False
    return True


@pytest.mark.django_db
@settings(deadline=None)
@given(price=amounts, last=st.none() | amounts, up=percents, down=percents, amount=st.none() | amounts)
def test_three_guards_written_apart_agree(
    price: Decimal, last: Decimal | None, up: Decimal | None, down: Decimal | None, amount: Decimal | None
) -> None:
    steps = Steps(up, down, amount)
    first = within_step(price, last=last, steps=steps)
    assert by_sql(price, last, None, steps) == first
    assert by_writer(price, last, None, steps) == first
    assert by_sql(price, last, price, steps)
    assert by_writer(price, last, price, steps)


@given(last=amounts, up=percents, down=percents, amount=st.none() | amounts)
def test_the_edges_of_a_step_are_within_it_and_a_cent_further_is_not(
    last: Decimal, up: Decimal | None, down: Decimal | None, amount: Decimal | None
) -> None:
    steps = Steps(up, down, amount)
    lowest, highest = steps.range_around(last)
    assert within_step(lowest, last=last, steps=steps)
    assert lowest <= 0 or not within_step(lowest - Decimal("0.01"), last=last, steps=steps)
    if highest is not None:
        assert within_step(highest, last=last, steps=steps)
        assert not within_step(highest + Decimal("0.01"), last=last, steps=steps)


# --- a price typed -----------------------------------------------------------------------------------


def test_a_price_that_moves_too_far_is_refused_and_an_issue_lets_it_pass_once(
    shop: Shop, offer: Offer
) -> None:
    market = shop[1]
    with pytest.raises(StepTooLarge, match=r"499\.00 is too far from 49\.90: .* 34\.93 to 74\.85"):
        set_price(offer, Decimal("499.00"), actor="zoe")
    publish(shop)
    assert market.prices == OLD
    issue = Issue.objects.get(reason="price_step", state="open")
    retry_issue(issue, actor="zoe")
    publish(shop)
    offer.refresh_from_db()
    assert (market.prices["MOUSE"], offer.passed_price, offer.allowed_price) == (
        Decimal("499"),
        Decimal("499"),
        None,
    )
    assert Change.objects.filter(action="offer.let_pass", actor="zoe").count() == 1
    assert Issue.objects.get(pk=issue.pk).state == "closed"
    # Once: back to where it was is a step of its own, and so is the same price again.
    with pytest.raises(StepTooLarge):
        set_price(offer, Decimal("49.90"), actor="zoe")


def test_what_was_let_pass_is_that_price_and_no_other(shop: Shop, offer: Offer) -> None:
    let_price_pass("shop", "MOUSE", Decimal("499"), actor="zoe")
    Offer.objects.update(desired_price=Decimal("498"))
    publish(shop)
    assert shop[1].prices == OLD
    set_price(offer, Decimal("50"), actor="zoe")
    Offer.objects.update(desired_price=Decimal("499"))
    publish(shop)
    assert shop[1].prices == OLD


def test_the_floor_holds_for_what_is_let_pass(shop: Shop, offer: Offer) -> None:
    with pytest.raises(BelowFloor):
        let_price_pass("shop", "MOUSE", Decimal("1"), actor="zoe")


def test_a_let_pass_is_decided_one_by_one(shop: Shop, offer: Offer) -> None:
    with pytest.raises(StepTooLarge):
        set_price(offer, Decimal("499.00"), actor="zoe")
    tried = retry_issues(Issue.objects.filter(reason="price_step"), actor="zoe")
    assert (tried.count, tried.failures) == (0, ["it is decided one by one"])


def test_who_may_not_change_offers_lets_no_price_pass(shop: Shop, offer: Offer, client: Client) -> None:
    with pytest.raises(StepTooLarge):
        set_price(offer, Decimal("499.00"), actor="zoe")
    issue = Issue.objects.get(reason="price_step")
    for role, status in ((Role.OPERATIONS, 403), (Role.MARKETPLACE_MANAGER, 303)):
        user = User.objects.create_user(f"{role}@example.org", "unused-password-1", role=role, language="en")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert ("Let this one pass" in client.get("/issues/").content.decode()) == (status == 303)
        assert client.post(f"/issues/{issue.pk}/retry").status_code == status
    offer.refresh_from_db()
    assert offer.allowed_price == Decimal(499)


def test_without_limits_a_price_moves_as_far_as_it_likes(shop: Shop, offer: Offer) -> None:
    change_rules(shop[0], {"price_step_up": None, "price_step_down": None}, {}, actor="zoe")
    set_price(offer, Decimal("4990"), actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": Decimal("4990")}


# --- the first guard passed by -----------------------------------------------------------------------


@pytest.mark.parametrize("price", ["499.00", "30.01", "80.00"])
def test_a_price_written_past_the_first_guard_does_not_leave(price: str, shop: Shop, offer: Offer) -> None:
    Offer.objects.update(desired_price=Decimal(price))
    publish(shop)
    offer.refresh_from_db()
    assert (shop[1].prices, offer.sent_price, offer.price_error) == (OLD, Decimal("49.90"), "price_step")
    issue = Issue.objects.get(reason="price_step")
    assert issue.detail["price"] == f"{Decimal(price):.4f}"
    retry_issue(issue, actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": Decimal(price)}


def test_the_amount_holds_beside_the_percentages(shop: Shop, offer: Offer) -> None:
    Channel.objects.update(price_step_amount=Decimal("3"))
    Offer.objects.update(desired_price=Decimal("53"))
    publish(shop)
    assert shop[1].prices == OLD
    # Widened by a person: judged again by what is allowed now.
    change_rules(shop[0], {"price_step_amount": Decimal("4")}, {}, actor="zoe")
    publish(shop)
    assert shop[1].prices == {"MOUSE": Decimal("53")}


def test_steps_are_measured_from_our_own_price_and_not_from_what_somebody_else_wrote(
    shop: Shop, offer: Offer
) -> None:
    Offer.objects.update(confirmed_price=Decimal("4.99"), sent_price=Decimal("4.99"))
    publish(shop)
    assert shop[1].prices == {"MOUSE": Decimal("49.90")}


# --- the first and the second passed by --------------------------------------------------------------


@pytest.mark.parametrize(("price", "floor"), [("499.00", "30"), ("0.50", "30"), ("40", "45"), ("-1", "-2")])
def test_the_last_guard_holds_alone(
    price: str,
    floor: str,
    shop: Shop,
    offer: Offer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_claim = claims._CLAIM_PRICES.replace("AND desired_price >= floor_price AND desired_price > 0", "")
    assert STEP_HOLDS in open_claim
    monkeypatch.setattr(claims, "_CLAIM_PRICES", open_claim.replace(f"AND {STEP_HOLDS}", ""))
    Offer.objects.update(desired_price=Decimal(price), floor_price=Decimal(floor))
    publish(shop)
    offer.refresh_from_db()
    assert shop[1].prices == OLD
    assert "Comptoir did not send it" in offer.price_error


def test_each_change_is_in_the_history_with_what_was_before(shop: Shop, offer: Offer) -> None:
    set_price(offer, Decimal("45.00"), floor=Decimal("31"), actor="zoe")
    change = OfferChange.objects.select_related("act").get()
    assert (change.act.kind, change.act.actor, change.offer_id) == ("person", "zoe", offer.pk)
    assert (change.price_before, change.price_after) == (Decimal("49.90"), Decimal("45"))
    assert (change.floor_before, change.floor_after) == (Decimal("30"), Decimal("31"))


def test_a_gone_offer_is_named(shop: Shop, offer: Offer) -> None:
    with pytest.raises(StepTooLarge):
        set_price(offer, Decimal("499.00"), actor="zoe")
    Offer.objects.all().delete()
    with pytest.raises(CannotRetry, match="no offer of MOUSE on shop"):
        retry_issue(Issue.objects.get(reason="price_step"), actor="zoe")
