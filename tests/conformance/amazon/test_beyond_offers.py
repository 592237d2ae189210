"""Settlements, fees, Amazon's own warehouse, invoices, notifications, barcodes: over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.amazon.connection import AmazonConnection
from comptoir.connectors.amazon.fees import estimate_fees
from comptoir.connectors.amazon.queue import NoticeQueue
from comptoir.connectors.amazon.settlements import parse_settlement, read_settlements
from comptoir.connectors.amazon.subscriptions import subscribe
from comptoir.connectors.amazon.warehouse import warehouse_levels
from comptoir.sdk.certification import Finding
from comptoir.sdk.errors import ConfigurationError, RateLimited, UnexpectedAnswer
from comptoir.sdk.invoices import CustomerInvoice
from comptoir.sdk.records import OfferDraft, Outcome, Parcel, Shipment, ShippedLine, StockUpdate
from comptoir.sdk.settlements import EntryKind
from tests.conformance.amazon.stage import Stage, played

ARN = "arn:aws:sqs:eu-west-1:123456789012:comptoir"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with played() as stage:
        yield stage


def ship_one(stage: Stage, amazon: AmazonConnection) -> str:
    order_id = stage.market.place_by_hand([(stage.sku(), 2)])
    stage.advance(minutes=40)
    (page,) = amazon.orders_by_id([order_id])
    lines = tuple(ShippedLine(line_id=i.external_id, sku=i.sku, quantity=2) for i in page.orders[0].lines)
    shipment = Shipment(
        reference="1",
        order_id=order_id,
        parcel=Parcel(carrier="GLS", tracking_number="1"),
        lines=lines,
        shipped_at=stage.world.now(),
        completes_order=True,
    )
    assert [v.outcome for v in amazon.confirm_shipments([shipment])] == [Outcome.DONE]
    return order_id


def draft(stage: Stage, **changes: Any) -> OfferDraft:
    known: dict[str, Any] = {"sku": "MINE", "ean": stage.ean(), "quantity": 1, "currency": "EUR"}
    return OfferDraft(**{**known, "price": Decimal(20), "floor": Decimal(10), **changes})


def test_a_settlement_adds_up_and_tells_what_each_order_brought(stage: Stage) -> None:
    with stage.connected() as amazon:
        order_id = ship_one(stage, amazon)
        stage.advance(days=15)
        (settlement,) = read_settlements(amazon.reports, stage.world.now() - timedelta(days=30))
    placed = stage.facts("order_placed")[0]
    assert placed.amount is not None
    prices = [line.amount for line in settlement.lines if line.amount_type == "ItemPrice"]
    assert {line.order_id for line in settlement.lines} == {order_id}
    assert sum(prices) == placed.amount
    assert settlement.total < placed.amount  # the commission
    with stage.connected() as amazon:
        (page,) = amazon.settlement_pages(stage.world.now() - timedelta(days=30))
    assert sum(entry.amount for entry in page.entries) == settlement.total
    kinds = {entry.kind for entry in page.entries}
    assert kinds == {EntryKind.SALE, EntryKind.COMMISSION}
    assert len({entry.external_id for entry in page.entries}) == len(settlement.lines)
    assert all(entry.booked_at and entry.payout_at for entry in page.entries)
    assert settlement.currency == "EUR"


def test_a_settlement_that_does_not_add_up_is_not_taken() -> None:
    header = "settlement-id\ttotal-amount\tcurrency\tamount\r\n"
    with pytest.raises(UnexpectedAnswer):
        parse_settlement(f"{header}1\t10,00\tEUR\t\r\n1\t\t\t9,99\r\n".encode())
    assert parse_settlement(f"{header}1\t10,00\tEUR\t\r\n1\t\t\t10,00\r\n".encode()).total == Decimal(10)


def test_fees_are_estimated_by_article_and_an_unknown_one_says_why(stage: Stage) -> None:
    with stage.connected() as amazon:
        prices = {stage.sku(): Decimal("100.00"), "UNKNOWN": Decimal(1)}
        known, unknown = estimate_fees(amazon.client, amazon.settings.marketplace, prices)
    assert (known.total, known.parts["ReferralFee"]) == (Decimal(15), Decimal(15))
    assert unknown.total is None
    assert "UNKNOWN" in unknown.message


def test_amazon_s_own_warehouse_is_read_to_its_last_page() -> None:
    with played(products=120, amazon_stock_rate=1.0) as stage, stage.connected() as amazon:
        pages = list(warehouse_levels(amazon.client, amazon.settings.marketplace.id))
    assert [len(page) for page in pages] == [50, 50, 20]
    assert {level.sku for page in pages for level in page} == set(stage.world.products)


def invoice(order_id: str, number: str, **changes: Any) -> CustomerInvoice:
    known: dict[str, Any] = {"reference": f"I-{number}", "order_id": order_id, "number": number}
    return CustomerInvoice(**{**known, "content": b"%PDF-1.7 ...", "file_name": "i.pdf", **changes})


def test_an_invoice_is_taken_once_and_a_bad_one_is_refused_before_it_leaves(stage: Stage) -> None:
    with stage.connected() as amazon:
        order_id = ship_one(stage, amazon)
        asked = [
            invoice(order_id, "F-2026-1", total_amount=Decimal("45.00"), tax_amount=Decimal("7.50")),
            invoice("999-0000000-0000000", "F-2"),
            invoice(order_id, 'F"1'),
            invoice(order_id, "F-4", content=b"<html>"),
        ]
        told = list(amazon.send_invoices(asked))
        assert [v.outcome for v in told] == [Outcome.DONE, Outcome.DONE, Outcome.REJECTED, Outcome.REJECTED]
        good, lost = (v.external_id for v in told[:2])
        assert [v.external_id for v in amazon.send_invoices(asked[:2])] == [good, lost]
        assert amazon.read_invoice(good).outcome is Outcome.RETRY
        stage.advance(minutes=5)
        assert amazon.read_invoice(good).outcome is Outcome.DONE
        assert amazon.read_invoice(lost).outcome is Outcome.REJECTED
    created = [e for e in stage.exchanges if e.operation == "createFeed"]
    assert len(created) == 2


class Queue:
    """An SQS client on the simulator's outbox: at least once, in no order."""

    def __init__(self, stage: Stage) -> None:
        self._outbox = stage.market.account.outbox
        self.deleted: list[str] = []

    def receive_message(self, **_: object) -> dict[str, Any]:
        bodies = [json.dumps(told["body"]) for told in reversed(list(self._outbox.values()))][:9]
        return {"Messages": [{"MessageId": "m", "Body": b, "ReceiptHandle": b[:9]} for b in [*bodies, "{"]]}

    def delete_message_batch(self, *, Entries: list[dict[str, str]], **_: object) -> None:  # noqa: N803
        self.deleted += [entry["Id"] for entry in Entries]


def test_notifications_say_where_to_look_and_are_deleted_once_stored(stage: Stage) -> None:
    with stage.connected() as amazon:
        kinds = ["ORDER_CHANGE", "FEED_PROCESSING_FINISHED"]
        assert subscribe(amazon.client, ARN, kinds) == kinds
        assert subscribe(amazon.client, ARN, kinds) == []
        order_id = stage.market.place_by_hand([(stage.sku(), 1)])
        amazon.submit_stock([StockUpdate(sku=stage.sku(n), quantity=n) for n in range(25)])
        stage.advance(minutes=40)
    outbox = Queue(stage)
    queue = NoticeQueue(outbox, "url", "client")
    batch = next(queue.batches())
    assert not outbox.deleted, "nothing is deleted before it is stored"
    assert {(n.subject, n.name) for n in batch.notices} == {
        ("order", order_id),
        ("submission", "50000000001"),
    }
    assert [notice.at for notice in batch.notices] == sorted(notice.at for notice in batch.notices)
    assert len(batch.rejected) == 1
    queue.forget(batch)
    assert len(outbox.deleted) == 4


def test_a_renewed_secret_comes_through_the_queue_and_the_old_one_goes_on_for_a_week(stage: Stage) -> None:
    with stage.connected() as amazon:
        subscribe(amazon.client, ARN, ["ORDER_CHANGE"])
        amazon.renew_credential("client_secret")
    queue = NoticeQueue(Queue(stage), "url", amazon.settings.client_id)
    settings = next(queue.batches()).settings
    assert settings["secret_made_on"] == stage.world.now().date().isoformat()
    assert settings["client_secret"] not in str(next(queue.batches()).rejected)
    stage.cache.kept.clear()
    with stage.connected(**settings) as renewed:
        assert renewed.check().account_name == "Comptoir Demo"
    old = {"client_secret": amazon.settings.client_secret}
    with stage.connected(**old) as former:
        former.check()
    stage.advance(days=8)
    with stage.connected(**old) as late, pytest.raises(ConfigurationError):
        late.check()


def test_a_barcode_becomes_an_offer_that_amazon_would_take(stage: Stage) -> None:
    with stage.connected() as amazon:
        unknown, none = draft(stage, sku="B", ean="4006381333931"), draft(stage, sku="C", ean="")
        judged = {v.key: v for v in amazon.preview_listings([draft(stage), unknown, none])}
        assert judged["MINE"].outcome is Outcome.DONE
        assert judged["MINE"].external_id.startswith("B0")
        assert "MINE" not in stage.market.account.listings
        assert {judged["B"].code, judged["C"].code} == {"no_asin", "no_ean"}
        assert "purchasable_offer" in amazon.barcodes().required_attributes("PRODUCT")


def test_an_article_that_needs_an_approval_says_so_before_and_when_it_is_offered() -> None:
    with played(products=30) as open_stage:
        family = open_stage.world.products[open_stage.sku()].family
    with played(products=30, restricted_families=(family,)) as stage, stage.connected() as amazon:
        (judged,) = amazon.preview_listings([draft(stage)])
        assert (judged.outcome, judged.code) == (Outcome.REJECTED, "APPROVAL_REQUIRED")
        receipt = amazon.submit_offers([draft(stage)])
        assert receipt.report is not None
        assert [(v.key, v.code) for v in receipt.report.verdicts] == [("MINE", "APPROVAL_REQUIRED")]
    assert [e.operation for e in stage.exchanges].count("getListingsRestrictions") == 1


def test_what_is_only_assumed_is_looked_at_without_writing_anything(stage: Stage) -> None:
    with stage.connected(secret_made_on="2020-01-01") as amazon:
        stage.market.place_by_hand([(stage.sku(), 2)])
        stage.advance(minutes=40)
        found = {check.subject: check.finding for check in amazon.certify()}
    assert found.pop("the client secret has more than 60 days") is Finding.DIFFERS
    assert set(found.values()) == {Finding.CONFIRMED}
    assert len(found) == 8
    assert {e.method for e in stage.exchanges if e.operation != "lwaToken"} == {"GET"}
    with played(missing_roles=("searchOrders",)) as closed, closed.connected() as amazon:
        refused = {check.subject: check for check in amazon.certify()}
    assert refused["orders"].finding is Finding.DIFFERS
    assert "Access to requested resource is denied" in refused["orders"].detail


def test_an_account_without_the_scope_is_told_so(stage: Stage) -> None:
    with stage.connected(client_secret="wrong") as amazon, pytest.raises(ConfigurationError):
        subscribe(amazon.client, ARN, ["ORDER_CHANGE"])


def test_real_quotas_make_the_hub_wait_and_never_storm() -> None:
    with played(limits="real") as stage, stage.connected() as amazon:
        for _ in range(15):
            amazon.check()
        with pytest.raises(RateLimited) as caught:
            amazon.check()
    assert caught.value.retry_after is not None
    assert round(caught.value.retry_after.total_seconds()) == 62
    refused = [e for e in stage.exchanges if e.status == 429]
    assert len(refused) == 1
    assert not {"retry-after", "x-amzn-ratelimit-limit"} & {
        name.lower() for name in refused[0].response_headers
    }
