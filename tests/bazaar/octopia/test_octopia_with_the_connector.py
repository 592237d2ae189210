"""The hub's connector and the simulated Octopia, talking over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from octopia_stand import Stand

from comptoir.sdk.conversations import Reply
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import (
    Cancellation,
    LineAmount,
    OfferDraft,
    OrderDecision,
    Outcome,
    Parcel,
    PriceUpdate,
    Refund,
    Shipment,
    ShippedLine,
    StockUpdate,
)
from comptoir.sdk.settlements import EntryKind
from comptoir.sdk.statuses import ImportState, OrderStatus

MakeStand = Callable[..., Stand]
ON_SALE = {"octopia-1": {"initial_offers": "all"}}


def read(connection: Any, cursor: str = "") -> dict[str, Any]:
    """Every order that comes, by id, as it was last told."""
    return {order.external_id: order for page in connection.order_pages(cursor) for order in page.orders}


def one(connection: Any, order_id: str) -> Any:
    (page,) = connection.orders_by_id([order_id])
    return page.orders[0]


def accept(connection: Any, order_id: str) -> Any:
    lines = {line.external_id: True for line in one(connection, order_id).lines}
    (verdict,) = connection.decide_orders([OrderDecision(order_id=order_id, lines=lines)])
    return verdict


def departure(order: Any, number: str = "6A00000001") -> Shipment:
    lines = tuple(
        ShippedLine(line_id=x.external_id, sku=x.sku, quantity=x.quantity)
        for x in order.lines
        if x.fulfilled_by == "seller"
    )
    return Shipment(
        reference=f"S-{order.external_id}-{number}",
        order_id=order.external_id,
        parcel=Parcel(carrier="colissimo", tracking_number=number),
        lines=lines,
        shipped_at=order.placed_at,
        completes_order=True,
    )


def to_ship(stand: Stand, connection: Any, lines: list[tuple[str, int]]) -> str:
    """An order accepted and through its controls."""
    order_id = stand.party().place_by_hand(lines)
    assert accept(connection, order_id).outcome is Outcome.DONE
    stand.advance(hours=1)
    return order_id


def test_an_order_is_read_accepted_prepared_shipped_and_delivered(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    sku = here.skus(1)[0]
    order_id = here.party().place_by_hand([(sku, 2)])

    order = read(connection)[order_id]
    assert order.status is OrderStatus.TO_ACCEPT
    assert order.accept_by is not None
    assert (order.lines[0].sku, order.lines[0].quantity) == (sku, 2)
    assert order.total_amount == order.lines[0].amount + order.shipping_amount
    assert order.warnings == ()

    assert accept(connection, order_id).outcome is Outcome.DONE
    assert one(connection, order_id).status is OrderStatus.ACCEPTED
    (early,) = connection.confirm_shipments([departure(order)])
    assert early.outcome is Outcome.RETRY, "accepted is not yet shippable"

    here.advance(hours=1)
    ready = one(connection, order_id)
    assert ready.status is OrderStatus.TO_SHIP
    assert ready.shipping_address is not None
    assert ready.shipping_address.city == "Paris"
    (shipped,) = connection.confirm_shipments([departure(ready)])
    assert shipped.outcome is Outcome.DONE
    assert one(connection, order_id).status is OrderStatus.SHIPPED
    here.advance(days=4)
    assert one(connection, order_id).status is OrderStatus.DELIVERED
    kinds = [fact.kind for fact in here.world.ledger.of_order("octopia-1", order_id)]
    assert kinds == ["order_placed", "order_accepted", "order_shipped", "order_delivered"]


def test_an_order_that_nobody_answers_is_cancelled_by_itself(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    order_id = here.party().place_by_hand([(here.skus(1)[0], 1)])
    here.advance(hours=25)
    order = one(connection, order_id)
    assert (order.status, order.external_status) == (OrderStatus.CANCELLED, "Cancelled")
    assert order.lines[0].cancelled_quantity == 1


@pytest.mark.parametrize("write", ["accept", "ship", "cancel", "gesture"])
@pytest.mark.parametrize("fault", ["timeout_after", "dropped_before"])
def test_nothing_is_done_twice_after_an_answer_was_lost(stand: MakeStand, write: str, fault: str) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    here.world.faults.set("octopia-1", _quick_faults())
    order_id = here.party().place_by_hand([(here.skus(1)[0], 2)])
    order = one(connection, order_id)
    attempt = _attempt(here, connection, order_id, order, write)
    reads_first = {"accept": 1, "ship": 2, "cancel": 3, "gesture": 3}[write]
    first = _with_fault_after(here, attempt, reads_first, fault)
    second = attempt()
    assert first.outcome in (Outcome.DONE, Outcome.UNKNOWN, Outcome.RETRY)
    assert second.outcome is Outcome.DONE, second.message
    posts = [x for x in here.exchanges if x.writes and x.status is not None and x.status < 300]
    lost = [x for x in here.exchanges if x.writes and x.status is None]
    assert lost, "the fault struck the write itself"
    assert len(_facts(here, order_id, write)) == 1
    assert len({x.request_body for x in posts}) == len(posts)


def _quick_faults() -> Any:
    from bazaar.faults.levels import FaultSettings

    return FaultSettings(hold_s=0.01)


def _facts(here: Stand, order_id: str, write: str) -> list[Any]:
    if write == "cancel":
        return [one for one in here.party().account.cancellations.values() if one.order_id == order_id]
    if write == "gesture":
        return [one for one in here.party().account.gestures.values() if one.order_id == order_id]
    kind = {"accept": "order_accepted", "ship": "order_shipped"}[write]
    return [x for x in here.world.ledger.of_order("octopia-1", order_id) if x.kind == kind]


def _with_fault_after(here: Stand, attempt: Callable[[], Any], reads: int, fault: str) -> Any:
    """Let the reads that come first through, then strike."""
    world = here.world.faults
    strikes, passed = world.strikes_wire, 0

    def strike(party: str, method: str, path: str) -> str | None:
        nonlocal passed
        passed += 1
        if method == "POST" and "/auth/" not in path and passed > reads - 1:
            world.strikes_wire = strikes  # type: ignore[method-assign]
            return fault
        return None

    world.strikes_wire = strike  # type: ignore[method-assign]
    return attempt()


def _attempt(here: Stand, connection: Any, order_id: str, order: Any, write: str) -> Callable[[], Any]:
    if write == "accept":
        return lambda: accept(connection, order_id)
    accept(connection, order_id)
    here.advance(hours=1)
    if write == "ship":
        return lambda: next(connection.confirm_shipments([departure(order)]))
    if write == "cancel":
        whole = Cancellation(reference="C-1", order_id=order_id, lines=())
        return lambda: next(connection.cancel_orders([whole]))
    list(connection.confirm_shipments([departure(order)]))
    lines = (LineAmount(line_id=order.lines[0].external_id, quantity=1, amount=Decimal("1.50")),)
    return lambda: next(connection.refund_orders([Refund(reference="R-1", order_id=order_id, lines=lines)]))


def test_lines_are_cancelled_whole_with_a_reason_of_the_channel(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    first, second = here.skus(2)
    order_id = to_ship(here, connection, [(first, 1), (second, 2)])
    lines = one(connection, order_id).lines

    def cancel(line: Any, quantity: int, reason: str = "") -> Any:
        part = (LineAmount(line_id=line.external_id, quantity=quantity),)
        wanted = Cancellation(reference="C-1", order_id=order_id, lines=part, reason=reason)
        return next(connection.cancel_orders([wanted]))

    assert cancel(lines[1], 1).outcome is Outcome.REJECTED, "part of a line"
    assert cancel(lines[1], 2, "invented").outcome is Outcome.REJECTED, "a reason that is not theirs"
    assert cancel(lines[1], 2).outcome is Outcome.DONE
    here.advance(minutes=10)
    order = one(connection, order_id)
    assert [line.status for line in order.lines] == [OrderStatus.TO_SHIP, OrderStatus.CANCELLED]
    assert order.status is OrderStatus.TO_SHIP


def test_a_whole_line_given_back_after_shipping_is_a_refund(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect(cancellation_reason="sim-not-received")
    order_id = to_ship(here, connection, [(here.skus(1)[0], 1)])
    order = one(connection, order_id)
    list(connection.confirm_shipments([departure(order)]))
    line = order.lines[0]
    whole = (LineAmount(line_id=line.external_id, quantity=1, amount=line.amount),)
    (verdict,) = connection.refund_orders([Refund(reference="R-1", order_id=order_id, lines=whole)])
    assert verdict.outcome is Outcome.DONE
    here.advance(minutes=10)
    order = one(connection, order_id)
    assert order.status is OrderStatus.REFUNDED
    assert order.lines[0].refunded_quantity == 1


def test_a_gesture_stays_within_what_octopia_allows(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    order_id = to_ship(here, connection, [(here.skus(1)[0], 2)])
    order = one(connection, order_id)
    list(connection.confirm_shipments([departure(order)]))
    too_much = (LineAmount(line_id=order.lines[0].external_id, quantity=1, amount=order.total_amount - 1),)
    (verdict,) = connection.refund_orders([Refund(reference="R-1", order_id=order_id, lines=too_much)])
    assert verdict.outcome is Outcome.REJECTED
    assert "up to" in verdict.message


def test_lines_supplied_by_octopia_are_never_shipped_by_us(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all", "fulfillment_rate": 1.0}})
    connection = here.connect()
    sku = here.skus(1)[0]
    before = here.party().listed_offer(sku)
    order_id = to_ship(here, connection, [(sku, 1)])
    order = one(connection, order_id)
    assert order.lines[0].fulfilled_by == "channel"
    assert here.party().listed_offer(sku) == before, "its stock is not ours"
    line = order.lines[0]
    forced = Shipment(
        reference="S-1",
        order_id=order_id,
        parcel=Parcel(carrier="x", tracking_number="1"),
        lines=(ShippedLine(line_id=line.external_id, sku=sku, quantity=1),),
        shipped_at=order.placed_at,
        completes_order=True,
    )
    (verdict,) = connection.confirm_shipments([forced])
    assert verdict.outcome is Outcome.REJECTED


def report(here: Stand, connection: Any, receipt: Any) -> Any:
    assert connection.read_submission("stock", receipt.external_id).state is ImportState.PENDING
    here.advance(minutes=5)
    return connection.read_submission("stock", receipt.external_id)


def draft(here: Stand, sku: str, **more: Any) -> OfferDraft:
    product = here.world.products[sku]
    given = {
        "price": product.list_price,
        "floor": Decimal(1),
        "currency": "EUR",
        "quantity": 5,
        "ean": product.ean,
    }
    return OfferDraft(sku=sku, **{**given, **more})


def test_offers_are_created_updated_and_deleted_item_by_item(stand: MakeStand) -> None:
    here = stand()
    connection = here.connect()
    good, unknown, gone = here.skus(3)
    drafts = [draft(here, good), draft(here, unknown, ean="3000000000000"), draft(here, gone)]
    told = report(here, connection, connection.submit_offers(drafts))
    assert told.state is ImportState.COMPLETE
    outcomes = {verdict.key: verdict.outcome for verdict in told.verdicts}
    assert outcomes == {good: Outcome.DONE, unknown: Outcome.REJECTED, gone: Outcome.DONE}

    told = report(here, connection, connection.submit_stock([StockUpdate(sku=good, quantity=3)]))
    assert [verdict.outcome for verdict in told.verdicts] == [Outcome.DONE]
    euros = PriceUpdate(sku=good, price=Decimal("19.99"), currency="EUR", floor=Decimal(10))
    told = report(here, connection, connection.submit_prices([euros]))
    assert [verdict.outcome for verdict in told.verdicts] == [Outcome.DONE]
    told = report(
        here, connection, connection.submit_offers([draft(here, gone, delete=True), draft(here, unknown)])
    )
    assert {verdict.outcome for verdict in told.verdicts} == {Outcome.DONE}

    listed = {offer.sku: offer for page in connection.listed_offers() for offer in page}
    assert set(listed) == {good, unknown}
    assert (listed[good].quantity, listed[good].price) == (3, Decimal("19.99"))


def test_an_update_of_an_unknown_offer_is_refused_in_their_words(stand: MakeStand) -> None:
    here = stand()
    connection = here.connect()
    told = report(here, connection, connection.submit_stock([StockUpdate(sku="NOBODY", quantity=3)]))
    (verdict,) = told.verdicts
    assert (verdict.outcome, verdict.message) == (Outcome.REJECTED, "Offre inexistante")


def test_a_package_of_many_offers_is_filled_by_a_hundred(stand: MakeStand) -> None:
    here = stand({"octopia-1": {"initial_offers": "all"}}, products=450)
    connection = here.connect()
    updates = [StockUpdate(sku=sku, quantity=9) for sku in here.skus(450)]
    told = report(here, connection, connection.submit_stock(updates))
    assert len(told.verdicts) == 450
    fills = [x for x in here.exchanges if x.operation == "fillPackage"]
    assert len(fills) == 5
    listed = [offer for page in connection.listed_offers() for offer in page]
    assert {offer.quantity for offer in listed} == {9}


def test_the_stock_is_one_for_every_sales_channel_of_the_account(stand: MakeStand) -> None:
    second = {"account_of": "octopia-1", "sales_channel_id": "OTHERFR", "initial_offers": "all"}
    here = stand({"octopia-1": {"initial_offers": "all"}, "octopia-2": second})
    cdiscount, other = here.connect("octopia-1"), here.connect("octopia-2")
    sku = here.skus(1)[0]
    report(here, cdiscount, cdiscount.submit_stock([StockUpdate(sku=sku, quantity=4)]))
    bought = here.party("octopia-2").place_by_hand([(sku, 1)])

    shown = [here.party(key).listed_offer(sku).quantity for key in ("octopia-1", "octopia-2")]
    assert shown == [3, 3]
    told = {fact.party for fact in here.world.ledger.of_kind("stock_told")}
    assert told == {"octopia-1", "octopia-2"}
    assert bought in read(other)
    assert bought not in read(cdiscount)
    pools = {c.check().features["stock_pool"] for c in (cdiscount, other)}
    assert len(pools) == 1


def test_the_offers_of_the_others_are_seen_beside_ours(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    eans = [product.ean for product in here.world.products.values()]
    found = [offer for page in connection.competing_offers(eans) for offer in page]
    assert {offer.ean for offer in found if offer.is_ours} == set(eans)
    assert any(offer.has_buy_box for offer in found if not offer.is_ours)


def test_the_check_tells_who_we_are_and_warns_of_a_wrong_sales_channel(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    profile = here.connect().check()
    assert (profile.account_name, profile.warnings) == ("Comptoir Demo", ())
    assert profile.features["order_acceptance"] == "manual"
    assert {choice.code for choice in profile.carriers} >= {"COLISSIMO"}
    wrong = here.connect(sales_channel_id="NOWHERE").check()
    assert "not subscribed" in wrong.warnings[0]


def test_a_token_is_asked_for_once_and_renewed_when_it_ends(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    read(connection)
    read(connection)
    assert [x.operation for x in here.exchanges].count("token") == 1
    here.advance(hours=3)
    read(connection)
    assert [x.operation for x in here.exchanges].count("token") == 2


def test_discussions_are_read_and_answered_once(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    order_id = here.party().place_by_hand([(here.skus(1)[0], 1)])
    discussion_id = here.party().write_message(order_id, "Où est mon colis ?", "Bonjour, où est mon colis ?")
    since = here.world.now() - timedelta(days=400)

    def conversation() -> Any:
        (page,) = connection.conversation_pages(since)
        return page.conversations[0]

    asked = conversation()
    assert (asked.external_id, asked.order_id, asked.needs_answer) == (discussion_id, order_id, True)
    assert [message.author for message in asked.messages] == ["buyer"]
    reply = Reply(reference="M-1", conversation_id=discussion_id, body="Bonjour, il part aujourd’hui.")
    for _ in range(2):
        (verdict,) = connection.send_replies([reply])
        assert verdict.outcome is Outcome.DONE
    answered = conversation()
    assert [message.author for message in answered.messages] == ["buyer", "us"]
    assert not answered.needs_answer
    (short,) = connection.send_replies([Reply(reference="M-2", conversation_id=discussion_id, body="Oui.")])
    assert short.outcome is Outcome.REJECTED


def test_an_invoice_is_taken_in_later(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    order_id = to_ship(here, connection, [(here.skus(1)[0], 1)])
    invoice = CustomerInvoice(reference="F-1", order_id=order_id, content=b"%PDF-1.7", file_name="F-1.pdf")
    (verdict,) = connection.send_invoices([invoice])
    assert verdict.outcome is Outcome.DONE
    assert connection.read_invoice(verdict.external_id).outcome is Outcome.RETRY
    here.advance(minutes=2)
    assert connection.read_invoice(verdict.external_id).outcome is Outcome.DONE
    (refused,) = connection.send_invoices([msgspec.structs.replace(invoice, order_id="NOBODY")])
    assert refused.outcome is Outcome.REJECTED


def test_operations_are_read_as_settlements_from_the_next_day(stand: MakeStand) -> None:
    here = stand(ON_SALE)
    connection = here.connect()
    order_id = to_ship(here, connection, [(here.skus(1)[0], 1)])
    since = here.world.now() - timedelta(days=1)
    assert not list(connection.settlement_pages(since))
    here.advance(days=1)
    (page,) = connection.settlement_pages(since)
    order = one(connection, order_id)
    kinds = {entry.kind: entry for entry in page.entries}
    assert kinds[EntryKind.SALE].amount == order.total_amount
    assert kinds[EntryKind.COMMISSION].amount < 0
    assert {entry.order_id for entry in page.entries} == {order_id}
    assert not kinds[EntryKind.SALE].paid
    here.advance(days=10)
    (page,) = connection.settlement_pages(since)
    assert all(entry.paid for entry in page.entries)
