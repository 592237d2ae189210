"""The SQS queue where Amazon puts its notifications. Optional: needs boto3, the extra `amazon-queue`.

A message is taken away only after what it says is stored: a worker that dies in between sees it again. What
goes wrong here is an `UnexpectedAnswer`, never a `ConfigurationError`: polling finds everything all the same,
and a channel must not stop because its queue does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from comptoir.connectors.amazon.notifications import NewSecret, parse_notice
from comptoir.connectors.amazon.settings import AmazonSettings
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.notices import Notice, NoticeBatch
from comptoir.sdk.records import Rejected

_BATCH = 10  # the most that SQS gives at once
_HOST = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LATER = frozenset(
    {"Throttling", "ThrottlingException", "RequestThrottled", "ServiceUnavailable", "InternalError"}
)


class NoticeQueue:
    def __init__(self, sqs: Any, url: str, client_id: str) -> None:
        """`sqs` is a boto3 client, or anything with its `receive_message` and `delete_message_batch`."""
        self._sqs = sqs
        self._url = url
        self._client_id = client_id

    def batches(self) -> Iterator[NoticeBatch]:
        """Until nothing waits, each parsed; one that is not forgotten comes again after SQS's own pause."""
        while True:
            with _asking():
                answer = self._sqs.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=_BATCH, WaitTimeSeconds=0
                )
            messages = answer.get("Messages", [])
            if not messages:
                return
            yield self._batch(messages)

    def forget(self, batch: NoticeBatch) -> None:
        entries = [{"Id": str(n), "ReceiptHandle": receipt} for n, receipt in enumerate(batch.receipts)]
        with _asking():
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _batch(self, messages: list[dict[str, Any]]) -> NoticeBatch:
        notices: dict[str, Notice] = {}
        rejected: list[Rejected] = []
        settings: dict[str, str] = {}
        for message in messages:
            try:
                found = parse_notice(message["Body"].encode())
            except RejectedRecord as error:
                rejected.append(_rejected(message, error))
                continue
            if isinstance(found, Notice):
                notices[found.notice_id] = found
            elif isinstance(found, NewSecret) and found.client_id == self._client_id:
                settings = {
                    "client_secret": found.client_secret,
                    "secret_made_on": found.at.date().isoformat(),
                }
        return NoticeBatch(
            notices=tuple(sorted(notices.values(), key=lambda notice: notice.at)),
            rejected=tuple(rejected),
            settings=settings,
            receipts=tuple(message["ReceiptHandle"] for message in messages),
        )


def open_queue(settings: AmazonSettings, *, allow_loopback: bool) -> NoticeQueue:
    place = urlsplit(settings.queue_url)
    found = _HOST.fullmatch(place.hostname or "")
    if found is None and not (allow_loopback and place.hostname in _LOOPBACK):
        raise UnexpectedAnswer("The queue's address is not one of Amazon SQS.")
    try:
        boto3 = import_module("boto3")
    except ImportError as error:
        raise UnexpectedAnswer("Notifications need boto3: install comptoir[amazon-queue].") from error
    client = boto3.client(
        "sqs",
        region_name=found[1] if found else "eu-west-1",
        aws_access_key_id=settings.queue_access_key or None,
        aws_secret_access_key=settings.queue_secret_key or None,
        endpoint_url=f"{place.scheme}://{place.netloc}",
        # The schedule is the retry.
        config=import_module("botocore.config").Config(
            connect_timeout=5, read_timeout=10, retries={"max_attempts": 0}
        ),
    )
    return NoticeQueue(client, settings.queue_url, settings.client_id)


def queue_arn(url: str) -> str:
    """`https://sqs.eu-west-1.amazonaws.com/123456789012/name` is `arn:aws:sqs:eu-west-1:123456789012:name`."""
    place = urlsplit(url)
    found = _HOST.fullmatch(place.hostname or "")
    owner, _, name = place.path.strip("/").partition("/")
    return f"arn:aws:sqs:{found[1] if found else 'eu-west-1'}:{owner}:{name}"


@contextmanager
def _asking() -> Iterator[None]:
    """boto's errors in ours."""
    errors = import_module("botocore.exceptions")
    try:
        yield
    except errors.ClientError as error:
        told = error.response.get("Error", {})
        code, words = str(told.get("Code", "")), str(told.get("Message", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        kind = TransientError if status >= 500 or code in _LATER else UnexpectedAnswer
        raise kind(f"The queue answers: {words}", code=code) from error
    except errors.BotoCoreError as error:
        raise TransientError(f"The queue cannot be reached: {error}") from error


def _rejected(message: dict[str, Any], error: RejectedRecord) -> Rejected:
    """Without its text: a notification may hold a secret."""
    return Rejected(external_id=str(message.get("MessageId", "")), message=error.message, code=error.code)
