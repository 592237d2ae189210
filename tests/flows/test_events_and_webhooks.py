"""The feed of everything that happened, and the addresses that are told of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import override_settings
from standardwebhooks.webhooks import Webhook as Verifier

from comptoir.core import clock
from comptoir.events.collecting import collect_events, has_news
from comptoir.events.models import Delivery, Event, Webhook
from comptoir.events.webhooks import WAITS, BadAddress, create_webhook, replay, set_state
from comptoir.flows.policy import run_flow
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issue, open_issues
from comptoir.journal.models import Issue, Run
from comptoir.orders.decisions import hold_order
from tests.web.shop import open_shop

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    def __init__(self) -> None:
        self.status, self.got = 200, list[tuple[dict[str, str], bytes]]()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(listener.status)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    with override_settings(ALLOW_LOOPBACK=True):
        yield one
    one.server.shutdown()
    one.thread.join()
    one.server.server_close()


@pytest.fixture
def at() -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock to when the test began plus what is given: who reads a signature trusts the real clock."""
    began = datetime.now(UTC).replace(microsecond=0)
    place = [began]
    with clock.clock_at(lambda: place[0]):
        yield lambda later: place.__setitem__(0, began + later)


def gather() -> int:
    """Until nothing new is left: a transaction that ends at this instant, of another database of the server
    too, may put a row off to the next turn."""
    total = 0
    for _ in range(50):
        total += collect_events()
        if not has_news():
            return total
        time.sleep(0.05)
    raise AssertionError("the feed never comes to its end")


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def test_everything_that_happened_is_told_once(at: Any) -> None:
    shop = open_shop(orders=4)
    gather()
    seen = Event.objects.count()
    assert {"issue.opened", "run.failed", "shipment.recorded"} <= set(kinds()), sorted(set(kinds()))
    gather()
    assert Event.objects.count() == seen
    hold_order(shop.to_ship.pk, reason="look", actor="zoe")
    issue = Issue.objects.filter(state="open")[0]
    close_issue(issue, by="zoe", resolution="done")
    record_change(actor="zoe", action="user.created", subject_kind="user", subject="secret@example.org")
    record_change(actor="zoe", action="offer.price", subject_kind="offer", subject="A @ 1")
    at(timedelta(seconds=10))
    assert has_news()
    assert gather() == 3
    assert sorted(kinds()[seen:]) == ["issue.closed", "offer.price", "order.held"]
    assert not has_news()


def test_a_row_of_a_transaction_that_still_runs_is_not_jumped_over(at: Any) -> None:
    from django.db import connection, transaction

    shop = open_shop(orders=4)
    gather()
    started, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record_change(actor="slow", action="offer.price", subject_kind="offer", subject="slow")
            started.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(20)
    hold_order(shop.to_ship.pk, reason="look", actor="quick")
    assert collect_events() == 0  # nothing newer is told before the older one has ended
    go_on.set()
    thread.join()
    gather()
    assert {"order.held", "offer.price"} <= set(kinds())


def test_a_webhook_is_told_what_it_wants_signed_and_once(at: Any, listener: Listener) -> None:
    webhook = create_webhook(name="erp", url=listener.url, kinds=["issue."], actor="zoe")
    assert listener.url not in str(webhook.sealed_secret)
    open_issues([Trouble(Reason.MISSING, "gone", subject="a"), Trouble(Reason.MISSING, "gone", subject="b")])
    record_change(actor="zoe", action="offer.price", subject_kind="offer", subject="A @ 1")
    run_flow("collect_events")
    gather()
    run_flow("send_webhooks")
    run_flow("send_webhooks")
    assert len(listener.got) == 2
    for headers, body in listener.got:
        told = Verifier(webhook.secret()).verify(body, headers)
        assert told["type"] == "issue.opened"
    assert Delivery.objects.filter(state="done", status=200).count() == 2
    forged = listener.got[0][1].replace(b"gone", b"here")
    with pytest.raises(Exception, match="signature"):
        Verifier(webhook.secret()).verify(forged, listener.got[0][0])


def test_no_answer_that_says_yes_is_tried_for_three_days_then_the_webhook_pauses(
    at: Any, listener: Listener
) -> None:
    webhook = create_webhook(name="erp", url=listener.url, kinds=["issue.opened"], actor="zoe")
    open_issues([Trouble(Reason.MISSING, "gone", subject="a")])
    run_flow("collect_events")
    gather()
    listener.status = 302  # an address that sends elsewhere is not followed: it could lead inside
    later = timedelta()
    for wait in (*WAITS, timedelta()):
        run_flow("send_webhooks")
        later += wait
        at(later)
    assert len(listener.got) == len(WAITS) + 1
    assert later > timedelta(days=3)
    webhook.refresh_from_db()
    assert (webhook.state, Delivery.objects.get().state) == ("paused", "failed")
    notice = Issue.objects.get(subject_kind="webhook", state="open")
    assert "erp" in notice.message
    listener.status = 200
    set_state(webhook, paused=False, actor="zoe")
    replay(Delivery.objects.get(), actor="zoe")
    run_flow("send_webhooks")
    assert Delivery.objects.get().state == "done"
    assert Issue.objects.get(pk=notice.pk).state == "closed"


def test_a_secret_that_cannot_be_read_keeps_no_other_address_from_its_news(
    at: Any, listener: Listener
) -> None:
    broken = create_webhook(name="broken", url=listener.url, kinds=["issue."], actor="zoe")
    create_webhook(name="erp", url=listener.url, kinds=["issue."], actor="zoe")
    Webhook.objects.filter(pk=broken.pk).update(sealed_secret=b"restored without its key")
    open_issues([Trouble(Reason.MISSING, "gone", subject="a")])
    run_flow("collect_events")
    gather()
    run_flow("send_webhooks")
    assert Run.objects.get(flow="send_webhooks").outcome == "succeeded"
    assert len(listener.got) == 1
    failed = Delivery.objects.get(webhook=broken)
    assert (failed.state, failed.attempts) == ("waiting", 1)
    assert "secret" in failed.message


def test_a_private_address_is_refused_at_the_connection(at: Any, listener: Listener) -> None:
    create_webhook(name="inside", url="http://10.0.0.7/hook", actor="zoe", kinds=["issue.opened"])
    create_webhook(name="loop", url=listener.url, actor="zoe", kinds=["issue.opened"])
    open_issues([Trouble(Reason.MISSING, "gone", subject="a")])
    run_flow("collect_events")
    gather()
    with override_settings(ALLOW_LOOPBACK=False):
        run = run_flow("send_webhooks")
    assert run is not None
    assert run.outcome == Run.Outcome.SUCCEEDED
    assert listener.got == []
    assert [d.status for d in Delivery.objects.all()] == [None, None]
    assert all("private address" in d.message for d in Delivery.objects.all())


@pytest.mark.parametrize("url", ["", "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a b.example/",
                                 "javascript:alert(1)", "file:///etc/passwd", "https://[bad/"])  # fmt: skip
def test_what_is_no_address_is_refused_when_it_is_typed(url: str) -> None:
    with pytest.raises(BadAddress):
        create_webhook(name="x", url=url, actor="zoe")
    assert not Webhook.objects.exists()
