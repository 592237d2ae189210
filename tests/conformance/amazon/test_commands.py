"""`comptoir channel preview` and `comptoir channel invoice` on a channel of the simulated Amazon."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from comptoir.catalog.models import Barcode
from comptoir.channels.models import Channel, CustomerInvoice
from comptoir.config.commands.channels import app
from comptoir.config.problems import StartupProblem
from comptoir.core import clock
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from tests.conformance.amazon.stage import Stage, played
from tests.conformance.amazon.test_account_in_the_hub import connect
from tests.domain.conftest import make_product

KEY = "amazon-fr"


@pytest.fixture
def stage(db: None, settings: Any) -> Iterator[Stage]:
    settings.ALLOW_LOOPBACK = True
    with played(initial_offers="none") as stage, clock.clock_at(stage.world.now):
        yield stage


@pytest.fixture
def channel(stage: Stage) -> Channel:
    return connect(stage, KEY)


def comptoir(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def said(done: Result) -> list[str]:
    assert done.exception is None, done.exception
    return done.output.splitlines()


def test_preview_says_what_would_be_taken_and_writes_nothing(stage: Stage, channel: Channel) -> None:
    good, bare = (make_product(stage.sku(number)) for number in range(2))
    Barcode.objects.create(product=good, code=stage.ean())
    told = {line.split()[0]: line for line in said(comptoir("preview", KEY, good.sku, bare.sku, "NOWHERE"))}
    assert told[good.sku].split()[1] == "done"
    assert told[good.sku].split()[2].startswith("B0")
    assert told[bare.sku].split()[1:3] == ["rejected", "no_ean"]
    assert told["NOWHERE"].endswith("is no product here")
    assert not stage.market.account.listings
    assert not stage.market.account.effects
    run = Run.objects.get(flow="preview_listings")
    assert (run.outcome, run.counts, run.actor.startswith("command line")) == (
        "succeeded",
        {"asked": 2},
        True,
    )


def test_an_invoice_is_given_by_hand_sent_and_taken_by_amazon(
    stage: Stage, channel: Channel, tmp_path: Path
) -> None:
    make_product(stage.sku(), on_hand=5)
    stage.market.place_by_hand([(stage.sku(), 1)])
    stage.advance(minutes=40)
    run_flow("import_orders", KEY, trigger="test")
    order = Order.objects.get()
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7 ...")
    asked = [
        "invoice",
        KEY,
        order.reference,
        str(file),
        "--number",
        "F-1",
        "--total",
        "49.90",
        "--tax",
        "8.32",
    ]
    assert said(comptoir(*asked)) == ["F-1: waiting."]
    assert said(comptoir(*asked)) == ["F-1: waiting."], "the same file twice is one invoice"
    file.write_bytes(b"%PDF-1.7 another")
    assert isinstance(comptoir(*asked).exception, StartupProblem)
    for _ in range(3):
        run_flow("send_invoices", KEY, trigger="test")
        stage.advance(minutes=5)
    (invoice,) = CustomerInvoice.objects.all()
    assert (invoice.order_id, invoice.state) == (order.external_id, "taken")
    assert (invoice.total_amount, invoice.tax_amount) == (Decimal("49.90"), Decimal("8.32"))
    feeds = [feed.feed_type for feed in stage.market.account.feeds.values()]
    assert feeds == ["UPLOAD_VAT_INVOICE"]


def test_an_invoice_of_an_order_that_is_not_there_is_refused(channel: Channel, tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7 ...")
    done = comptoir("invoice", KEY, "NOWHERE", str(file), "--number", "F-1")
    assert isinstance(done.exception, StartupProblem)
    assert not CustomerInvoice.objects.exists()
