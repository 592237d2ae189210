"""A worker killed between X3's commit and our own: exactly one document, and the hub learns of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time as real_time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.connectors.sage_x3 import CONNECTOR
from comptoir.flows import connect
from comptoir.flows.policy import run_flow
from comptoir.orders.models import ErpExport, Order
from tests.conformance.x3 import PARTY, SRC, X3, running_x3, well_stocked
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.flows.conftest import connect_channel
from tests.flows.fakes import FAKE, Market
from tests.flows.test_stock_counts import sell

_WORKER = """
import django
django.setup()
from comptoir.flows.policy import run_flow
run_flow("export_orders_to_erp", "x3")
"""


@pytest.fixture
def x3(tmp_path: Path) -> Iterator[X3]:
    with running_x3(tmp_path, 'auth = "basic"') as running:
        yield running


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Channel, Market]:
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake": FAKE, "sage_x3": CONNECTOR})
    return connect_channel("shop")


def start_worker() -> subprocess.Popen[bytes]:
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(SRC),
                   "DJANGO_SETTINGS_MODULE": "comptoir.config.settings"}  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", _WORKER], env=environment)


def test_kill_9_between_x3s_commit_and_ours_makes_exactly_one_document(
    x3: X3, shop: tuple[Channel, Market]
) -> None:
    article = well_stocked(x3.connect())[0]
    make_product(article, on_hand=50)
    settings = CONNECTOR.settings.load(x3.settings)
    add_channel(key="x3", name="Sage X3", connector=CONNECTOR, settings=settings, actor="test")
    (reference,) = sell(shop, order("A", article))
    # Two looks, then the write: its work is done, its answer held back.
    x3.post(
        "/faults", {"party": PARTY, "set": {"hold_s": 60.0}, "next": ["latency", "latency", "timeout_after"]}
    )
    worker = start_worker()
    until = real_time.monotonic() + 60
    while not x3.documents():
        assert worker.poll() is None
        assert real_time.monotonic() < until
        real_time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert Order.objects.get().erp_state == "sent", "the hub does not know yet"
    assert ErpExport.objects.get().state == "open"
    run_flow("export_orders_to_erp", "x3")
    assert Order.objects.get().erp_state == "confirmed"
    assert [document["reference"] for document in x3.documents()] == [reference]
