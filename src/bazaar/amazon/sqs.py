"""Sends the notifications on to their queue, on any server that speaks SQS (moto plays one on loopback).

At least once and in no sure order, as a standard queue: a struck fault sends one twice or turns a batch
around. What cannot be sent now waits in the outbox. Needs boto3.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

import msgspec

from bazaar.amazon.account import Account

_PAUSE_S = 5.0
_BATCH = 100


def plan(account: Account) -> None:
    """One delivery is on its way at a time."""
    if account.settings.queue_endpoint and "delivering" not in account.counters:
        account.counters["delivering"] = 1
        account.later(_PAUSE_S, "send_notices")


def deliver(account: Account) -> None:
    account.counters.pop("delivering", None)
    waiting = list(account.outbox.items())[:_BATCH]
    if account.world.fault(account.key, "reordered_page"):
        waiting.reverse()
    if waiting and account.world.fault(account.key, "repeated_page"):
        waiting.append(waiting[0])
    for name in _sent(account, waiting):
        account.outbox.pop(name, None)
    if account.outbox:
        plan(account)


def _sent(account: Account, waiting: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """The names of those that the queue took; the first refusal ends the batch."""
    boto3, botocore = import_module("boto3"), import_module("botocore.exceptions")
    config = import_module("botocore.config").Config(
        connect_timeout=1, read_timeout=2, retries={"max_attempts": 0}
    )
    sent: list[str] = []
    for name, told in waiting:
        destination = account.destinations[told["destination"]]
        _, _, _, region, owner, queue = destination.arn.split(":")
        client = boto3.client(
            "sqs",
            region_name=region,
            endpoint_url=account.settings.queue_endpoint,
            aws_access_key_id="simulated",
            aws_secret_access_key="simulated",  # noqa: S106 - a simulator asks for no secret
            config=config,
        )
        try:
            url = client.get_queue_url(QueueName=queue, QueueOwnerAWSAccountId=owner)["QueueUrl"]
            client.send_message(QueueUrl=url, MessageBody=msgspec.json.encode(told["body"]).decode())
        except (botocore.BotoCoreError, botocore.ClientError):
            break  # it stays in the outbox and is tried again
        sent.append(name)
    return sent
