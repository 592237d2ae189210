"""OR04: our number on the marketplace's orders, 100 orders a call, one call a minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.connectors.mirakl.verdicts import done, in_groups, rejected
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import OrderReference, Verdict

PER_CALL = 100


class _FieldError(msgspec.Struct):
    code: str | int | None = None
    field: str | None = None
    message: str | None = None


class _Updated(msgspec.Struct):
    order_id: str | None = None
    errors: list[_FieldError] | None = None


class _Answer(msgspec.Struct):
    updated_orders: list[_Updated] | None = None


def write_references(client: MiraklClient, references: Sequence[OrderReference]) -> Iterator[Verdict]:
    groups = [references[first : first + PER_CALL] for first in range(0, len(references), PER_CALL)]
    return in_groups(groups, lambda one: one.order_id, lambda group: _write(client, group))


def build_references(references: Sequence[OrderReference]) -> dict[str, object]:
    return {
        "orders": [
            {"order_id": one.order_id, "references": {"order_reference_for_seller": one.reference}}
            for one in references
        ]
    }


def _write(client: MiraklClient, references: Sequence[OrderReference]) -> list[Verdict]:
    """A 200 is not yet a success: each order has its own errors."""
    answer = client.send("OR04", build_references(references)).json(_Answer)
    told = {one.order_id: one.errors or [] for one in answer.updated_orders or ()}
    return [_verdict(one.order_id, told) for one in references]


def _verdict(order_id: str, told: dict[str | None, list[_FieldError]]) -> Verdict:
    if order_id not in told:
        raise UnexpectedAnswer(f"OR04 says nothing of the order {order_id}.")
    errors = told[order_id]
    if not errors:
        return done(order_id)
    words = "; ".join(f"{error.field}: {error.message}" for error in errors)
    return rejected(order_id, words, code=str(errors[0].code or ""))
