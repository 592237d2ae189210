"""Many orders at once: the preview, what is done, files and sheets; and notes and cancellations by line."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from comptoir.accounts.roles import Role
from comptoir.catalog.models import KitComponent, Product
from comptoir.orders.models import CancelRequest, Order, Refund
from comptoir.sdk.records import Address
from comptoir.web import bulk_orders, tables
from tests.domain.contacts import rename_buyers
from tests.web.conftest import SignIn
from tests.web.shop import Shop

EVIL = '#panic("no") $x$ *bold* =1+1 <script>'


def words(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def to_accept() -> list[str]:
    return list(Order.objects.filter(status="to_accept").order_by("id").values_list("reference", flat=True))


def test_a_preview_says_what_is_left_alone_and_changes_nothing(shop: Shop, admin: Client) -> None:
    shipped = Order.objects.filter(status="shipped")[0].reference
    page = admin.post("/orders/bulk/accept", {"order": [*to_accept(), shipped]}).content.decode()
    assert "Shipped" in page
    assert shipped in page
    assert not Order.objects.filter(decision="accept").exists()


def test_ticked_orders_are_accepted_by_who_ticked_them(shop: Shop, admin: Client) -> None:
    chosen = to_accept()
    answer = admin.post("/orders/bulk/accept", {"order": chosen, "sure": "1", "query": "status=to_accept"})
    assert answer["Location"] == "/orders/?status=to_accept"
    accepted = Order.objects.filter(decision="accept")
    assert sorted(accepted.values_list("reference", flat=True)) == sorted(chosen)
    assert set(accepted.values_list("decided_by", flat=True)) == {"administrator@example.org"}


def test_everything_that_the_filters_show_is_held_and_released(shop: Shop, admin: Client) -> None:
    there = Order.objects.filter(status="to_ship", channel=shop.garden).count()
    seen = admin.post("/orders/bulk/hold", {"whole": "1", "query": "status=to_ship&channel=jardin"})
    able = [order.reference for order in seen.context["plan"].able]
    assert seen.content.decode().count('name="order"') == len(able) == there > 0
    admin.post("/orders/bulk/hold", {"order": able, "sure": "1", "reason": "inventaire"})
    assert Order.objects.filter(held="inventaire").count() == there
    admin.post("/orders/bulk/release", {"order": able, "sure": "1"})
    assert not Order.objects.exclude(held="").exists()


def test_an_order_that_came_in_after_the_preview_is_not_concerned(shop: Shop, admin: Client) -> None:
    first, *others = to_accept()
    admin.post(
        "/orders/bulk/accept", {"whole": "1", "query": "status=to_accept", "order": [first], "sure": "1"}
    )
    assert [order.reference for order in Order.objects.filter(decision="accept")] == [first]
    assert others


def test_a_hold_without_a_reason_is_asked_for_it(shop: Shop, admin: Client) -> None:
    page = admin.post("/orders/bulk/hold", {"order": [shop.to_ship.reference], "sure": "1"})
    assert "errorlist" in page.content.decode()
    assert not Order.objects.exclude(held="").exists()


def test_more_than_one_go_takes_is_said(shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bulk_orders", "selections", "pages.order_bulk"):
        monkeypatch.setattr(f"comptoir.web.{module}.CEILING", 3)
    page = admin.post("/orders/bulk/hold", {"whole": "1", "query": ""}).content.decode()
    assert "More than 3 orders fit" in page


def test_an_order_that_somebody_settled_meanwhile_stops_no_other(shop: Shop) -> None:
    first, *others = Order.objects.filter(status="to_accept").select_related("channel")
    Order.objects.filter(pk=first.pk).update(decision="sent")
    done = bulk_orders.carry_out(bulk_orders.BULK_ACTIONS["accept"], [first, *others], shop.admin)
    assert (done.count, done.missed) == (len(others), [first.reference])


def test_who_may_not_work_orders_may_print_but_not_accept(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.ACCOUNTANT)
    assert client.post("/orders/bulk/accept", {"order": to_accept(), "sure": "1"}).status_code == 403
    assert client.post("/orders/packing-slips.pdf", {"order": to_accept()}).status_code == 403
    assert (
        client.post("/orders/picking-list.pdf", {"order": to_accept()})["Content-Type"] == "application/pdf"
    )


def test_a_picking_list_gathers_the_units_of_each_article(shop: Shop, admin: Client) -> None:
    ready = list(Order.objects.filter(status="to_ship", held="").prefetch_related("lines"))
    held = Order.objects.filter(status="accepted")[0]
    wanted: dict[str, int] = {}
    for order in ready:
        for line in order.lines.all():
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity - line.shipped_quantity
    answer = admin.post("/orders/picking-list.pdf", {"order": [o.reference for o in [*ready, held]]})
    text = words(answer.content)
    assert f"{len(ready)} orders, {sum(wanted.values())} units" in text
    assert all(sku in text for sku, units in wanted.items() if units)
    assert "Not on this list:" in text
    assert held.reference in text


def test_a_kit_is_picked_as_its_components(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    line = order.lines.filter(shipped_quantity=0)[0]
    component = Product.objects.get(sku="VASE-TERRA")
    KitComponent.objects.create(kit_id=line.product_id, component=component, quantity=3)
    text = words(admin.post("/orders/picking-list.pdf", {"order": [order.reference]}).content)
    assert "VASE-TERRA" in text
    assert f"part of {line.sku}" in text
    assert f"× {3 * line.quantity}" in text


def test_a_packing_slip_shows_what_the_marketplace_wrote_as_text(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    order.lines.update(title=EVIL)
    address = Address(name=EVIL, street_1="3 rue des Tanneurs", postcode="44000", city="Nantes")
    rename_buyers(order.pk, shipping=address)
    text = words(admin.post("/orders/packing-slips.pdf", {"order": [order.reference]}).content)
    assert text.count('#panic("no") $x$ *bold* =1+1 <script>') >= 2
    assert "44000 Nantes" in text
    assert order.reference in text


def test_a_workbook_holds_numbers_dates_and_texts_that_are_no_formulas(shop: Shop, admin: Client) -> None:
    rename_buyers(name='=HYPERLINK("http://evil")')
    answer = admin.get("/orders/export.xlsx?status=to_accept")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    titles, *rows = list(sheet.iter_rows())
    column = {cell.value: place for place, cell in enumerate(titles)}
    assert len(rows) == len(to_accept())
    assert isinstance(rows[0][column["Total"]].value, int | float)
    assert isinstance(rows[0][column["Placed on"]].value, datetime)
    assert rows[0][column["Buyer"]].data_type == "s"


def test_a_workbook_that_would_be_too_long_is_refused_with_words(
    shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_XLSX_ROWS", 5)
    answer = admin.get("/orders/export.xlsx?held=")
    assert "take the CSV file" in admin.get(answer["Location"]).content.decode()


def test_ticked_orders_alone_are_exported(shop: Shop, admin: Client) -> None:
    chosen = to_accept()[:1]
    answer = admin.post("/orders/export.xlsx", {"order": chosen})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == chosen
    assert admin.get("/orders/export.pdf").status_code == 404


def test_a_note_stands_in_the_history_as_text(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    assert admin.post(f"/orders/{order.reference}/note", {"text": "  "}).status_code == 422
    admin.post(f"/orders/{order.reference}/note", {"text": "<b>rappeler</b> le transporteur"})
    page = admin.get(f"/orders/{order.reference}/").content.decode()
    assert "administrator@example.org notes: &lt;b&gt;rappeler&lt;/b&gt; le transporteur" in page


def test_units_of_one_line_are_cancelled(shop: Shop, admin: Client) -> None:
    order = Order.objects.filter(status="to_ship", shipments=None, channel=shop.garden)[0]
    first, *rest = order.lines.all()
    form = {f"line-{line.pk}": 0 for line in rest} | {f"line-{first.pk}": 1}
    assert admin.post(f"/orders/{order.reference}/cancel", {f"line-{first.pk}": 0}).status_code == 422
    assert admin.post(f"/orders/{order.reference}/cancel", {f"line-{first.pk}": 99}).status_code == 422
    admin.post(f"/orders/{order.reference}/cancel", form)
    assert CancelRequest.objects.get().lines == {first.external_id: 1}


def test_every_unit_of_every_line_is_the_whole_order(shop: Shop, admin: Client) -> None:
    order = Order.objects.filter(status="to_ship", shipments=None)[0]
    admin.post(f"/orders/{order.reference}/cancel", {f"line-{o.pk}": o.quantity for o in order.lines.all()})
    assert CancelRequest.objects.get().lines == {}


def test_money_is_given_back_by_line_once_and_never_more_than_was_paid(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    left = order.lines.get(shipped_quantity__gt=0)
    kept = order.lines.filter(shipped_quantity=0)[0]
    address = f"/orders/{order.reference}/refund"
    page = admin.get(address).content.decode()
    assert f"amount-{left.pk}" in page
    assert f"amount-{kept.pk}" not in page
    assert admin.post(address, {}).status_code == 422
    assert admin.post(address, {f"amount-{left.pk}": "9999"}).status_code == 422
    for _ in range(2):
        admin.post(address, {f"amount-{left.pk}": "12.50", f"units-{left.pk}": 1, "reason": "19"})
    refund = Refund.objects.get()
    assert (refund.reason, refund.lines[left.external_id]["amount"]) == ("19", "12.50")
    assert "asked to give back 12.50 EUR" in admin.get(f"/orders/{order.reference}/").content.decode()


def test_an_order_that_has_not_left_gives_nothing_back(shop: Shop, admin: Client) -> None:
    order = Order.objects.filter(status="to_ship", shipments=None)[0]
    assert not admin.get(f"/orders/{order.reference}/").context["actions"].refund
    assert admin.get(f"/orders/{shop.to_ship.reference}/").context["actions"].refund
    page = admin.get(f"/orders/{order.reference}/refund").content.decode()
    assert "Nothing can be given back" in page
    assert "Give it back" not in page
    assert admin.post(f"/orders/{order.reference}/refund", {"reason": "19"}).status_code == 422
    assert not Refund.objects.filter(order=order).exists()
