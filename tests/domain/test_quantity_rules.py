"""Rules of quantity: which one wins, what they make of a number, in Python and in SQL."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.inventory.availability import available
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.reservations import default_warehouse, make_stock_rows, settle_reservations
from comptoir.inventory.rules import BadRule, Draft, NoSuchRule
from comptoir.journal.models import Change
from comptoir.offers.claims import claim_quantities
from comptoir.offers.desired import recompute_after_sales, recompute_desired
from comptoir.offers.escrow import LEAST_ESCROW
from comptoir.offers.explain import explain_quantity
from comptoir.offers.listing import compare_with_channel, list_products
from comptoir.offers.models import ChannelPace, Decision, Offer, Ruling, Submission, SubmissionItem
from comptoir.offers.publication import Stop, Terms, apply_terms, cover_units, published
from comptoir.offers.quantity_history import purge_history
from comptoir.offers.rules import keep_rule, preview_removal, preview_rule, remove_rule
from comptoir.offers.rulings import apply_due_rules, has_due_rules, recompute_channel, resolve_rulings
from comptoir.offers.submissions import close_submission, give_back, mark_sent
from comptoir.orders.intake import record_orders
from comptoir.sdk.records import ListedOffer, SubmissionReport
from comptoir.sdk.statuses import ImportState
from tests.domain.conftest import NOW, make_channel, make_product
from tests.domain.records import Sold, order

KINDS = ("buffer", "cover", "share", "limit", "minimum", "always")
units = st.none() | st.integers(0, 12)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    return Terms(
        buffer=draw(units), cover=draw(units), share=draw(st.none() | st.integers(0, 100)), limit=draw(units),
        minimum=draw(units), always=draw(units),
    )  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(available=st.integers(0, 30), rules=terms(), kept_back=st.integers(0, 5), most=units, left=units)
def test_no_rule_but_always_available_shows_more_than_there_is(
    available: int, rules: Terms, kept_back: int, most: int | None, left: int | None
) -> None:
    shown = published(available, rules, kept_back=kept_back, most=most, envelope_left=left)
    assert 0 <= shown <= max(available, rules.always or 0)
    if rules.always is not None:
        assert shown >= rules.always
    cuts = apply_terms(available, rules, kept_back=kept_back, most=most, envelope_left=left)
    assert [cut.before for cut in cuts] == ([available, *(cut.after for cut in cuts)][: len(cuts)])


@pytest.mark.slow
def test_the_database_makes_the_very_same_number_of_any_rules(db: None, channel: Channel) -> None:
    product = make_product("MOUSE")
    make_stock_rows([product.pk], default_warehouse().pk)
    list_products(channel, [product.pk])

    @settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        available=st.integers(0, 30), rules=terms(), kept_back=st.integers(0, 3), most=units,
        envelope=units, sold=st.integers(0, 3),
    )  # fmt: skip
    def same(
        available: int, rules: Terms, kept_back: int, most: int | None, envelope: int | None, sold: int
    ) -> None:
        with transaction.atomic():
            Channel.objects.update(stock_buffer=kept_back, stock_limit=most)
            if sold:
                told = order("A-1", Sold("MOUSE", sold), placed_at=NOW)
                settle_reservations(record_orders(channel, [told]).order_ids)
            execute("UPDATE inventory_stock SET on_hand = reserved + %s, counted_at = %s", [available, NOW])
            given = {kind: getattr(rules, kind) for kind in KINDS} | {"envelope": envelope}
            ruling = Ruling.objects.create(
                digest="x", rules=[], envelope_from=NOW,
                **{("most" if kind == "limit" else kind): value for kind, value in given.items()},
            )  # fmt: skip
            Offer.objects.update(ruling=ruling)
            recompute_desired([product.pk])
            shown = Offer.objects.get().desired_quantity
            transaction.set_rollback(True)
        left = None if envelope is None else max(0, envelope - sold)
        assert shown == published(available, rules, kept_back=kept_back, most=most, envelope_left=left)

    same()
    execute("DELETE FROM inventory_stock")


SCOPES = ("product+channel", "product", "family+channel", "family", "channel", "house")


@pytest.fixture
def shops(db: None) -> tuple[Product, Channel, Channel]:
    mouse = make_product("MOUSE", on_hand=50, family="mice")
    one, two = make_channel("one"), make_channel("two")
    for channel in (one, two):
        list_products(channel, [mouse.pk])
    return mouse, one, two


def scoped(scope: str, product: Product, channel: Channel, kind: str, value: int, **more: object) -> Draft:
    return Draft(
        kind, value, product=product if "product" in scope else None, family="mice" if "family" in scope else "",
        channel=channel if "channel" in scope else None, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def shown(channel: Channel) -> int:
    return Offer.objects.get(channel=channel).desired_quantity


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    written=st.lists(
        st.tuples(st.sampled_from(SCOPES), st.sampled_from(["buffer", "limit"]), st.integers(1, 40)),
        max_size=6,
    ),
    own=st.sampled_from([0, 7]),
)
def test_of_each_kind_the_most_specific_rule_wins(
    shops: tuple[Product, Channel, Channel], written: list[tuple[str, str, int]], own: int
) -> None:
    mouse, one, two = shops
    with transaction.atomic():
        Channel.objects.filter(pk=one.pk).update(stock_buffer=own)
        recompute_channel(Channel.objects.get(pk=one.pk))
        for scope, kind, value in written:
            keep_rule(scoped(scope, mouse, one, kind, value), actor="zoe")
        told = [shown(one), shown(two)]
        transaction.set_rollback(True)
    assert told == [_expected(written, own, here=True), _expected(written, 0, here=False)]


def _expected(written: list[tuple[str, str, int]], own: int, *, here: bool) -> int:
    """By hand, rule by rule, on the channel of the rules or on the other one."""

    def winner(kind: str) -> int | None:
        for scope in SCOPES[: -1 if own and kind == "buffer" else None]:
            values = [v for s, k, v in written if (s, k) == (scope, kind) and (here or "channel" not in s)]
            if values:
                return values[-1]
        return None

    buffer, limit = winner("buffer"), winner("limit")
    left = max(0, 50 - (own if buffer is None else buffer))
    return left if limit is None else min(left, limit)


def test_a_rule_begins_and_ends_by_the_clock(shops: tuple[Product, Channel, Channel]) -> None:
    mouse, one, two = shops
    sales = Draft(
        "limit", 3, product=mouse, valid_from=NOW + timedelta(hours=1), valid_until=NOW + timedelta(hours=2)
    )
    keep_rule(Draft("limit", 20, product=mouse), actor="zoe")
    keep_rule(sales, actor="zoe")
    assert shown(one) == 20
    assert not has_due_rules()
    for minutes, expected in ((59, 20), (60, 3), (119, 3), (120, 20)):
        with clock.clock_at(lambda minutes=minutes: NOW + timedelta(minutes=minutes)):
            apply_due_rules()
            assert not has_due_rules()
            assert (shown(one), shown(two)) == (expected, expected)


def test_changing_a_rule_makes_a_new_version_and_the_old_one_stays(
    shops: tuple[Product, Channel, Channel],
) -> None:
    mouse, one, _ = shops
    first = keep_rule(Draft("buffer", 5, product=mouse), actor="zoe")
    second = keep_rule(Draft("buffer", 8, family="mice", channel=one), number=first.number, actor="zoe")
    assert (second.number, second.version) == (first.number, 2)
    assert QuantityRule.objects.get(pk=first.pk).ended_at == NOW
    assert shown(one) == 42
    assert Offer.objects.exclude(channel=one).get().desired_quantity == 50
    remove_rule(first.pk, actor="zoe")
    assert shown(one) == 50
    assert list(Change.objects.filter(subject_kind="rule").order_by("id").values_list("action", flat=True)) == [
        "rule.kept", "rule.kept", "rule.removed"]  # fmt: skip
    with pytest.raises(NoSuchRule):
        remove_rule(first.pk, actor="zoe")
    told = [d.ruling_id is not None for d in Decision.objects.filter(offer__channel=one).order_by("id")]
    assert told[-1] is False
    assert any(told)


def test_a_preview_tells_what_keeping_does_and_changes_nothing(
    shops: tuple[Product, Channel, Channel],
) -> None:
    _, one, two = shops
    draft = Draft("share", 10, family="mice", channel=two)
    seen = preview_rule(draft)
    assert [(c.sku, c.channel, c.before, c.after) for c in seen.changes] == [("MOUSE", "two", 50, 5)]
    assert (shown(one), shown(two), QuantityRule.objects.count()) == (50, 50, 0)
    rule = keep_rule(draft, actor="zoe")
    assert (shown(one), shown(two)) == (50, 5)
    assert rule.number is not None
    assert [(c.before, c.after) for c in preview_removal(rule.number).changes] == [(5, 50)]
    assert shown(two) == 5


@pytest.mark.parametrize(
    "draft",
    [
        Draft("buffer", -1), Draft("share", 101), Draft("nothing", 1),
        Draft("limit", 1, valid_from=NOW, valid_until=NOW), Draft("limit", 2_000_000),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(db: None, draft: Draft) -> None:
    with pytest.raises(BadRule):
        keep_rule(draft, actor="zoe")
    assert QuantityRule.objects.count() == 0


def test_an_envelope_is_used_up_by_what_its_channel_sells_and_filled_by_what_is_cancelled(
    shops: tuple[Product, Channel, Channel],
) -> None:
    mouse, one, two = shops
    keep_rule(Draft("envelope", 10, product=mouse, channel=one), actor="zoe")
    assert (shown(one), shown(two)) == (10, 50)

    def sell(channel: Channel, number: str, cancelled: int = 0, minutes: int = 1) -> None:
        at = NOW + timedelta(minutes=minutes)
        told = order(number, Sold("MOUSE", 4, cancelled=cancelled), placed_at=NOW, updated_at=at)
        intake = record_orders(channel, [told])
        recompute_after_sales(channel, settle_reservations(intake.order_ids), intake.sold)

    sell(one, "A-1")
    sell(two, "B-1")
    assert (shown(one), shown(two)) == (6, 42)
    sell(one, "A-1", cancelled=3, minutes=5)
    assert (shown(one), shown(two)) == (9, 45)


def test_demand_elsewhere_during_a_cycle_is_kept_back(shops: tuple[Product, Channel, Channel]) -> None:
    _, one, two = shops
    Offer.objects.filter(channel=two).update(daily_sales=24.0)
    Offer.objects.filter(channel=one).update(daily_sales=1000.0)
    ChannelPace.objects.create(channel=one, cycle_s=3600)
    keep_rule(Draft("cover", 200, channel=one), actor="zoe")
    assert cover_units(200, 24.0, 3600) == 8  # 1 unit an hour: 2 × (1 + 3 √1)
    assert (shown(one), shown(two)) == (42, 50)


def test_what_is_always_available_needs_no_stock_and_no_escrow(db: None) -> None:
    """The other channels share what is really there, to the unit; so does its own once the rule is gone."""
    mouse = make_product("MOUSE", on_hand=2)
    cross, one, two = (make_channel(key, escrow=True) for key in ("cross", "one", "two"))
    for channel in (cross, one, two):
        list_products(channel, [mouse.pk])
        Offer.objects.filter(channel=channel).update(state="listed", sent_quantity=0, exposed_quantity=0,
                                                     desired_price=20, floor_price=10)  # fmt: skip
    keep_rule(Draft("always", 30, product=mouse, channel=cross), actor="zoe")
    assert (shown(cross), shown(one), shown(two)) == (30, 1, 1)
    assert not Offer.objects.get(channel=cross).in_escrow
    number = QuantityRule.objects.get().number
    assert number is not None
    remove_rule(number, actor="zoe")
    assert Offer.objects.get(channel=cross).in_escrow
    assert sum(shown(channel) for channel in (cross, one, two)) <= 2 <= LEAST_ESCROW


def test_channels_that_share_one_stock_promise_the_same(db: None) -> None:
    mouse = make_product("MOUSE")
    north, south = make_channel("north", stock_pool="pooled"), make_channel("south", stock_pool="pooled")
    for channel in (north, south):
        list_products(channel, [mouse.pk])
    keep_rule(Draft("always", 9, channel=north), actor="zoe")
    assert (shown(north), shown(south)) == (9, 9)


def test_an_offer_made_after_its_rule_is_under_it(shops: tuple[Product, Channel, Channel]) -> None:
    _, one, _ = shops
    keep_rule(Draft("limit", 4, family="mice"), actor="zoe")
    pad = make_product("PAD", on_hand=9, family="mice")
    list_products(one, [pad.pk])
    assert Offer.objects.get(product=pad).desired_quantity == 4
    assert resolve_rulings() == []


def test_the_stock_that_a_channel_keeps_itself_is_an_offer_apart_and_never_ours(channel: Channel) -> None:
    """FBA, Octopia Fulfillment: the same SKU twice on one channel, each with its own stock."""
    mouse = make_product("MOUSE", on_hand=20)
    shown = [
        ListedOffer(sku="MOUSE", quantity=20, price=Decimal(20)),
        ListedOffer(sku="MOUSE", quantity=300, price=Decimal(20), fulfilled_by="channel"),
    ]
    compare_with_channel(channel, shown)
    keep_rule(Draft("limit", 7, product=mouse), actor="zoe")
    ours, theirs = (Offer.objects.get(network=network) for network in ("seller", "channel"))
    assert (ours.desired_quantity, theirs.desired_quantity, theirs.ruling_id) == (7, 300, None)
    claimed = claim_quantities(channel, limit=10)
    assert claimed is not None
    assert [(row.sku, row.quantity) for row in claimed[1]] == [("MOUSE", 7)]
    told = explain_quantity(Offer.objects.select_related("channel", "product").get(pk=theirs.pk))
    assert (told.stop, told.quantity, told.facts.parts, told.agrees) == (Stop.THEIRS, 300, [], True)
    sold = order("A-1", Sold("MOUSE", 5))
    lines = tuple(msgspec.structs.replace(line, fulfilled_by="channel") for line in sold.lines)
    intake = record_orders(channel, [msgspec.structs.replace(sold, lines=lines)])
    assert settle_reservations(intake.order_ids) == []
    assert available([mouse.pk]) == {mouse.pk: 20}


def test_a_purge_takes_what_is_over_and_leaves_every_instant_since_as_it_was(
    shops: tuple[Product, Channel, Channel],
) -> None:
    mouse, one, _ = shops
    told = {}
    for day in range(4):
        with clock.clock_at(lambda day=day: NOW + timedelta(days=day)):
            keep_rule(Draft("limit", 10 + day, product=mouse), actor="zoe")
        offer = Offer.objects.select_related("channel", "product").get(channel=one)
        told[day] = offer.desired_quantity
    with clock.clock_at(lambda: NOW + timedelta(days=9)):
        kept = Decision.objects.count()
        term = NOW + timedelta(days=2, hours=1)
        assert purge_history(before=term) == kept - Decision.objects.count() > 0
        assert purge_history(before=term) == 0
        assert explain_quantity(offer, term).quantity == told[2] == 12
        assert explain_quantity(offer, NOW + timedelta(days=3)).quantity == 13
        assert not explain_quantity(offer, NOW + timedelta(days=1)).known


def test_a_purge_keeps_of_the_writes_what_the_channel_took_last_before_the_term(
    shops: tuple[Product, Channel, Channel],
) -> None:
    mouse, one, _ = shops
    offer = Offer.objects.select_related("channel", "product").get(channel=one)
    Offer.objects.update(state="listed")
    for day, state in enumerate(("complete", "complete", "lost", "complete")):
        with clock.clock_at(lambda day=day: NOW + timedelta(days=day)):
            keep_rule(Draft("limit", 10 + day, product=mouse), actor="zoe")
            claimed = claim_quantities(one, limit=10)
            assert claimed is not None
            if state == "lost":
                give_back(claimed[0], state=Submission.State.LOST, message="no answer")
            else:
                mark_sent(claimed[0], str(day))
                close_submission(claimed[0], SubmissionReport(state=ImportState.COMPLETE))
    term = NOW + timedelta(days=2, hours=1)
    before = explain_quantity(offer, term)
    assert (before.sent.quantity, before.sent.outcome) == (12, "lost")  # type: ignore[union-attr]
    assert before.confirmed.quantity == 11  # type: ignore[union-attr]
    assert purge_history(before=term) > 0
    assert list(SubmissionItem.objects.order_by("submission_id").values_list("quantity", flat=True)) == [
        11,
        12,
        13,
    ]
    assert Submission.objects.count() == 3
    assert explain_quantity(offer, term).sent == before.sent
    assert explain_quantity(offer, term).confirmed == before.confirmed
