"""What lasts is told once when it begins and once when it is over, by mail and by a signed request."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from standardwebhooks.webhooks import Webhook

from comptoir.channels.models import Channel
from comptoir.channels.services import suspend_channel
from comptoir.core import clock
from comptoir.flows.alert_rules import RULES, what_fires
from comptoir.flows.metrics import GAUGES, metrics_page
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Alert, AlertNotice, Issue, Run
from comptoir.orders.intake import record_orders
from tests.domain.records import Sold, order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Market

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes or so").decode()


class Listener(http.server.BaseHTTPRequestHandler):
    taken: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).taken.append((dict(self.headers), body))
        self.send_response(type(self).answers.pop(0) if type(self).answers else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def listener() -> Iterator[str]:
    Listener.taken, Listener.answers = [], []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/alerts"
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(settings: Any, listener: str) -> None:
    settings.ALERT_EMAILS = ["shop@example.com"]
    settings.ALERT_WEBHOOK = listener
    settings.ALERT_WEBHOOK_SECRET = SECRET


def raise_alerts(time: MovingClock) -> Run:
    time.advance(minutes=1)
    run = run_flow("raise_alerts")
    assert run is not None
    return run


def test_a_suspended_channel_is_told_once_and_its_recovery_too(
    shop: tuple[Channel, Market], told: None, time: MovingClock
) -> None:
    suspend_channel(shop[0], "the key is revoked")
    first = raise_alerts(time)
    again = raise_alerts(time)
    assert first.counts == {"alerts_began": 1, "alerts_told": 2}
    assert again.counts == {}
    Channel.objects.update(state="active")
    over = raise_alerts(time)
    assert over.counts == {"alerts_ended": 1, "alerts_told": 2}
    assert [message.to for message in mail.outbox] == [["shop@example.com"]] * 2
    assert "shop" in mail.outbox[0].body
    assert [json.loads(body)["type"] for _, body in Listener.taken] == ["alert.began", "alert.ended"]


def test_a_webhook_is_signed_so_that_its_reader_can_trust_it(
    shop: tuple[Channel, Market], told: None, time: MovingClock
) -> None:
    time.now = clock.system_clock()  # the reader refuses what is old
    suspend_channel(shop[0], "the key is revoked")
    raise_alerts(time)
    headers, body = Listener.taken[0]
    assert Webhook(SECRET).verify(body, headers)["data"]["rule"] == "suspended"


def test_what_could_not_be_told_is_told_later_under_the_same_name_and_the_other_way_does_not_wait(
    shop: tuple[Channel, Market], told: None, time: MovingClock
) -> None:
    suspend_channel(shop[0], "the key is revoked")
    Listener.answers = [500, 204]
    raise_alerts(time)
    assert len(mail.outbox) == 1
    notice = AlertNotice.objects.get(way="webhook")
    assert notice.sent_at is None
    assert "500" in notice.error
    raise_alerts(time)
    raise_alerts(time)
    assert AlertNotice.objects.get(way="webhook").sent_at is not None
    assert len({headers["webhook-id"] for headers, _ in Listener.taken}) == 1


def test_a_webhook_that_stays_away_becomes_an_issue_that_its_return_closes(
    shop: tuple[Channel, Market], told: None, time: MovingClock
) -> None:
    suspend_channel(shop[0], "the key is revoked")
    Listener.answers = [503] * 5
    for _ in range(5):
        time.advance(hours=2)
        raise_alerts(time)
    assert Issue.objects.get(subject_kind="alerts").state == "open"
    time.advance(hours=2)
    raise_alerts(time)
    assert Issue.objects.get(subject_kind="alerts").state == "closed"


def test_a_webhook_to_a_private_address_is_refused(
    shop: tuple[Channel, Market], told: None, time: MovingClock, settings: Any
) -> None:
    settings.ALERT_WEBHOOK = "http://10.0.0.5/alerts"
    suspend_channel(shop[0], "the key is revoked")
    raise_alerts(time)
    assert "private address" in AlertNotice.objects.get(way="webhook").error


def test_a_late_flow_a_silent_channel_many_issues_and_a_key_that_ends_all_fire(
    shop: tuple[Channel, Market], time: MovingClock
) -> None:
    channel = shop[0]
    run_flow("import_orders", "shop")
    time.advance(days=8)
    usual = [order(f"D{day}-{n}", Sold("A"), placed_at=time.now - timedelta(days=day, minutes=5))
             for day in range(1, 8) for n in range(4)]  # fmt: skip
    record_orders(channel, usual)
    for number in range(25):
        Issue.objects.create(reason="rejected", channel="shop", subject=str(number), message="no",
                             opened_at=time.now, last_seen_at=time.now)  # fmt: skip
    channel.profile = {"key_expires_at": (time.now + timedelta(days=3)).isoformat()}
    channel.save()
    fired = {one.rule: one for one in what_fires(time.now)}
    assert {"lag", "silence", "issues", "key_expiry"} <= fired.keys()
    assert fired["silence"].value == 4
    assert fired["lag"].subject == "import_orders shop"


def test_a_healthy_hub_fires_nothing(shop: tuple[Channel, Market], time: MovingClock) -> None:
    run_flow("import_orders", "shop")
    time.advance(minutes=2)
    assert list(what_fires(time.now)) == []


def test_a_threshold_can_be_changed_and_a_rule_switched_off(
    shop: tuple[Channel, Market], time: MovingClock, settings: Any
) -> None:
    suspend_channel(shop[0], "the key is revoked")
    time.advance(minutes=1)
    settings.ALERT_THRESHOLDS = {"suspended": 3600}
    assert list(what_fires(time.now)) == []
    settings.ALERT_THRESHOLDS = {"suspended": None}
    time.advance(hours=2)
    assert list(what_fires(time.now)) == []


@pytest.mark.django_db
def test_every_gauge_and_every_rule_answers_on_an_empty_hub_and_on_one_that_trades(
    shop: tuple[Channel, Market], time: MovingClock
) -> None:
    assert b"comptoir_channel_active{" in metrics_page()
    record_orders(shop[0], [order("A1", Sold("A"), placed_at=time.now - timedelta(minutes=3))])
    run_flow("import_orders", "shop")
    page = metrics_page().decode()
    assert 'comptoir_orders_placed_last_hour{channel="shop"} 1.0' in page
    assert 'comptoir_runs_last_hour{channel="shop",flow="import_orders",outcome="succeeded"} 1.0' in page
    assert {f"# TYPE comptoir_{gauge.name} gauge" for gauge in GAUGES} <= set(page.splitlines())
    assert len({rule.key for rule in RULES}) == len(RULES)


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_for_who_has_the_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 401
    behind_a_proxy = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert behind_a_proxy.status_code == 401
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer a-tokem"}).status_code == 401
    allowed = client.get("/metrics", headers={"Authorization": "Bearer a-token"}, REMOTE_ADDR="203.0.113.9")
    assert allowed.status_code == 200
    assert allowed["content-type"].startswith("text/plain")


@pytest.mark.django_db
def test_alive_without_a_database_and_ready_only_with_all_its_migrations(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'journal')"
        )
    waiting = client.get("/health/ready")
    assert (waiting.status_code, waiting.json()["migrations"]) == (503, 1)


@pytest.mark.django_db
def test_an_alert_that_ends_before_it_was_told_is_not_told(
    shop: tuple[Channel, Market], told: None, time: MovingClock
) -> None:
    suspend_channel(shop[0], "the key is revoked")
    Listener.answers = [500]
    raise_alerts(time)
    Channel.objects.update(state="active")
    raise_alerts(time)
    assert Alert.objects.get().ended_at is not None
    assert len(Listener.taken) == 1
    assert Turn.objects.filter(flow="raise_alerts").exists()
