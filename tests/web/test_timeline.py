"""A run as a picture: each request that was kept, where it stood and how long it took."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from comptoir.core import clock
from comptoir.journal.models import Exchange, Run
from comptoir.web.formats import format_took
from comptoir.web.queries.timeline import timeline
from tests.web.shop import Shop


def test_requests_stand_where_they_were_made_and_failures_are_seen(shop: Shop, admin: Client) -> None:
    start = clock.now()
    run = Run.objects.create(flow="import_orders", channel="maison", started_at=start, outcome="partial",
                             ended_at=start + timedelta(seconds=10))  # fmt: skip
    for after, took, status in ((1, 2000, 200), (5, 500, 500), (9.99, 10, None)):
        Exchange.objects.create(
            run=run, channel="maison", operation="OR11", method="GET", url="https://x.example/",
            started_at=start + timedelta(seconds=after), duration_ms=took, status=status,
        )  # fmt: skip
    drawn = timeline(run, list(run.exchanges.order_by("-id")))
    assert drawn is not None
    assert [(bar.x, bar.width, bar.failed) for bar in drawn.bars] == [
        (100.0, 200.0, False), (500.0, 50.0, True), (999.0, 2.0, True),
    ]  # fmt: skip
    assert drawn.duration == timedelta(seconds=10)
    page = admin.get(f"/flows/runs/{run.pk}/").content.decode()
    assert page.count("<rect") == 3
    assert page.count('class="failed"') == 2
    assert 'width="200.0"' in page
    assert 'width="200,0"' not in page


def test_what_took_less_than_a_second_is_told_in_milliseconds() -> None:
    took = (38, 999, 1000, 61_000, 0)
    assert [format_took(timedelta(milliseconds=ms)).replace("\u00a0", " ") for ms in took] == [
        "38 ms", "999 ms", "1 s", "1 min", "0 s",
    ]  # fmt: skip


def test_a_run_without_exchanges_has_no_picture(shop: Shop) -> None:
    run = Run.objects.create(flow="import_orders", channel="maison", started_at=clock.now())
    assert timeline(run, []) is None
