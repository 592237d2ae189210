"""The ERP's pages: what does not agree, credit notes to decide, and the order's chain of documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.finance.models import CreditNoteRule, ErpDay, ErpDocument, ErpGap
from comptoir.journal.models import Change
from comptoir.orders.models import ErpState, Order
from comptoir.sdk.statuses import OrderStatus
from tests.web.conftest import SignIn
from tests.web.shop import Shop


def gap(shop: Shop, order: Order | None, kind: str = "missing", **more: Any) -> ErpGap:
    return ErpGap.objects.create(
        erp=shop.erp, kind=kind, reference=order.reference if order else "CO-STRANGER", order=order,
        channel=order.channel.key if order else "", day=date(2026, 11, 22), here_amount=Decimal("59.90"),
        found_at=clock.now(), checked_at=clock.now(), **more,
    )  # fmt: skip


def credit_note(shop: Shop, order: Order, **more: Any) -> ErpDocument:
    return ErpDocument.objects.create(
        channel=shop.erp, order=order, kind="credit_note", number="AV00042", document_date=date(2026, 11, 22),
        total_amount=Decimal("12.30"), refunding="to_decide", created_at=clock.now(), updated_at=clock.now(), **more,
    )  # fmt: skip


@pytest.fixture
def order(shop: Shop) -> Order:
    return Order.objects.filter(status=OrderStatus.TO_SHIP, held="", shipments=None).order_by("id")[0]


def test_each_gap_leads_to_its_order_and_to_what_can_be_done(shop: Shop, admin: Client, order: Order) -> None:
    gap(shop, order)
    gap(shop, None, "stranger", documents=["BC00017"])
    ErpDay.objects.create(erp=shop.erp, channel=order.channel.key, day=date(2026, 11, 22), here_count=7,
                          here_amount=Decimal("419.30"), there_count=6, there_amount=Decimal("359.40"), gaps=1,
                          checked_at=clock.now())  # fmt: skip
    page = admin.get("/erp/").content.decode()
    assert f'href="/orders/{order.reference}/"' in page
    assert "BC00017" in page
    assert "€419.30" in page
    only = admin.get("/erp/?kind=stranger").content.decode()
    assert order.reference not in only
    lines = b"".join(admin.get("/erp/gaps.csv?kind=missing")).decode()  # type: ignore[arg-type]
    assert order.reference in lines
    assert "CO-STRANGER" not in lines
    assert "419.30" in b"".join(admin.get("/erp/days.csv")).decode()  # type: ignore[arg-type]


def test_an_order_that_the_erp_lacks_is_sent_again_by_an_audited_wish(
    shop: Shop, admin: Client, order: Order
) -> None:
    from comptoir.orders.models import ErpExport, ErpExportItem

    Order.objects.filter(pk=order.pk).update(erp_state=ErpState.CONFIRMED)
    export = ErpExport.objects.create(channel=shop.erp, kind="orders", number=78, created_at=clock.now())
    item = ErpExportItem.objects.create(export=export, key=order.reference, order=order, outcome="done")
    found = gap(shop, order)
    assert admin.post(f"/erp/gaps/{found.pk}/send-again").status_code == 303
    order.refresh_from_db()
    assert order.erp_state == ErpState.WAITING
    item.refresh_from_db()
    assert item.outcome == "voided"
    assert Change.objects.filter(action="order.export_again", subject=order.reference).count() == 1
    assert not ErpGap.objects.exists()


def test_an_order_that_has_left_is_not_made_again_from_here(shop: Shop, admin: Client) -> None:
    gone = Order.objects.filter(status=OrderStatus.SHIPPED).order_by("id")[0]
    Order.objects.filter(pk=gone.pk).update(erp_state=ErpState.CONFIRMED)
    admin.post(f"/erp/gaps/{gap(shop, gone).pk}/send-again")
    gone.refresh_from_db()
    assert gone.erp_state == ErpState.CONFIRMED
    assert ErpGap.objects.count() == 1


def test_a_credit_note_is_decided_from_its_order_once(shop: Shop, admin: Client, order: Order) -> None:
    document = credit_note(shop, order)
    page = admin.get(f"/orders/{order.reference}/").content.decode()
    assert "AV00042" in page
    assert f"/erp/credit-notes/{document.pk}/decide" in page
    assert admin.post(f"/erp/credit-notes/{document.pk}/decide", {"decision": "give"}).status_code == 400
    admin.post(f"/erp/credit-notes/{document.pk}/decide", {"decision": "decline"})
    document.refresh_from_db()
    assert document.refunding == "declined"
    assert f"/erp/credit-notes/{document.pk}/decide" not in admin.get("/erp/credit-notes/").content.decode()
    assert Change.objects.filter(action="credit_note.decided").count() == 1


def test_who_only_looks_decides_nothing(shop: Shop, sign_in: SignIn, order: Order) -> None:
    document = credit_note(shop, order)
    reader = sign_in(Role.READ_ONLY)
    assert "AV00042" in reader.get("/erp/credit-notes/").content.decode()
    answer = reader.post(f"/erp/credit-notes/{document.pk}/decide", {"decision": "refund"})
    assert answer.status_code == 403
    document.refresh_from_db()
    assert document.refunding == "to_decide"


def test_the_rule_of_a_channel_is_set_and_audited(shop: Shop, admin: Client) -> None:
    admin.post(f"/erp/credit-notes/rules/{shop.house.key}", {"automatic": "1"})
    assert CreditNoteRule.objects.get(channel=shop.house).automatic
    assert Change.objects.filter(action="channel.credit_notes").count() == 1


def test_an_order_to_a_supplier_is_pasted_sent_and_followed(shop: Shop, sign_in: SignIn) -> None:
    from comptoir.catalog.models import Supplier
    from comptoir.finance.models import PurchaseOrder

    supplier = Supplier.objects.create(name="Ateliers du Jura")
    buyer = sign_in(Role.BUYER)
    form = {"supplier": supplier.pk, "lines": "LAMP-OAK-01;12;21,50\nMUG-BLUE-4 3\n"}
    wrong = buyer.post("/erp/purchases/new", form | {"lines": "LAMP-OAK-01;many"})
    assert (wrong.status_code, PurchaseOrder.objects.count()) == (422, 0)
    assert "Line 1 is not" in wrong.content.decode()
    assert buyer.post("/erp/purchases/new", form).status_code == 303
    order = PurchaseOrder.objects.get()
    line = order.lines.all()[0]
    assert (line.product.sku, line.quantity, line.unit_price) == (
        "LAMP-OAK-01", 12, Decimal("21.50"),
    )  # fmt: skip
    assert "Ateliers du Jura" in buyer.get("/erp/purchases/").content.decode()
    buyer.post(f"/erp/purchases/{order.reference}/send")
    order.refresh_from_db()
    assert order.state == "to_send"
    assert "To send" in buyer.get(f"/erp/purchases/{order.reference}/").content.decode()
    lines = b"".join(buyer.get("/erp/purchases/lines.csv")).decode()  # type: ignore[arg-type]
    assert f"{order.reference}" in lines
    assert sign_in(Role.SUPPORT).post(f"/erp/purchases/{order.reference}/cancel").status_code == 403


def test_the_accounts_are_set_up_and_a_period_is_taken_away_as_a_checked_file(
    shop: Shop, admin: Client, sign_in: SignIn, order: Order
) -> None:
    from datetime import timedelta

    from comptoir.connectors.files.fec_check import check_fec
    from comptoir.finance.journals import write_entries
    from comptoir.finance.models import AccountMap, SettlementEntry

    at = clock.now() - timedelta(days=2)
    SettlementEntry.objects.create(
        account=order.channel.account, channel=order.channel, external_id="s", state="final", kind="sale", order=order,
        amount=order.total_amount, currency="EUR", booked_at=at, created_at=at, updated_at=at,
    )  # fmt: skip
    form = {"journal": "VTMP", "since": "2026-11-01", "default_vat": "20", "commission_vat": "domestic"}
    assert admin.post("/erp/accounting/accounts", form | {"account_sales": "7"}).status_code == 422
    assert admin.post("/erp/accounting/accounts", form | {"account_sales": "707100"}).status_code == 303
    assert AccountMap.objects.get().accounts == {"sales": "707100"}
    assert admin.get(f"/erp/accounting/accounts/{order.channel.key}").status_code == 200
    assert write_entries(order.channel) == 1
    accountant = sign_in(Role.ACCOUNTANT)
    page = accountant.get("/erp/accounting/?from=2026-11-01&to=2026-11-30").content.decode()
    assert "707100" in page
    file = accountant.get("/erp/accounting/fec?from=2026-11-01&to=2026-11-30").content
    assert check_fec(file) == ()
    assert b"707100" in file
    assert accountant.get("/erp/accounting/fec?from=yesterday").status_code == 404
    assert sign_in(Role.SUPPORT).post("/erp/accounting/accounts", form).status_code == 403
    rows = b"".join(accountant.get("/erp/accounting/journal.csv?from=2026-11-01")).decode()  # type: ignore[arg-type]
    assert "707100" in rows


def test_an_order_of_which_units_were_cancelled_is_not_made_again_from_here(
    shop: Shop, admin: Client, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(erp_state=ErpState.CONFIRMED)
    order.lines.update(cancelled_quantity=1)
    admin.post(f"/erp/gaps/{gap(shop, order).pk}/send-again")
    order.refresh_from_db()
    assert order.erp_state == ErpState.CONFIRMED


def test_what_was_said_to_the_erp_about_an_order_stands_on_its_page(
    shop: Shop, admin: Client, order: Order
) -> None:
    from datetime import timedelta

    from comptoir.journal.models import Exchange, Run
    from comptoir.orders.models import ErpExport, ErpExportItem

    now = clock.now()
    run = Run.objects.create(
        flow="export_orders_to_erp", channel=shop.erp.key, started_at=now - timedelta(seconds=9), ended_at=now
    )
    export = ErpExport.objects.create(
        channel=shop.erp, kind="orders", number=77, created_at=now - timedelta(seconds=5), sent_at=now
    )
    ErpExportItem.objects.create(export=export, key=order.reference, order=order)
    for name, words in (("create_order", order.reference), ("create_other", "CO-OTHER")):
        Exchange.objects.create(
            run=run, channel=shop.erp.key, operation=name, method="POST", url="https://sage/v1/commandes",
            started_at=now, duration_ms=12.0, status=201, request_body=f'{{"idExterne": "{words}"}}',
        )  # fmt: skip
    page = admin.get(f"/orders/{order.reference}/").content.decode()
    assert "create_order" in page
    assert "create_other" not in page
