"""Claiming differences: offers whose desired state was not sent become items of one Submission.

One statement finds them in `Waiting`, marks them as sent in that submission and writes its items.
An offer is in one open submission per field at the most, so two imports can never cross each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.core.bulk import execute, fetch, take_ids
from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.offers.desired_sql import EXPOSED, POSSIBLE, SETTLED
from comptoir.offers.differences import QUANTITY_DIFFERS
from comptoir.offers.models import Submission
from comptoir.offers.price_guard import LAST_PRICE, STEP_HOLDS, TOLD
from comptoir.offers.refusals import step_trouble

Kind = Submission.Kind

# The kill switch, read by the very statement that claims.
_PRICES_GO = "NOT (SELECT prices_stopped FROM channels_channel WHERE id = %(channel)s)"
_STOCK_GOES = "NOT (SELECT stock_stopped FROM channels_channel WHERE id = %(channel)s)"
_GO = f"{_PRICES_GO} AND {_STOCK_GOES}"
# What the channel may sell of it from now on: what it could sell before, and what we write now (`escrow`).
_SETTLED = SETTLED.replace(
    "channel.orders_read_at", "(SELECT orders_read_at FROM channels_channel WHERE id = %(channel)s)"
)
_EXPOSE = f"""
    exposed_quantity = desired_quantity + CASE WHEN {_SETTLED} THEN least({EXPOSED}, {POSSIBLE}) ELSE {EXPOSED} END,
    possible_quantity = greatest(desired_quantity,
                                 CASE WHEN {_SETTLED} THEN least({EXPOSED}, {POSSIBLE}) ELSE {POSSIBLE} END),
    exposed_at = %(now)s"""
# `= ANY(ARRAY(…))` and not a join: the rows that wait are read first, then their offers by their key.
_QUANTITIES = f"""
WITH waiting AS (
    SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'quantity' AND {_STOCK_GOES}
    {{ahead}} ORDER BY offer_id LIMIT %(limit)s
),
found AS ({{found}}),
claimed AS (
    UPDATE offers_offer o SET sent_quantity = desired_quantity, quantity_submission_id = %(submission)s,
                              quantity_error = '', {_EXPOSE}
    WHERE o.id = ANY(ARRAY(SELECT id FROM found)) AND {QUANTITY_DIFFERS} {{few}}
    RETURNING o.id, o.sku, o.desired_quantity
),
items AS (
    INSERT INTO offers_submissionitem (submission_id, offer_id, quantity, outcome, message)
    SELECT %(submission)s, id, desired_quantity, '', '' FROM claimed
)
SELECT sku, desired_quantity FROM claimed
"""  # noqa: S608 - our own text
_ALL_FOUND = "SELECT offer_id AS id FROM waiting"
# Locked one by one before they are written, which costs a fourth more.
_FREE_FOUND = f"""
    SELECT o.id FROM offers_offer o WHERE o.id = ANY(ARRAY(SELECT offer_id FROM waiting)) AND {QUANTITY_DIFFERS} {{few}}
    FOR NO KEY UPDATE SKIP LOCKED"""  # noqa: S608
LAST_UNITS = 2
"""So few left that a buyer may come before a bulk write is done."""
# What goes down to the last units, ahead of the rest.
_FEW = f"AND o.desired_quantity <= {LAST_UNITS} AND o.desired_quantity < o.sent_quantity"
_FEW_FIRST = f"AND EXISTS (SELECT FROM offers_offer o WHERE o.id = offer_id {_FEW})"


def _of_quantities(*, few: str, ahead: str) -> tuple[str, str]:
    """The claim of all that waits, and of what of it nobody holds."""
    return (
        _QUANTITIES.format(found=_ALL_FOUND, few=few, ahead=ahead),
        _QUANTITIES.format(found=_FREE_FOUND.format(few=few), few=few, ahead=ahead),
    )


_CLAIM_QUANTITIES = _of_quantities(few="", ahead="")
_CLAIM_LAST_UNITS = _of_quantities(few=_FEW, ahead=_FEW_FIRST)
PATIENCE = "50ms"
"""How long a claim waits for an offer that another transaction holds. That one locks offers in several steps and may
in turn wait for the claim: long before PostgreSQL calls that a deadlock, what is held is left to the next turn."""
_PRICE_WAITS = (
    "id = ANY(ARRAY(SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'price'))"
)
_WAITS = """id = ANY(ARRAY(SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s
                                                             AND kind IN ('quantity', 'price')))"""
# The second of three guards (`price_guard`): a price without a floor, under it, or too far from the last one
# never becomes an item. The strict writer looks again, with its own eyes, just before it leaves.
_CLAIM_PRICES = f"""
WITH found AS (
    SELECT id FROM offers_offer
    WHERE channel_id = %(channel)s AND state <> 'new' AND desired_price IS NOT NULL
      AND desired_price IS DISTINCT FROM sent_price AND {_PRICE_WAITS}
      AND price_submission_id IS NULL AND desired_price >= floor_price AND desired_price > 0 AND {_PRICES_GO}
      AND foreign_price IS NULL AND {STEP_HOLDS}
    ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
),
claimed AS (
    UPDATE offers_offer o SET sent_price = desired_price, price_submission_id = %(submission)s, price_error = ''
    WHERE o.id = ANY(ARRAY(SELECT id FROM found))
    RETURNING o.id, o.sku, o.desired_price, o.currency, o.floor_price, {TOLD}
),
items AS (
    INSERT INTO offers_submissionitem (submission_id, offer_id, price, outcome, message)
    SELECT %(submission)s, id, desired_price, '', '' FROM claimed
)
SELECT sku, desired_price, currency, floor_price, {TOLD} FROM claimed
"""  # noqa: S608 - our own text
# A whole offer: to create it, or on a channel that takes no quantity or price alone.
_CLAIM_WHOLE = """
WITH found AS (
    SELECT id FROM offers_offer
    WHERE channel_id = %(channel)s AND quantity_submission_id IS NULL AND price_submission_id IS NULL
      AND product_id IS NOT NULL AND desired_price >= floor_price AND desired_price > 0 AND network = 'seller'
      AND {condition} AND {go} AND {step}
    ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
),
claimed AS (
    UPDATE offers_offer o SET sent_quantity = desired_quantity, sent_price = desired_price,
        quantity_submission_id = %(submission)s, price_submission_id = %(submission)s, price_error = '', {expose}
    WHERE o.id = ANY(ARRAY(SELECT id FROM found)) RETURNING o.*
),
items AS (
    INSERT INTO offers_submissionitem (submission_id, offer_id, quantity, price, outcome, message)
    SELECT %(submission)s, id, desired_quantity, desired_price, '', '' FROM claimed
)
SELECT claimed.sku, claimed.desired_quantity, claimed.desired_price, claimed.currency, claimed.floor_price,
       {told}, claimed.condition,
       coalesce((SELECT desired FROM offers_leadtime led WHERE led.offer_id = claimed.id), claimed.lead_time_days),
       claimed.external_product_id, article.title,
       coalesce((SELECT code FROM catalog_barcode b WHERE b.product_id = article.id ORDER BY b.id LIMIT 1), '')
FROM claimed JOIN catalog_product article ON article.id = claimed.product_id
"""
# What is on sale under its floor, ahead of the rest.
_CLAIM_UNDER_FLOOR = _CLAIM_PRICES.replace(
    "AND desired_price >= floor_price", "AND sent_price < floor_price AND desired_price >= floor_price"
)
_CLAIM_NEW = _CLAIM_WHOLE.format(
    condition="state = 'new' AND quantity_error = '' AND NOT barred",
    expose=_EXPOSE,
    go=_GO,
    step=STEP_HOLDS,
    told=TOLD,
)
_CLAIM_CHANGED = _CLAIM_WHOLE.format(
    condition=f"""{_WAITS} AND state <> 'new' AND (desired_quantity IS DISTINCT FROM sent_quantity
                 OR desired_price IS DISTINCT FROM sent_price)""",
    expose=_EXPOSE,
    go=_GO,
    step=STEP_HOLDS,
    told=TOLD,
)
_UNDER_FLOOR = """
UPDATE offers_offer SET price_error = 'below_floor'
WHERE id = ANY(ARRAY(SELECT offer_id FROM offers_waiting WHERE channel_id = %(channel)s AND kind = 'price'
                     UNION ALL SELECT id FROM offers_offer WHERE channel_id = %(channel)s AND state = 'new'))
  AND desired_price IS NOT NULL AND price_error <> 'below_floor'
  AND (desired_price IS DISTINCT FROM sent_price OR state = 'new')
  AND (floor_price IS NULL OR desired_price < floor_price OR desired_price <= 0)
RETURNING sku, desired_price, floor_price, currency
"""
_TOO_FAR = f"""
UPDATE offers_offer SET price_error = 'price_step'
WHERE {_PRICE_WAITS} AND state <> 'new' AND desired_price IS NOT NULL
  AND desired_price IS DISTINCT FROM sent_price AND price_error <> 'price_step'
  AND desired_price >= floor_price AND desired_price > 0 AND NOT {STEP_HOLDS}
RETURNING sku, currency, {LAST_PRICE}, desired_price
"""  # noqa: S608 - our own text


class ClaimedQuantity(NamedTuple):
    sku: str
    quantity: int


class ClaimedPrice(NamedTuple):
    sku: str
    price: Decimal
    currency: str
    floor: Decimal
    passed: Decimal | None
    confirmed: Decimal | None
    allowed: Decimal | None


class ClaimedOffer(NamedTuple):
    sku: str
    quantity: int
    price: Decimal
    currency: str
    floor: Decimal
    passed: Decimal | None
    confirmed: Decimal | None
    allowed: Decimal | None
    condition: str
    lead_time_days: int | None
    external_product_id: str
    title: str
    ean: str


def claim_quantities(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedQuantity]] | None:
    claim = _claim(channel, Kind.STOCK, *_CLAIM_QUANTITIES, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedQuantity._make, claim[1])))


def claim_prices(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedPrice]] | None:
    claim = _claim(channel, Kind.PRICE, _CLAIM_PRICES, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedPrice._make, claim[1])))


def claim_last_units(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedQuantity]] | None:
    """Of the quantities to send, those that go down to the last units."""
    claim = _claim(channel, Kind.STOCK, *_CLAIM_LAST_UNITS, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedQuantity._make, claim[1])))


def claim_under_floor(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedPrice]] | None:
    """Of the prices to send, those of offers that are on sale under their floor."""
    claim = _claim(channel, Kind.PRICE, _CLAIM_UNDER_FLOOR, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedPrice._make, claim[1])))


def claim_new_offers(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedOffer]] | None:
    claim = _claim(channel, Kind.OFFER, _CLAIM_NEW, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedOffer._make, claim[1])))


def claim_changed_offers(channel: Channel, *, limit: int) -> tuple[Submission, list[ClaimedOffer]] | None:
    """Existing offers, whole: for channels without a way to send a quantity or a price alone."""
    claim = _claim(channel, Kind.OFFER, _CLAIM_CHANGED, limit=limit)
    return None if claim is None else (claim[0], list(map(ClaimedOffer._make, claim[1])))


def refuse_unsafe_prices(channel: Channel, *, run_id: int | None = None) -> int:
    """Name, once, every price that may not leave: no floor (blank refuses), under it, or too far from the last."""
    found = fetch(_UNDER_FLOOR, {"channel": channel.pk})
    troubles = [
        Trouble(
            Reason.BELOW_FLOOR,
            f"{price} {currency} was not published: "
            + ("the offer has no floor price." if floor is None else f"its floor is {floor} {currency}."),
            channel=channel.key, subject_kind="offer", subject=sku, action="set_floor",
        )
        for sku, price, floor, currency in found
    ]  # fmt: skip
    too_far = fetch(_TOO_FAR, {"channel": channel.pk})
    troubles += [step_trouble(channel.key, *row) for row in too_far]
    open_issues(troubles, run_id=run_id)
    return len(troubles)


@transaction.atomic
def _claim(
    channel: Channel, kind: Submission.Kind, *statements: str, limit: int
) -> tuple[Submission, list[tuple[Any, ...]]] | None:
    number, now = take_ids("offers_submission", 1)[0], clock.now()
    values = {"channel": channel.pk, "limit": limit, "submission": number, "now": now}
    claimed = _fetch_patiently(values, *statements)
    if not claimed:
        return None
    submission = Submission(pk=number, channel=channel, kind=kind, items=len(claimed), created_at=now)
    submission.save(force_insert=True)
    return submission, claimed


def _fetch_patiently(values: dict[str, Any], statement: str, where_held: str = "") -> list[tuple[Any, ...]]:
    """The statement; where it meets a lock that is held longer than `PATIENCE`, the other one in its place."""
    if not where_held:
        return fetch(statement, values)
    try:
        with transaction.atomic():
            execute(f"SET LOCAL lock_timeout TO '{PATIENCE}'")
            claimed = fetch(statement, values)
            execute("SET LOCAL lock_timeout TO DEFAULT")
            return claimed
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
    return fetch(where_held, values)
