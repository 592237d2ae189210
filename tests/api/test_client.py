"""The generated client in `clients/python`: of this very API, and it works against a live hub."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.config.described import description
from tests.web.shop import open_shop

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "python"


@pytest.fixture
def client_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CLIENT))
    for name in [name for name in sys.modules if name.startswith("comptoir_client")]:
        monkeypatch.delitem(sys.modules, name)


def test_the_client_was_made_from_what_the_api_says_of_itself_now() -> None:
    made_from = json.loads((CLIENT / "openapi.json").read_text("utf-8"))
    assert made_from == json.loads(json.dumps(description())), "see clients/python/README.md: make it again"


@pytest.mark.django_db(transaction=True)
def test_the_client_reads_and_writes_a_live_hub(live_server: Any, client_package: None) -> None:
    from comptoir_client import AuthenticatedClient
    from comptoir_client.api.events import events_list_events
    from comptoir_client.api.orders import orders_get_order, orders_hold, orders_list_orders
    from comptoir_client.models import HoldIn, Problem

    shop = open_shop(orders=6)
    _, secret = create_api_key(name="client", role=Role.ADMINISTRATOR)
    with AuthenticatedClient(base_url=live_server.url, token=secret) as client:
        page = orders_list_orders.sync(client=client, limit=3)
        assert len(page.orders) == 3
        assert page.orders[0].lines[0].sku
        rest = orders_list_orders.sync(client=client, limit=200, cursor=page.next_cursor)
        assert len(page.orders) + len(rest.orders) == 6
        reference = shop.to_accept.reference
        held = orders_hold.sync(reference, client=client, body=HoldIn(reason="look"), idempotency_key="k")
        again = orders_hold.sync(reference, client=client, body=HoldIn(reason="look"), idempotency_key="k")
        assert held.held == again.held == "look"
        refused = orders_hold.sync(reference, client=client, body=HoldIn(reason="look"))
        assert isinstance(refused, Problem)
        assert refused.code == "not_in_this_state"
        assert orders_get_order.sync(reference, client=client).buyer.name
        assert events_list_events.sync(client=client).next_cursor == 0


@pytest.mark.django_db(transaction=True)
def test_the_client_gives_a_table_applies_it_and_downloads_one(
    live_server: Any, client_package: None
) -> None:
    from comptoir_client import AuthenticatedClient
    from comptoir_client.api.files import (
        files_apply,
        files_download_file,
        files_make_export,
        files_upload_file,
    )
    from comptoir_client.models import ExportIn, ExportInKind, FilesUploadFileMultiPartBodyParams
    from comptoir_client.models import FilesUploadFileMultiPartBodyParamsKind as Kind
    from comptoir_client.types import File

    shop = open_shop(orders=6)
    stock = shop.products[0].stocks.get()
    _, secret = create_api_key(name="client", role=Role.ADMINISTRATOR)
    table = BytesIO(f"sku,on hand\n{stock.product.sku},30\n".encode())
    with AuthenticatedClient(base_url=live_server.url, token=secret) as client:
        body = FilesUploadFileMultiPartBodyParams(kind=Kind.STOCK, file=File(table, "a.csv", "text/csv"))
        given = files_upload_file.sync(client=client, body=body)
        assert [change.line for change in given.changes] == [2]
        assert files_apply.sync(given.id, client=client, idempotency_key="a").applied == 1
        made = files_make_export.sync(client=client, body=ExportIn(kind=ExportInKind.STOCK))
        answer = files_download_file.sync_detailed(made.id, client=client)
        assert f"{stock.product.sku};" in answer.content.decode("utf-8-sig")
    stock.refresh_from_db()
    assert stock.on_hand == 30
