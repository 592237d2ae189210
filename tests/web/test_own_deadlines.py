"""Where a channel names no day to ship by, our own preparation time does: through the calendar, on every screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from openpyxl import load_workbook

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.alert_rules import what_fires
from comptoir.flows.metrics import metrics_page
from comptoir.inventory.calendar_models import ClosedPeriod
from comptoir.inventory.calendars import CalendarDraft, keep_calendar, keep_closure
from comptoir.inventory.lead_time_rules import LeadTimeDraft
from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import settle_reservations
from comptoir.offers.lead_time_rules import keep_lead_time
from comptoir.offers.own_deadlines import LATE, late_values, own_deadlines, past_own_deadline
from comptoir.orders.intake import record_orders
from comptoir.orders.models import Order
from comptoir.sdk.statuses import OrderStatus
from tests.web.shop import Shop, order_record

FRIDAY = datetime(2026, 11, 27, 11, tzinfo=UTC)  # noon in Paris
_AMONG_DELIVERED = """
INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', one.id * 1000000 + n, '{order}', one.{order} * 1000000 + n, 'status', 'delivered',
    'external_id', one.external_id || n, 'reference', 'X' || n))).*
FROM {table} one CROSS JOIN generate_series(1, 3000) n WHERE one.{order} = %(order)s
"""
"""The same order three thousand times, delivered: what a year leaves, among which the planner has to find one."""
WORKWEEK = CalendarDraft((0, 1, 2, 3, 4), cutoff=time(14))
Take = Callable[..., Order]


@pytest.fixture
def take(shop: Shop) -> Take:
    """An order without a date, as some channels give it; the shop's other ones are out of the way."""
    Order.objects.update(status="delivered")

    def taken(number: int = 901, at: datetime = FRIDAY, **fields: object) -> Order:
        values = {"ship_by": None, "status": OrderStatus.TO_SHIP, "placed_at": at, "updated_at": at} | fields
        with transaction.atomic():
            settle_reservations(
                record_orders(shop.house, [order_record(number, at, **values)], run_id=1).order_ids
            )
        return Order.objects.get(external_id=f"C{88000 + number}-A")

    return taken


def by(order: Order) -> str:
    found = own_deadlines([order])
    return f"{found[order.pk]:%Y-%m-%d %H:%M}" if found else ""


def test_without_a_preparation_time_there_is_no_deadline(take: Take) -> None:
    order = take()
    assert by(order) == ""
    assert past_own_deadline(date(2027, 11, 1)) == []


def test_working_days_count_from_the_placement_through_weekends_cut_offs_and_closures(take: Take) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    before_noon, evening = take(901), take(902, FRIDAY.replace(hour=20))
    assert by(before_noon) == "2026-11-28 23:59"  # no calendar: every day is worked
    house = keep_calendar(WORKWEEK, actor="zoe")
    assert (by(before_noon), by(evening)) == ("2026-11-30 23:59", "2026-12-01 23:59")
    keep_closure(house, "Inventaire", date(2026, 11, 30), date(2026, 12, 1), actor="zoe")
    assert (by(before_noon), by(evening)) == ("2026-12-02 23:59", "2026-12-03 23:59")


def test_the_slowest_line_counts_and_the_channels_own_date_before_ours(take: Take, shop: Shop) -> None:
    order = take(902)  # several articles
    slow = order.lines.order_by("id")[1]
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    keep_lead_time(LeadTimeDraft(4, product=slow.product), actor="zoe")
    assert by(order) == "2026-12-01 23:59"
    slow.shipped_quantity = slow.quantity
    slow.save()
    assert by(order) == "2026-11-28 23:59", "what has left is waited for no longer"
    assert by(take(905, ship_by=FRIDAY)) == ""


def test_the_calendar_of_the_place_that_keeps_the_units_counts(take: Take) -> None:
    keep_lead_time(LeadTimeDraft(0), actor="zoe")
    order = take()
    shelf = Warehouse.objects.get(code="MAIN")
    assert order.lines.filter(reservations__warehouse=shelf).exists()
    keep_calendar(CalendarDraft((2,)), warehouse=shelf, actor="zoe")  # Wednesdays alone
    assert by(order) == "2026-12-02 23:59"


def test_late_in_sets_is_late_one_by_one(take: Take) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    keep_calendar(WORKWEEK, actor="zoe")
    orders = [take(901 + 10 * n, FRIDAY.replace(hour=n)) for n in range(8, 20)]
    for day in (date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)):
        one_by_one = {one.pk for one in orders if own_deadlines(orders)[one.pk].date() < day}
        assert set(past_own_deadline(day)) == one_by_one
    assert len(past_own_deadline(date(2026, 12, 1))) == 5, "placed before 14 h in Paris, due on Monday"


def test_today_and_the_list_of_late_orders_know_them(take: Take, admin: Client, shop: Shop) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    order = take()
    with clock.clock_at(lambda: FRIDAY.replace(day=28)):
        page = admin.get("/")
        assert (page.context["today"].late, page.context["today"].due_today) == (0, 1)
        assert [one.pk for one in page.context["today"].next_to_ship] == [order.pk]
        assert b"by our preparation time" in page.content
        assert b"by our preparation time" in admin.get("/orders/?status=to_ship").content
        assert order.reference not in admin.get("/orders/?late=1").content.decode()
    with clock.clock_at(lambda: FRIDAY.replace(day=29)):
        assert admin.get("/").context["today"].late == 1
        assert order.reference in admin.get("/orders/?late=1").content.decode()
        assert b"late by" in admin.get(f"/orders/{order.reference}/").content
    Channel.objects.filter(pk=shop.garden.pk).update(lead_time_count="weekdays")  # nobody else's is touched
    assert by(order) == "2026-11-28 23:59"


def test_the_alert_and_the_figure_of_late_shipments_count_both_kinds_of_deadline(take: Take) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    take(901)
    take(905, ship_by=FRIDAY.replace(day=28))
    for day, late in ((28, 0), (29, 2)):
        with clock.clock_at(lambda day=day: FRIDAY.replace(day=day, hour=10)):
            fired = {one.subject: one.value for one in what_fires(clock.now()) if one.rule == "late_orders"}
            assert fired == ({"maison": late} if late else {})
            shown = f'comptoir_orders_late{{channel="maison"}} {late:.1f}'
            assert (shown in metrics_page().decode()) is bool(late)


def test_what_is_late_is_found_by_an_index_on_both_sides(take: Take) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    order = take(901)
    with connection.cursor() as cursor:
        for table, key in (("orders_order", "id"), ("orders_orderline", "order_id")):
            cursor.execute(_AMONG_DELIVERED.format(table=table, order=key), {"order": order.pk})
            cursor.execute(
                f"ANALYZE {table}"
            )  # the plan follows from these rows, not from what was counted before
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {LATE}", late_values(FRIDAY))
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert plan.count("orders_order_ship_by") == 2
    assert "Seq Scan on orders_order" not in plan


def test_exports_have_our_deadline_in_a_column_of_its_own(take: Take, admin: Client) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    ours, theirs = take(901), take(905, ship_by=FRIDAY)
    written = b"".join(admin.get("/orders/export.csv?status=to_ship").streaming_content).decode("utf-8-sig")
    rows = {row["Reference"]: row for row in csv.DictReader(written.splitlines())}
    column = "Ship by, by our preparation time"
    assert (rows[ours.reference]["Ship by"], rows[ours.reference][column]) == ("", "2026-11-28 23:59")
    assert (rows[theirs.reference]["Ship by"], rows[theirs.reference][column]) == ("2026-11-27 12:00", "")
    book = load_workbook(
        io.BytesIO(b"".join(admin.get("/orders/export.xlsx?status=to_ship").streaming_content))
    )
    titles, *lines = book.worksheets[0].iter_rows(values_only=True)
    told = {line[0]: str(line[titles.index(column)]) for line in lines}
    assert told == {ours.reference: "2026-11-28 23:59:59", theirs.reference: "None"}


def test_the_api_gives_the_channels_date_and_ours_apart(
    take: Take, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    ours, theirs = take(901), take(905, ship_by=FRIDAY)
    _, secret = create_api_key(name="test", role=Role.READ_ONLY)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    query = {"status": "to_ship", "fields": "reference,ship_by,ship_by_own"}
    with django_assert_max_num_queries(12):
        rows = client.get("/api/v1/orders", query).json()["orders"]
    assert {row.pop("reference"): row for row in rows} == {
        ours.reference: {"ship_by": None, "ship_by_own": "2026-11-28T22:59:59Z"},
        theirs.reference: {"ship_by": "2026-11-27T11:00:00Z", "ship_by_own": None},
    }
    assert client.get(f"/api/v1/orders/{ours.reference}").json()["ship_by_own"] == "2026-11-28T22:59:59Z"


def test_a_house_that_is_closed_for_good_has_no_deadlines_and_no_broken_page(
    take: Take, admin: Client
) -> None:
    keep_lead_time(LeadTimeDraft(1), actor="zoe")
    house = keep_calendar(WORKWEEK, actor="zoe")
    order = take()
    for year in range(2026, 2031):
        ClosedPeriod.objects.create(
            calendar=house, name=f"{year}", first_date=date(year, 1, 1), last_date=date(year, 12, 31)
        )
    assert by(order) == ""
    assert past_own_deadline(date(2026, 11, 30)) == []
    assert admin.get("/").status_code == 200
