"""Settlement entries: what the channel tells of our account, each once, and what is expected until it tells.

A channel's own id names an entry for ever: read again, it is updated where it changed (a payout date, paid)
and never doubled. An order that the account does not show yet has provisional entries made of its own
figures; they go when the channel's word for the same order and kind comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch, stage_rows
from comptoir.sdk import settlements
from comptoir.sdk.records import Rejected

MAX_ID = 120
_COLUMNS = ("external_id", "kind", "external_kind", "amount", "currency", "order_external_id", "booked_at",
            "payout_at", "paid", "raw")  # fmt: skip
_CHANGING = (
    "kind",
    "external_kind",
    "amount",
    "currency",
    "order_external_id",
    "booked_at",
    "payout_at",
    "paid",
)
_RECORD = f"""
INSERT INTO finance_settlemententry AS known (account, channel_id, state, order_id, created_at, updated_at,
                                              {", ".join(_COLUMNS)})
SELECT %(account)s, coalesce(o.channel_id, %(channel)s), 'final', o.id, %(now)s, %(now)s,
       {", ".join(f"told.{name}" for name in _COLUMNS)}
FROM told_entry told
LEFT JOIN LATERAL (SELECT o.id, o.channel_id FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
                   WHERE told.order_external_id <> '' AND o.external_id = told.order_external_id
                     AND c.account = %(account)s
                   ORDER BY o.channel_id = %(channel)s DESC, o.id LIMIT 1) o ON true
ORDER BY told.external_id
ON CONFLICT (account, external_id) DO UPDATE
SET ({", ".join(_CHANGING)}, raw, order_id, channel_id, updated_at)
    = ROW ({", ".join(f"excluded.{name}" for name in _CHANGING)}, excluded.raw,
           coalesce(excluded.order_id, known.order_id),
           CASE WHEN excluded.order_id IS NULL THEN known.channel_id ELSE excluded.channel_id END, excluded.updated_at)
WHERE ({", ".join(f"known.{name}" for name in _CHANGING)})
      IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _CHANGING)})
   OR (known.order_id IS NULL AND excluded.order_id IS NOT NULL)
RETURNING (xmax = 0)
"""  # noqa: S608 - names from our own tuples
# Of orders that are sold for good and about which the account says nothing yet.
_EXPECT = """
INSERT INTO finance_settlemententry AS known (account, channel_id, external_id, state, kind, external_kind, amount,
    currency, order_id, order_external_id, booked_at, paid, raw, created_at, updated_at)
SELECT %(account)s, o.channel_id, 'expected:' || o.id || ':' || part.kind, 'provisional', part.kind, '', part.amount,
       o.currency, o.id, o.external_id, o.placed_at, false, '', %(now)s, %(now)s
FROM orders_order o
JOIN channels_channel c ON c.id = o.channel_id AND c.account = %(account)s
CROSS JOIN LATERAL (
    SELECT 'sale' AS kind, o.total_amount AS amount
    UNION ALL
    SELECT 'commission', -sum(line.commission_amount) FROM orders_orderline line
    WHERE line.order_id = o.id HAVING count(line.commission_amount) > 0
) part
WHERE o.placed_at >= %(since)s AND NOT o.test
  AND o.status IN ('to_ship', 'partially_shipped', 'shipped', 'delivered')
  AND NOT EXISTS (SELECT FROM finance_settlemententry e
                  WHERE e.order_id = o.id AND e.state = 'final' AND e.kind = part.kind)
ORDER BY 3
ON CONFLICT (account, external_id) DO UPDATE SET amount = excluded.amount, updated_at = excluded.updated_at
WHERE known.amount <> excluded.amount
"""
_SUPERSEDED = """
DELETE FROM finance_settlemententry e USING orders_order o
WHERE e.account = %(account)s AND e.state = 'provisional' AND o.id = e.order_id
  AND (o.status IN ('cancelled', 'refused')
       OR EXISTS (SELECT FROM finance_settlemententry f
                  WHERE f.order_id = e.order_id AND f.kind = e.kind AND f.state = 'final'))
"""
# The channel may speak of an order's money before its order was read.
_LINK = """
UPDATE finance_settlemententry e SET order_id = o.id, channel_id = o.channel_id
FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
WHERE e.account = %(account)s AND e.order_id IS NULL AND e.order_external_id <> ''
  AND o.external_id = e.order_external_id AND c.account = %(account)s
"""
_LARGEST = Decimal(999_999_999_999)


@dataclass
class Recorded:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def record_entries(channel: Channel, entries: Sequence[settlements.SettlementEntry]) -> Recorded:
    """Take what the channel tells, in the transaction of its page. Read again, nothing is doubled."""
    if not connection.in_atomic_block:
        raise RuntimeError("record_entries needs a transaction")
    result = Recorded()
    newest: dict[str, settlements.SettlementEntry] = {}
    for entry in entries:
        if fault := _fault(entry):
            told = Rejected(external_id=entry.external_id, message=fault, code="invalid", raw=entry.raw)
            result.rejected.append(told)
        else:
            newest[entry.external_id] = entry
    rows = (
        (e.external_id, e.kind.value, e.external_kind[:120], e.amount, e.currency, e.order_id, e.booked_at,
         e.payout_at, e.paid, e.raw)
        for e in newest.values()
    )  # fmt: skip
    stage_rows("told_entry", _COLUMNS, rows, like="finance_settlemententry")
    values = {"account": channel.account, "channel": channel.pk, "now": clock.now()}
    written = [row[0] for row in fetch(_RECORD, values)]
    execute("DROP TABLE told_entry")
    result.created, result.updated = written.count(True), written.count(False)
    result.unchanged = len(newest) - len(written)
    return result


def settle_expectations(channel: Channel, *, since: object) -> tuple[int, int]:
    """After a reading: expect what the account does not show yet of orders placed since then, and drop what
    it shows now. How many provisional entries were made or changed, and how many went."""
    values = {"account": channel.account, "now": clock.now(), "since": since}
    execute(_LINK, values)
    gone = execute(_SUPERSEDED, values)
    return execute(_EXPECT, values), gone


def _fault(entry: settlements.SettlementEntry) -> str:
    if not 0 < len(entry.external_id) <= MAX_ID or len(entry.order_id) > MAX_ID:
        return f"An id of the entry has no possible length: {entry.external_id[:40]!r}, order {entry.order_id[:40]!r}."
    if "\x00" in entry.external_id + entry.order_id + entry.external_kind:
        return "A text of the entry holds a NUL character."
    if not (len(entry.currency) == 3 and entry.currency.isalpha()):
        return f"{entry.currency[:20]!r} is no currency code."
    if not (entry.amount.is_finite() and abs(entry.amount) < _LARGEST):
        return f"The amount {entry.amount} is not possible."
    if any(at is not None and at.tzinfo is None for at in (entry.booked_at, entry.payout_at)):
        return "An instant of the entry has no time zone."
    return ""
