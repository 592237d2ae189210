"""The drill, address by address: no write without its token, nothing hostile runs in a page or starts in a file."""

from __future__ import annotations

import csv
import io
import logging

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.catalog.models import Product, Supplier
from comptoir.channels.models import Channel
from comptoir.core.sealing import seal
from comptoir.events.models import Delivery, Event, Webhook
from comptoir.finance.models import (
    AccountingEntry,
    AccountingRow,
    ErpDocument,
    ErpGap,
    PurchaseLine,
    PurchaseOrder,
)
from comptoir.flows.table_files import read_file
from comptoir.inventory.models import StockMovement
from comptoir.journal.models import Change, Exchange, Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import CancelRequest, Order, OrderEvent, OrderLine
from comptoir.sdk.records import Address
from comptoir.shipping.models import Shipment
from tests.domain.contacts import rename_buyers
from tests.web.shop import Shop
from tests.web.test_narrowed_people import ids_on
from tests.web.test_permissions import ARGUMENTS, OPEN_TO_ALL, WEB, address

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
    told = {"code": text, "label": text, "kind": ""}
    Channel.objects.update(state_reason=text, name=text, profile={
        "account_id": text, "account_name": text, "state": text, "currency": "EUR", "features": {text: text},
        "warnings": [text], "reasons": [told]})  # fmt: skip
    _poison_the_erp(shop.to_ship, shop.erp, text)
    Change.objects.create(at=shop.to_ship.placed_at, actor=text, action="note", subject_kind="product", subject=text,
                          before={text: text}, after={text: text})  # fmt: skip
    User.objects.exclude(role="administrator").update(name=text)
    read_file("stock", text, f"sku;on hand\n{shop.products[0].sku};9999\n{text};1\n".encode(), actor=text)
    return shop


def _poison_the_erp(order: Order, erp: Channel, text: str) -> None:
    """What the ERP, a webhook's target and a person's file say."""
    now, day = order.placed_at, order.placed_at.date()
    common = {"created_at": now, "updated_at": now}
    ErpDocument.objects.create(channel=erp, order=order, kind="credit_note", number=text[:60], origin=text[:60],
                               document_date=day, total_amount=1, message=text, refunding="to_decide",
                               **common)  # fmt: skip
    ErpGap.objects.create(erp=erp, kind="stranger", reference=text[:60], documents=[text], day=day, found_at=now,
                          checked_at=now)  # fmt: skip
    Issue.objects.create(reason="divergence", subject_kind="order", subject=text, message=text, channel="maison",
                         opened_at=now, last_seen_at=now)  # fmt: skip
    entry = AccountingEntry.objects.create(channel=order.channel, journal="VT", number=1, source="x", piece=text[:60],
                                           entry_date=day, label=text, total=1, message=text,
                                           created_at=now)  # fmt: skip
    AccountingRow.objects.create(entry=entry, place=1, account="411", account_label=text, label=text, debit=1)
    bought = PurchaseOrder.objects.create(reference="PO-1", supplier=Supplier.objects.get_or_create(name=text)[0],
                                          comment=text, document=text[:60], message=text, state="rejected",
                                          created_by=text, **common)  # fmt: skip
    PurchaseLine.objects.create(order=bought, line_number=1, product=Product.objects.all()[0], supplier_sku=text[:80],
                                quantity=1, unit_price=1)  # fmt: skip
    CancelRequest.objects.create(order=order, reason=text[:20], state="rejected", message=text, requested_by=text,
                                 requested_at=now)  # fmt: skip
    hook = Webhook.objects.create(name=text[:100], url="https://hooks.example/", sealed_secret=seal({"secret": "x"}),
                                  state_reason=text, created_at=now, created_by=text)  # fmt: skip
    event = Event.objects.create(
        at=now, kind="order.imported", subject_kind="order", subject=text, source="x", source_id=1
    )
    Delivery.objects.create(webhook=hook, event=event, state="failed", due_at=now, message=text)


SECRETS = ("key-of-maison-very-secret", "key-of-jardin-very-secret", "hook-very-secret", "TOTPVERYSECRET")


def test_no_secret_stands_in_any_page_file_or_log(
    shop: Shop, admin: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Of channels, webhooks, keys, second factors, passwords and the hub itself."""
    caplog.set_level(logging.DEBUG)
    _, key = create_api_key(name="quiet", role=Role.ADMINISTRATOR)
    Webhook.objects.create(name="Hook", url="https://hooks.example/", created_at=shop.to_ship.placed_at,
                           sealed_secret=seal({"secret": "hook-very-secret"}), created_by="x")  # fmt: skip
    person = User.objects.get(email=shop.admin.email)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "TOTPVERYSECRET"})
    secrets = (*SECRETS, key.split("_", 2)[2], person.password, settings.SECRET_KEY)
    ids = ids_on("maison") | {"user_id": person.pk, "product_id": shop.products[0].pk,
                              "webhook_id": Webhook.objects.get().pk}  # fmt: skip
    walked = 0
    for pattern in WEB:
        names = get_resolver().reverse_dict.getlist(pattern.name)[0][0][0][1]
        known = ARGUMENTS | ids
        answer = admin.get(reverse(str(pattern.name), kwargs={name: known.get(name, 1) for name in names}))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = content.decode("utf-8", "replace") + str(dict(answer.headers))
        assert not [secret[:4] for secret in secrets if secret in told], pattern.name
        walked += answer.status_code == 200
    assert walked > 70
    assert not [secret[:4] for secret in secrets if secret in caplog.text]


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
