"""The first page, the board, the calendar, the audit, the house's own settings, and what was said."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.flows import remedies
from comptoir.flows.models import Turn
from comptoir.inventory.models import Stock
from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.journal.models import Change, Exchange, Issue, Run
from comptoir.offers.models import Offer
from comptoir.orders.models import Order
from comptoir.web.charts import Chart, Series, sparkline
from comptoir.web.queries.running_out import running_out
from tests.web.conftest import SignIn
from tests.web.shop import Shop

EVIL = '"><img src=x onerror=alert(1)>'


def test_the_chart_adds_up_to_what_was_sold_since_midnight(shop: Shop, admin: Client) -> None:
    Order.objects.filter(pk=shop.to_ship.pk).update(placed_at=clock.now() - timedelta(days=7, hours=3))
    today = admin.get("/").context["today"]
    now, before = today.chart.series
    assert [v for v in now.values if v is not None][-1] == today.takings[0].amount > 0
    assert before.values[-1] == shop.to_ship.total_amount
    # 9:00 UTC is 10 h in Paris: what has not been lived yet is no zero.
    assert now.values[10] is not None
    assert now.values[11] is None


def test_a_chart_says_the_same_as_a_table(shop: Shop, admin: Client) -> None:
    chart = Chart("Sales", "Hour", ["1", "2"], [Series(EVIL, [Decimal("1.5"), None])], "€")
    assert json.loads(chart.json)["series"][0]["values"] == [1.5, None]
    assert chart.rows == [("1", [Decimal("1.5")]), ("2", [None])]
    assert "The same as a table" in admin.get("/").content.decode()


def test_orders_to_decide_stand_on_the_first_page_with_their_reason(shop: Shop, admin: Client) -> None:
    page = admin.get("/").content.decode()
    assert shop.to_accept.reference in page
    assert "Not every unit is in stock." in page


def test_what_sells_faster_than_it_lasts_is_told_the_shortest_first(shop: Shop) -> None:
    told = running_out()
    assert [one.days for one in told] == sorted(one.days for one in told)
    gone = {one.product.sku: one for one in told}
    assert gone["THROW-WOOL"].available == gone["THROW-WOOL"].days == 0
    assert "MUG-BLUE-4" not in gone
    Stock.objects.filter(product__sku="THROW-WOOL").update(on_hand=10_000)
    assert "THROW-WOOL" not in {one.product.sku for one in running_out()}
    Stock.objects.filter(product__sku="THROW-WOOL").update(on_hand=0)


def test_the_board_shows_the_work_of_the_day_and_what_waits_for_a_worker(shop: Shop, admin: Client) -> None:
    Turn.objects.filter(flow="import_orders", channel="maison").update(
        due_at=clock.now() - timedelta(minutes=7), started_at=clock.now() - timedelta(minutes=20)
    )
    page = admin.get("/flows/").content.decode()
    assert "20 in 24 h" in page
    assert "<polyline" in page
    assert "waiting for 7 min" in page


def test_a_sparkline_stays_in_its_box() -> None:
    points = [tuple(map(float, point.split(","))) for point in sparkline([0, 5, 10]).split()]
    assert points == [(0, 21), (48, 11.5), (96, 2)]
    assert sparkline([0] * 24).endswith("96.0,21.0")


def test_the_calendar_tells_the_days_apart_and_leads_to_their_orders(shop: Shop, admin: Client) -> None:
    calendar = admin.get("/flows/days/").context["calendars"][0]
    days = {day.date.isoformat(): day.state for week in calendar.weeks for day in week}
    assert days["2026-11-23"] == "on_its_way"
    assert days["2026-11-22"] == "complete"
    assert days["2026-11-10"] == ""
    assert len(days) == 35
    assert "since=2026-11-22&amp;until=2026-11-22" in admin.get("/flows/days/").content.decode()


def test_orders_of_a_day_are_those_of_the_merchants_clock(shop: Shop, admin: Client) -> None:
    # 22:30 UTC on the 20th is 0:30 on the 21st in Paris.
    moved = shop.to_ship
    Order.objects.filter(pk=moved.pk).update(placed_at="2026-10-20T22:30:00Z")
    rows = admin.get("/orders/?since=2026-10-21&until=2026-10-21").context["page"].rows
    assert [order.pk for order in rows] == [moved.pk]
    assert admin.get("/orders/?since=garbage&until=0000-99-99").status_code == 200


def test_a_run_and_its_exchange_can_be_played_again(shop: Shop, admin: Client) -> None:
    run = Run.objects.get(outcome="failed")
    turn = Turn.objects.get(flow=run.flow, channel=run.channel)
    exchange = Exchange.objects.get(run=run)
    for address in (f"/flows/runs/{run.pk}/", f"/flows/exchanges/{exchange.pk}/"):
        assert f'action="/flows/turns/{turn.pk}/run"' in admin.get(address).content.decode()


def test_the_issues_of_one_cause_are_tried_again_together(shop: Shop, admin: Client) -> None:
    skus = ["CHAIR-RAT", "MUG-BLUE-4", "NO-SUCH-OFFER"]
    open_issues(
        [Trouble(Reason.REJECTED, "1010 too dear", channel="maison", flow="publish_offers", subject_kind="offer",
                 subject=sku, action="retry_offer") for sku in skus]
    )  # fmt: skip
    cause = {"channel": "maison", "reason": "rejected", "action": "retry_offer"}
    assert "Try all again" in admin.get("/issues/").content.decode()
    answer = admin.post("/issues/retry", cause)
    said = admin.get(answer["Location"]).content.decode()
    assert "2 issues were tried again." in said
    assert "NO-SUCH-OFFER" in said
    assert not Offer.objects.filter(channel=shop.house, sku="CHAIR-RAT").exclude(price_error="").exists()


def test_a_go_that_is_too_long_leaves_the_rest_and_says_so(
    shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("flows.remedies", "web.pages.issues"):
        monkeypatch.setattr(f"comptoir.{module}.RETRIED_AT_ONCE", 1)
    Issue.objects.filter(action="retry_offer").update(channel="jardin")
    open_issues([Trouble(Reason.REJECTED, "x", channel="jardin", flow="publish_offers", subject_kind="offer",
                         subject="MUG-BLUE-4", action="retry_offer")])  # fmt: skip
    cause = {"channel": "jardin", "reason": "rejected", "action": "retry_offer"}
    said = admin.get(admin.post("/issues/retry", cause)["Location"]).content.decode()
    assert "1 at most are tried in one go" in said
    assert remedies.RETRIED_AT_ONCE == 1


def test_the_audit_says_who_what_before_and_after(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    admin.post(f"/orders/{order.reference}/hold", {"reason": EVIL[:40]})
    page = admin.get(f"/audit/?action=order.&subject={order.reference}").content.decode()
    assert "administrator@example.org" in page
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page
    assert admin.get("/audit/?actor=nobody-at-all").context["rows"] == []
    assert admin.get("/audit/?until=2026-11-22").context["rows"] == []
    answer = admin.get("/audit/export.xlsx?action=order.held")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 2


def test_the_audit_is_for_administrators(shop: Shop, sign_in: SignIn) -> None:
    for role in (Role.OPERATIONS, Role.READ_ONLY):
        assert sign_in(role).get("/audit/").status_code == 403
        assert sign_in(role).get("/audit/export.csv").status_code == 403
        assert "/audit/" not in sign_in(role).get("/").content.decode()


def test_pages_of_the_audit_follow_each_other(shop: Shop, admin: Client) -> None:
    Change.objects.bulk_create(
        Change(at=clock.now(), actor="x", action="a", subject_kind="k", subject=str(n)) for n in range(70)
    )
    first = admin.get("/audit/?actor=x").context["page"]
    second = admin.get(f"/audit/?{first.next_query}").context["page"]
    assert len(first.rows) == 50
    assert [c.subject for c in [*first.rows, *second.rows]] == [str(n) for n in range(69, -1, -1)]


def test_the_company_stands_on_packing_slips_and_its_change_in_the_audit(shop: Shop, admin: Client) -> None:
    assert admin.post("/settings/", {"name": "", "email": "nonsense"}).status_code == 422
    form = {
        "name": "Maison Aubert",
        "address": "4 quai Turenne\n44000 Nantes",
        "legal": "SIRET 123 456 789 00010",
    }
    assert admin.post("/settings/", form).status_code == 303
    slip = admin.post("/orders/packing-slips.pdf", {"order": shop.to_ship.reference}).content
    words = PdfReader(io.BytesIO(slip)).pages[0].extract_text()
    assert "Maison Aubert" in words
    assert "SIRET 123 456 789 00010" in words
    assert Change.objects.get(action="company.changed").after["name"] == "Maison Aubert"


def test_what_was_said_is_found_again(shop: Shop, admin: Client) -> None:
    admin.post(f"/orders/{shop.to_ship.reference}/hold", {"reason": "x"})
    assert "On hold: nothing more" in admin.get("/").content.decode()
    assert "On hold: nothing more" not in admin.get("/").content.decode().replace("Put on hold", "")
    assert "On hold: nothing more" in admin.get("/notices/").content.decode()
    assert "<html" not in admin.get("/notices/", headers={"HX-Request": "true"}).content.decode()


def test_a_channel_tells_its_health_and_what_it_supports(shop: Shop, admin: Client) -> None:
    answer = admin.get("/channels/jardin/")
    health = answer.context["health"]
    assert (health.failed, health.runs) == (1, 2)
    bars = health.chart.series[0].values
    assert sum(bars) == Order.objects.filter(channel=shop.garden).count()
    assert len(bars) == 14
    assert admin.get("/channels/maison/").context["health"].in_error == 1
    page = answer.content.decode()
    assert "Each refusal is shown on its offer" in page
    assert admin.get("/channels/erp/").context["health"].chart is None
