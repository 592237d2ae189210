"""One verdict per item of a write: what one error means for its item, and for those after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RejectedRecord,
    TransientError,
)
from comptoir.sdk.records import Outcome, Verdict

T = TypeVar("T")


def one_by_one(
    items: Sequence[T], key: Callable[[T], str], send: Callable[[T], Verdict]
) -> Iterator[Verdict]:
    """Send each item. A server in trouble is left alone: the items that remain are for later.

    TransientError and ConfigurationError are raised where nothing was sent before them.
    """
    return in_groups([[item] for item in items], key, lambda group: [send(group[0])])


def in_groups(
    groups: Sequence[Sequence[T]],
    key: Callable[[T], str],
    send: Callable[[Sequence[T]], Sequence[Verdict]],
) -> Iterator[Verdict]:
    """The same, for operations that take several items in one call.

    A call refused whole is repeated item by item, so that one bad item does not condemn the others.
    """
    waiting = deque(groups)
    started = False
    while waiting:
        group = waiting.popleft()
        try:
            yield from send(group)
        except (RejectedRecord, OutcomeUnknown) as error:
            if isinstance(error, RejectedRecord) and len(group) > 1:
                waiting.extendleft([item] for item in reversed(group))
            else:
                yield from (verdict_of(key(item), error) for item in group)
        except (TransientError, ConfigurationError) as error:
            if not started:
                raise
            yield from (verdict_of(key(item), error) for rest in (group, *waiting) for item in rest)
            return
        started = True


def verdict_of(key: str, error: ConnectorError) -> Verdict:
    outcomes = {RejectedRecord: Outcome.REJECTED, OutcomeUnknown: Outcome.UNKNOWN}
    outcome = outcomes.get(type(error), Outcome.RETRY)
    return Verdict(key=key, outcome=outcome, code=error.code, message=error.message)


def done(key: str, external_id: str = "", message: str = "") -> Verdict:
    return Verdict(key=key, outcome=Outcome.DONE, external_id=external_id, message=message)


def rejected(key: str, message: str, code: str = "") -> Verdict:
    return Verdict(key=key, outcome=Outcome.REJECTED, message=message, code=code)
