"""One verdict per item of a write, whatever happens to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
)
from comptoir.sdk.records import Outcome, Verdict

T = TypeVar("T")


class NotYet(ConnectorError):  # noqa: N818 - named after what happened
    """This item is not ready on the other side; the next ones may be."""


def verdict_each(
    items: Sequence[T], key: Callable[[T], str], write: Callable[[T], Verdict]
) -> Iterator[Verdict]:
    """Write the items one after another. Trouble that would meet the next ones too stops the writing.

    ConfigurationError and RateLimited are raised when nothing was written yet; afterwards the items that
    are left get RETRY, so that the verdicts already given are kept.
    """
    for index, item in enumerate(items):
        try:
            verdict = write(item)
        except RejectedRecord as error:
            verdict = _verdict(key(item), Outcome.REJECTED, error)
        except NotYet as error:
            verdict = _verdict(key(item), Outcome.RETRY, error)
        except OutcomeUnknown as error:
            verdict = _verdict(key(item), Outcome.UNKNOWN, error)
        except (ConfigurationError, TransientError) as error:
            if index == 0 and isinstance(error, ConfigurationError | RateLimited):
                raise
            yield from (_verdict(key(left), Outcome.RETRY, error) for left in items[index:])
            return
        yield verdict


def done(key: str, message: str = "", external_id: str = "") -> Verdict:
    return Verdict(key=key, outcome=Outcome.DONE, message=message, external_id=external_id)


def _verdict(key: str, outcome: Outcome, error: ConnectorError) -> Verdict:
    return Verdict(key=key, outcome=outcome, code=error.code, message=error.message)
