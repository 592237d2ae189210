"""Notifications through a real SQS protocol: moto plays the queue, boto3 speaks to it on both sides."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from bazaar.faults.levels import FaultSettings
from comptoir.connectors.amazon.queue import queue_arn
from comptoir.connectors.amazon.subscriptions import subscribe
from comptoir.sdk.errors import TransientError, UnexpectedAnswer
from comptoir.sdk.notices import Notice
from tests.conformance.amazon.stage import KEY, played

boto3 = pytest.importorskip("boto3", reason="boto3 is not installed (the extra amazon-queue)")
moto_server = pytest.importorskip("moto.server", reason="moto is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ARN = "arn:aws:sqs:eu-west-1:123456789012:comptoir"


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_orders_are_told_through_a_queue_whatever_is_doubled_or_turned_around(endpoint: str) -> None:
    keys = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    url = boto3.client("sqs", endpoint_url=endpoint, **keys).create_queue(QueueName="comptoir")["QueueUrl"]
    with played(queue_endpoint=endpoint) as stage:
        with stage.connected() as amazon:
            assert subscribe(amazon.client, ARN, ["ORDER_CHANGE"]) == ["ORDER_CHANGE"]
        stage.world.faults.set(KEY, FaultSettings(rates={"repeated_page": 1.0, "reordered_page": 1.0}))
        placed = {stage.market.place_by_hand([(stage.sku(n), 1)]) for n in range(4)}
        stage.advance(minutes=40)
        assert not stage.market.account.outbox
        with stage.connected(queue_url=url, queue_access_key="x", queue_secret_key="x") as amazon:
            told: list[Notice] = []
            taken = 0
            for batch in amazon.notice_batches():
                assert not batch.rejected
                told += batch.notices
                taken += len(batch.receipts)
                amazon.forget_notices(batch)
            assert not list(amazon.notice_batches())
    assert {notice.name for notice in told} == placed
    assert taken > 2 * len(placed)  # placed, authorised, and some of it twice
    assert msgspec.structs.asdict(told[0])["subject"] == "order"


def test_a_queue_that_refuses_or_does_not_answer_never_stops_the_channel(endpoint: str) -> None:
    keys = {"queue_access_key": "x", "queue_secret_key": "x"}
    cases = [
        (f"{endpoint}/123456789012/nowhere", UnexpectedAnswer),
        ("https://queue.example/123456789012/comptoir", UnexpectedAnswer),
        ("http://127.0.0.1:9/123456789012/comptoir", TransientError),
    ]
    for url, kind in cases:
        with (
            played() as stage,
            stage.connected(queue_url=url, **keys) as amazon,
            pytest.raises(kind),
        ):
            list(amazon.notice_batches())
    assert queue_arn("https://sqs.eu-west-3.amazonaws.com/1234/shop") == "arn:aws:sqs:eu-west-3:1234:shop"


def test_a_queue_that_is_away_loses_nothing(endpoint: str) -> None:
    with played(queue_endpoint=endpoint) as stage:
        with stage.connected() as amazon:
            subscribe(amazon.client, f"{ARN}-away", ["ORDER_CHANGE"])
        stage.market.place_by_hand([(stage.sku(), 1)])
        stage.advance(minutes=1)
        assert len(stage.market.account.outbox) == 1
