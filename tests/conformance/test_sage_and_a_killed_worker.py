"""A worker killed between Sage's commit and our own: exactly one document, and the hub learns of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time as real_time
from pathlib import Path

import pytest
from django.db import connection

from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.connectors.sage100 import CONNECTOR
from comptoir.flows import connect
from comptoir.flows.policy import run_flow
from comptoir.orders.models import ErpExport, Order
from tests.conformance.test_sage_over_the_wire import SRC, Sage, sage, well_stocked
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.flows.conftest import connect_channel
from tests.flows.fakes import FAKE, Market
from tests.flows.test_stock_counts import sell

__all__ = ["sage"]
_WORKER = """
import django
django.setup()
from comptoir.flows.policy import run_flow
run_flow("export_orders_to_erp", "sage")
"""


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Channel, Market]:
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake": FAKE, "sage100": CONNECTOR})
    return connect_channel("shop")


def database_url() -> str:
    given = connection.settings_dict
    return f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


@pytest.mark.parametrize("sage", ["v12"], indirect=True)
def test_kill_9_between_sages_commit_and_ours_makes_exactly_one_document(
    sage: Sage, shop: tuple[Channel, Market], tmp_path: Path
) -> None:
    article = well_stocked(sage)[0]
    make_product(article, on_hand=50)
    settings = CONNECTOR.settings.load(sage.settings)
    add_channel(key="sage", name="Sage", connector=CONNECTOR, settings=settings, actor="test")
    (reference,) = sell(shop, order("A", article))
    sage.post("/faults", {"party": "sage", "set": {"hold_s": 60.0}, "next": ["timeout_after"]})
    environment = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(SRC),
                   "DJANGO_SETTINGS_MODULE": "comptoir.config.settings"}  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-c", _WORKER], env=environment)
    until = real_time.monotonic() + 60
    while not sage.sql("SELECT 1 FROM F_DOCENTETE WHERE DO_NoWeb = %s", [reference]):
        assert worker.poll() is None
        assert real_time.monotonic() < until
        real_time.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert Order.objects.get().erp_state == "sent", "the hub does not know yet"
    assert ErpExport.objects.get().state == "open"
    run_flow("export_orders_to_erp", "sage")
    assert Order.objects.get().erp_state == "confirmed"
    assert [document["reference"] for document in sage.documents()] == [reference]
    assert sage.sql("SELECT count(*) FROM F_DOCENTETE WHERE DO_NoWeb = %s", [reference]) == [(1,)]
