"""Notifications through a real SQS protocol: moto plays the queue, boto3 speaks to it on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import pytest

from bazaar.faults.levels import FaultSettings
from comptoir.connectors.amazon.notifications import Notice
from comptoir.connectors.amazon.queue import QueueSettings, open_queue
from comptoir.connectors.amazon.subscriptions import subscribe
from comptoir.sdk.records import Rejected
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
    told: list[Notice] = []

    def store(notices: Sequence[Notice], rejected: Sequence[Rejected]) -> None:
        assert not rejected
        told.extend(notices)

    settings = QueueSettings(url=url, access_key="x", secret_key="x", endpoint=endpoint)
    queue = open_queue(settings)
    taken = 0
    while batch := queue.take(store):
        taken += batch
    assert {notice.name for notice in told} == placed
    assert taken > 2 * len(placed)  # placed, authorised, and some of it twice
    assert msgspec.structs.asdict(told[0])["subject"] == "order"


def test_a_queue_that_is_away_loses_nothing(endpoint: str) -> None:
    with played(queue_endpoint=endpoint) as stage:
        with stage.connected() as amazon:
            subscribe(amazon.client, f"{ARN}-away", ["ORDER_CHANGE"])
        stage.market.place_by_hand([(stage.sku(), 1)])
        stage.advance(minutes=1)
        assert len(stage.market.account.outbox) == 1
