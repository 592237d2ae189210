"""Errors are named after what must be done about them.

| raised                | what the hub does                                                              |
| --------------------- | ------------------------------------------------------------------------------ |
| `TransientError`      | tries again at the next turn, not before `retry_after`                         |
| `RateLimited`         | the same; it costs no attempt                                                  |
| `ConfigurationError`  | suspends the channel, tells the merchant, probes from time to time             |
| `RejectedRecord`      | sets that record aside with an Issue, the rest goes on                         |
| `UnexpectedAnswer`    | stops the flow and keeps the raw exchange: somebody must look                  |
| `OutcomeUnknown`      | looks on the other side before anything is sent again                          |
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.sdk.storable import storable


class ConnectorError(Exception):
    """Base of everything a connector raises. `code` is the other side's own code, where it has one."""

    status: int | None = None
    """The HTTP status that was answered, where there was one: `HttpLink` sets it."""

    def __init__(self, message: str, *, code: str = "") -> None:
        # The other side's own words, as a rule: they are kept, so they must be such as can be kept.
        self.message = storable(message)
        self.code = storable(code)
        super().__init__(self.message)


class TransientError(ConnectorError):
    """The other side cannot answer now: 5xx, no connection, a read that timed out."""

    def __init__(self, message: str, *, code: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class RateLimited(TransientError):  # noqa: N818 - named after what happened
    """We are asked, or we have decided, to wait: HTTP 429 or our own token bucket."""


class ConfigurationError(ConnectorError):
    """Nothing will work until a person changes something: key, rights, address, closed account."""


class RejectedRecord(ConnectorError):  # noqa: N818
    """One record is refused, by them (a write) or by us (a read that makes no sense)."""

    def __init__(self, message: str, *, code: str = "", record_id: str = "") -> None:
        super().__init__(message, code=code)
        self.record_id = record_id


class UnexpectedAnswer(ConnectorError):  # noqa: N818
    """The answer is not what the protocol promises: going on would be guessing."""


class OutcomeUnknown(ConnectorError):  # noqa: N818
    """A write was sent and no answer came: it may or may not have been done."""
