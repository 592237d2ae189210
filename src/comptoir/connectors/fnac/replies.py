"""What an answer says of itself. Fnac answers HTTP 200 to everything: success is in the body alone.

The root's `status` is OK, WARNING, ERROR or FATAL (ACTIVE and RUNNING too for batches). An `error` may
stand at the root, or inside the order, line, offer or product that it concerns; only the first kind
condemns the whole answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.connectors.fnac.fields import children, text
from comptoir.sdk.errors import (
    ConnectorError,
    OutcomeUnknown,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.records import Record

INVALID_XML = frozenset({"ERR_096", "ERR_146"})
"""The request was refused by their schema; nothing of it was read."""
_NOT_ABOUT_THE_TOKEN = INVALID_XML | {"ERR_026", "ERR_105", "ERR_109", "ERR_120", "ERR_128"}
_SEVERE = frozenset({"ERROR", "FATAL"})


class ReplyError(Record, frozen=True, kw_only=True):
    """One `error` element."""

    code: str
    severity: str
    message: str


def errors_of(node: Mapping[str, Any]) -> list[ReplyError]:
    """The errors that stand directly in this element."""
    return [
        ReplyError(code=text(e, "@code"), severity=text(e, "@severity") or "ERROR", message=text(e, "#text"))
        for e in children(node, "error")
    ]


def severe(errors: Iterable[ReplyError]) -> list[ReplyError]:
    return [error for error in errors if error.severity in _SEVERE]


def failed(status: str) -> bool:
    return status in _SEVERE


def refusal(reply: Mapping[str, Any], items: str) -> ReplyError | None:
    """Why the whole request was refused; None when it was not. `items`: what a good answer is made of.

    Where a batch is named, the status is that batch's own.
    """
    status = text(reply, "@status")
    if not failed(status) or text(reply, "batch_id") or (status == "ERROR" and reply.get(items)):
        return None
    found = severe(errors_of(reply))
    return found[0] if found else ReplyError(code="", severity=status, message=f"status {status}")


def may_be_the_token(error: ReplyError) -> bool:
    """Fnac's list of codes is not public: any refusal of an unknown kind may mean a token that ended."""
    return error.code not in _NOT_ABOUT_THE_TOKEN


def to_exception(service: str, error: ReplyError, *, writes: bool) -> ConnectorError:
    """Our name for a whole refusal."""
    words = f"{service}: {error.code} {error.message}".strip()
    if error.severity == "FATAL":
        # « the process was not done completely or even completely aborted »
        kind: type[ConnectorError] = OutcomeUnknown if writes else TransientError
        return kind(words, code=error.code)
    return (RejectedRecord if writes else UnexpectedAnswer)(words, code=error.code)
