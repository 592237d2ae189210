"""The drill, address by address: no write without its token, nothing hostile runs in a page or starts in a file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.catalog.models import Product, Supplier
from comptoir.channels.models import Channel
from comptoir.flows.table_files import read_file
from comptoir.inventory.models import StockMovement
from comptoir.journal.models import Change, Exchange, Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order, OrderEvent, OrderLine
from comptoir.sdk.records import Address
from comptoir.shipping.models import Shipment
from tests.domain.contacts import rename_buyers
from tests.web.shop import Shop
from tests.web.test_permissions import OPEN_TO_ALL, WEB, address

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.example";"x")'
NO_TOKEN_NEEDED = {"healthz", "readyz", "health-live", "health-ready", "metrics"}


def test_no_address_takes_a_write_without_its_token(shop: Shop) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.admin, backend="django.contrib.auth.backends.ModelBackend")
    walked = 0
    for pattern in WEB:
        if pattern.name in NO_TOKEN_NEEDED:
            continue
        status = client.post(address(pattern), {"accept": "1"}).status_code
        assert status in (403, 405), (pattern.name, status)
        walked += status == 403
    assert walked > 60


@pytest.fixture
def hostile(shop: Shop) -> Shop:
    """Every text of somebody else is an attack, in markup or in a formula."""
    return poisoned(shop, EVIL)


def poisoned(shop: Shop, text: str) -> Shop:
    place = Address(name=text, street_1=text, city=text, postcode=text, country="FR", company=text)
    rename_buyers(name=text, email=text, phone=text, shipping=place, billing=place)
    Order.objects.update(number=text, external_status=text[:60], shipping_method=text, decision_reason=text)
    OrderLine.objects.update(title=text, external_status=text[:60])
    OrderEvent.objects.filter(kind="noted").update(data={"text": text})
    Product.objects.update(title=text, brand=text, family=text, supplier=Supplier.objects.create(name=text))
    Offer.objects.update(quantity_error=text, price_error=text)
    StockMovement.objects.update(reference=text, actor=text)
    Issue.objects.update(message=text, resolution=text, detail={"raw": text, "why": text})
    Run.objects.update(error=text, error_kind=text[:40])
    Exchange.objects.update(response_body=text, request_body=text, error=text, url=text)
    Shipment.objects.update(
        message=text, tracking_number=text, carrier_name=text, tracking_url="javascript:alert(1)"
    )
    Channel.objects.update(state_reason=text, name=text)
    Change.objects.create(at=shop.to_ship.placed_at, actor=text, action="note", subject_kind="product", subject=text,
                          before={text: text}, after={text: text})  # fmt: skip
    User.objects.exclude(role="administrator").update(name=text)
    read_file("stock", text, f"sku;on hand\n{shop.products[0].sku};9999\n{text};1\n".encode(), actor=text)
    return shop


def test_no_page_of_all_runs_what_others_write(hostile: Shop, admin: Client) -> None:
    seen = 0
    for pattern in WEB:
        if pattern.name in OPEN_TO_ALL:
            continue
        answer = admin.get(address(pattern))
        if (
            answer.status_code != 200
            or not answer["Content-Type"].startswith("text/html")
            or answer.streaming
        ):
            continue
        text = answer.content.decode()
        assert "<script>alert" not in text, pattern.name
        assert "<img src=x" not in text, pattern.name
        assert 'href="javascript:' not in text, pattern.name
        assert "unsafe" not in answer["Content-Security-Policy"], pattern.name
        seen += "alert(1)" in text
    assert seen > 12  # it is shown there, as text


FILLED = {"orders-export", "stock-export", "offers-export", "audit-export", "table-start"}
"""The shop of the tests has rows for these; of the others, all that is walked is that they start nothing."""
EXPORTS = [p for p in WEB if "export" in (p.name or "") or p.name == "table-start"]


@pytest.mark.parametrize("pattern", EXPORTS, ids=lambda p: p.name)
def test_no_file_starts_a_formula(pattern: object, shop: Shop, admin: Client) -> None:
    poisoned(shop, FORMULA)
    place = address(pattern)  # type: ignore[arg-type]
    if pattern.name == "table-start":  # type: ignore[attr-defined]
        place = "/stock/files/start/products.csv"
    answer = admin.get(place)
    assert answer.status_code == 200, place
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row]
    if pattern.name in FILLED:  # type: ignore[attr-defined]
        assert any("HYPERLINK" in cell for cell in cells), "the attack is not in the file: nothing is proven"
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t")]


def test_every_list_that_can_leave_as_a_file_is_walked() -> None:
    assert {p.name for p in EXPORTS} >= FILLED
