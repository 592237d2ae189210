from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client

from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.finance.models import ErpDocument
from comptoir.orders.intake import record_orders
from comptoir.orders.models import CancelRequest, Order
from comptoir.sdk.records import Buyer
from comptoir.web.csv_export import safe_cell
from tests.web.conftest import SignIn
from tests.web.shop import Shop, order_record

EVIL = '<script>alert("x")</script>'


def listed(client: Client, **query: str) -> list[str]:
    page = client.get(f"/orders/?{urlencode(query)}").context["page"]
    return [order.reference for order in page.rows]


@pytest.mark.parametrize("text", ["CO-2", "co-2", "C88002-A", "C88002", "6A1234567", "inès dub", "INES"])
def test_an_order_is_found_by_whatever_one_has_of_it(text: str, shop: Shop, admin: Client) -> None:
    order = Order.objects.get(external_id="C88002-A")
    assert order.reference in listed(admin, q=text if not text.upper().startswith("CO-") else order.reference)


def test_names_of_buyers_are_neither_shown_nor_searched_without_the_right(
    shop: Shop, sign_in: SignIn
) -> None:
    client = sign_in(Role.READ_ONLY)
    assert "Dubois" not in client.get("/orders/").content.decode()
    assert listed(client, q="Dubois") == []
    assert "rue des Tanneurs" not in client.get(f"/orders/{shop.to_ship.reference}/").content.decode()
    assert "Dubois" not in b"".join(client.get("/orders/export.csv").streaming_content).decode()


def test_an_order_is_found_by_the_number_of_any_document_of_the_erp(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    Order.objects.filter(pk=order.pk).update(erp_document="CC0000171")
    ErpDocument.objects.create(
        channel=shop.erp, order=order, kind="invoice", number="FA000982", document_date=order.placed_at.date(),
        total_amount=order.total_amount, currency="EUR", created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    for text in ("CC0000171", "cc0000171", "CC00001", "FA000982", "fa0009"):
        assert listed(admin, q=text) == [order.reference], text


def test_both_kinds_of_documents_are_found_by_an_index(shop: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for table, column, more, index in (
            ("orders_order", "erp_document", "erp_document <> '' AND", "web_order_erp_document"),
            ("finance_erpdocument", "number", "", "web_erp_document_number"),
        ):
            cursor.execute(f"EXPLAIN SELECT * FROM {table} WHERE {more} {column} LIKE 'FA0%%'")
            assert index in str(cursor.fetchall())


def test_wildcards_in_a_search_are_letters(shop: Shop, admin: Client) -> None:
    assert listed(admin, q="%") == listed(admin, q="CO_1") == []


def test_filters_stand_in_the_address(shop: Shop, admin: Client) -> None:
    there = Order.objects.filter(status="to_accept", channel=shop.house)
    assert set(listed(admin, status="to_accept", channel="maison")) == set(
        there.values_list("reference", flat=True)
    )
    late = Order.objects.filter(
        status__in=["accepted", "to_ship", "partially_shipped"], ship_by__lt=clock.now()
    )
    assert set(listed(admin, late="1")) == set(late.values_list("reference", flat=True))


def test_pages_follow_each_other_both_ways_and_lose_nothing(shop: Shop, admin: Client) -> None:
    now = clock.now()
    with transaction.atomic():
        # The same instant many times: the key goes on by the id.
        same = [order_record(n, now, placed_at=now - timedelta(days=9)) for n in range(500, 620)]
        record_orders(shop.house, same)
    seen: list[str] = []
    query, first = "", 1
    while True:
        page = admin.get(f"/orders/?{query}").context["page"]
        assert page.first == first
        seen += [order.reference for order in page.rows]
        first += len(page.rows)
        if not page.next_query:
            break
        query = page.next_query
    assert len(seen) == len(set(seen)) == Order.objects.count() == 140
    before = admin.get(f"/orders/?{page.previous_query}").context["page"]
    assert [o.reference for o in before.rows] == seen[50:100]
    assert (before.first, before.last) == (51, 100)


def test_a_list_costs_the_same_queries_whatever_its_length(
    shop: Shop, admin: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    with transaction.atomic():
        record_orders(shop.house, [order_record(n, clock.now()) for n in range(700, 760)])
    admin.get("/issues/")  # the first page of a session writes the session down
    for address, most in (("/orders/", 8), ("/orders/?q=LAMP", 9), ("/stock/", 8), ("/offers/", 8), ("/flows/", 8),
                          (f"/orders/{shop.to_ship.reference}/", 20), ("/", 20), ("/issues/", 12)):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert admin.get(address).status_code == 200


def test_what_a_marketplace_sends_is_never_run(shop: Shop, admin: Client) -> None:
    record = order_record(
        900, clock.now(), external_id=f"X{EVIL}", number=EVIL, external_status=EVIL[:50], shipping_method=EVIL,
        buyer=Buyer(name=EVIL, email=EVIL),
    )  # fmt: skip
    with transaction.atomic():
        intake = record_orders(shop.house, [record])
    order = Order.objects.get(pk=intake.order_ids[0])
    for address in ("/orders/", f"/orders/{order.reference}/", "/", "/issues/"):
        page = admin.get(address)
        assert "<script>alert" not in page.content.decode(), address
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_no_page_has_script_or_style_in_its_text(shop: Shop, admin: Client) -> None:
    for address in (
        "/",
        "/orders/",
        f"/orders/{shop.to_accept.reference}/",
        "/stock/",
        "/offers/",
        "/flows/",
        "/channels/connect/mirakl/",
    ):
        text = admin.get(address).content.decode()
        assert "style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])
def test_an_exported_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text, french=True).startswith("'")


def test_amounts_are_exported_as_numbers_of_the_readers_language() -> None:
    assert safe_cell(Decimal("-1234.50"), french=True) == "-1234,50"
    assert safe_cell(Decimal("-1234.50"), french=False) == "-1234.50"


def test_the_export_has_what_the_filters_show(shop: Shop, admin: Client) -> None:
    lines = b"".join(admin.get("/orders/export.csv?status=to_accept").streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffReference,Channel")
    assert len(lines) == 1 + Order.objects.filter(status="to_accept").count()
    assert "To accept" in lines[1]


def test_a_person_accepts_an_order_that_waits(shop: Shop, admin: Client) -> None:
    order = shop.to_accept
    assert admin.post(f"/orders/{order.reference}/decide", {"accept": "1"}).status_code == 303
    order.refresh_from_db()
    assert (order.decision, order.decided_by) == ("accept", "administrator@example.org")
    assert "decided to accept it" in admin.get(f"/orders/{order.reference}/").content.decode()


def test_actions_are_shown_by_state_alone(shop: Shop, admin: Client) -> None:
    shown = admin.get(f"/orders/{shop.to_accept.reference}/").context["actions"]
    assert (shown.decide, shown.ship, shown.cancel, shown.export_again) == (True, False, True, False)
    delivered = Order.objects.filter(status="delivered")[0]
    shown = admin.get(f"/orders/{delivered.reference}/").context["actions"]
    assert (shown.decide, shown.ship, shown.cancel, shown.hold) == (False, False, False, False)


def test_an_order_is_held_with_a_reason_and_released(shop: Shop, admin: Client) -> None:
    address = f"/orders/{shop.to_accept.reference}"
    assert admin.post(f"{address}/hold", {"reason": ""}).status_code == 422
    admin.post(f"{address}/hold", {"reason": "address to check"})
    assert "address to check" in admin.get(f"{address}/").content.decode()
    admin.post(f"{address}/release")
    assert Order.objects.get(pk=shop.to_accept.pk).held == ""


def test_a_cancellation_is_asked_for_once_with_the_channels_reason(shop: Shop, admin: Client) -> None:
    address = f"/orders/{shop.to_accept.reference}"
    assert "Article indisponible" in admin.get(f"{address}/cancel").content.decode()
    units = {f"line-{line.pk}": line.quantity for line in shop.to_accept.lines.all()}
    admin.post(f"{address}/cancel", {"reason": "19"} | units)
    assert CancelRequest.objects.get().reason == "19"
    assert not admin.get(f"{address}/").context["actions"].cancel


def test_shipping_refuses_more_than_is_left_and_keeps_what_was_typed(shop: Shop, admin: Client) -> None:
    order = Order.objects.filter(status="to_ship", shipments=None)[0]
    line = order.lines.all()[0]
    typed = {"carrier": "colissimo", "tracking_number": "6A999", f"line-{line.pk}": line.quantity + 1}
    refused = admin.post(f"/orders/{order.reference}/ship", typed)
    assert refused.status_code == 422
    assert "6A999" in refused.content.decode()
    admin.post(f"/orders/{order.reference}/ship", typed | {f"line-{line.pk}": line.quantity})
    assert order.shipments.get().carrier == "COLISSIMO"
