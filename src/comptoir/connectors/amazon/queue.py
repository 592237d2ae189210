"""The SQS queue where Amazon puts its notifications. Optional: needs boto3, the extra `amazon-queue`.

A message is taken away only after what it says is stored: a worker that dies in between sees it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import msgspec

from comptoir.connectors.amazon.notifications import Notice, parse_notice
from comptoir.sdk.errors import ConfigurationError, RejectedRecord
from comptoir.sdk.records import Rejected

_BATCH = 10  # the most that SQS gives at once


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    region: str = "eu-west-1"
    access_key: str = ""
    secret_key: str = ""
    endpoint: str = ""
    """Another server that speaks SQS; "": Amazon's."""


class NoticeQueue:
    def __init__(self, sqs: Any, url: str) -> None:
        """`sqs` is a boto3 client, or anything with its `receive_message` and `delete_message_batch`."""
        self._sqs = sqs
        self._url = url

    def take(self, store: Callable[[Sequence[Notice], Sequence[Rejected]], None]) -> int:
        """One batch: parsed, stored, then deleted from the queue. How many messages it had."""
        answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=0)
        messages = answer.get("Messages", [])
        if not messages:
            return 0
        notices: dict[str, Notice] = {}
        rejected: list[Rejected] = []
        for message in messages:
            try:
                notice = parse_notice(message["Body"].encode())
            except RejectedRecord as error:
                rejected.append(_rejected(message, error))
                continue
            if notice is not None:
                notices[notice.notification_id] = notice
        store(sorted(notices.values(), key=lambda notice: notice.at), rejected)
        entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
        self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        return len(messages)


def open_queue(settings: QueueSettings) -> NoticeQueue:
    """ConfigurationError when boto3 is not installed."""
    try:
        boto3 = import_module("boto3")
    except ImportError as error:
        raise ConfigurationError("Notifications need boto3: install comptoir[amazon-queue].") from error
    client = boto3.client(
        "sqs",
        region_name=settings.region,
        aws_access_key_id=settings.access_key or None,
        aws_secret_access_key=settings.secret_key or None,
        endpoint_url=settings.endpoint or None,
    )
    return NoticeQueue(client, settings.url)


def _rejected(message: dict[str, Any], error: RejectedRecord) -> Rejected:
    return Rejected(
        external_id=str(message.get("MessageId", "")),
        message=error.message,
        code=error.code,
        raw=str(message.get("Body", "")).encode(),
    )
