"""offers whose desired state was not sent ──one bulk write per kind──▶ channel

Level-triggered: a lost message, worker or night changes nothing, because the difference is still there
and is closed at the next turn. `check_submissions` reads what the channel made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from msgspec import structs

from comptoir.channels.models import Channel
from comptoir.flows.connect import capabilities
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.flows.strict_writer import Footing, read_limits, refuse_unsafe
from comptoir.flows.submitting import submit
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.offers import claims
from comptoir.offers.differences import has_differences
from comptoir.offers.lead_time_writes import ClaimedLeadTime, claim_lead_times, desired_lead_times
from comptoir.offers.lead_times import lead_times_differ
from comptoir.offers.submissions import recover_prepared
from comptoir.offers.vat import as_the_channel_takes
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import (
    LeadTimeTarget,
    OfferTarget,
    PriceTarget,
    StockTarget,
    UrgentPriceTarget,
    UrgentStockTarget,
)
from comptoir.sdk.records import LeadTimeUpdate, OfferDraft, PriceUpdate, Receipt, StockUpdate

Build = Callable[[Sequence[Any]], Sequence[Any]]
Way = tuple[Callable[..., Any], int, Callable[[Any], Receipt], Build]


def has_work(channel: Channel) -> bool:
    if has_differences(channel):
        return True
    return LeadTimeTarget.__name__ in capabilities(channel) and lead_times_differ(channel)


@flow(label=N_("Publish offers"), every=timedelta(minutes=1), role=Role.MARKETPLACE,
      needs=(StockTarget, PriceTarget, OfferTarget), lock="offers", has_work=has_work)  # fmt: skip
def publish_offers(execution: Execution) -> None:
    channel, connection = execution.channel, execution.connection
    execution.count("recovered", recover_prepared(channel))
    execution.count("under_floor", claims.refuse_unsafe_prices(channel, run_id=execution.run.pk))
    waited: RateLimited | None = None
    for claim, size, send, build in _ways(execution, connection):
        try:
            _publish(execution, claim, size, send, build)
        except RateLimited as error:
            waited = error  # the other kinds have limits of their own
    if waited is not None:
        raise waited


def _ways(execution: Execution, connection: Any) -> Iterator[Way]:
    """What this channel takes. Stock first: it is what protects from overselling."""
    if isinstance(connection, UrgentStockTarget):
        yield claims.claim_last_units, connection.urgent_batch_size, connection.submit_urgent_stock, _stock
    if isinstance(connection, UrgentPriceTarget):
        yield claims.claim_under_floor, connection.urgent_batch_size, connection.submit_urgent_prices, _prices
    if isinstance(connection, StockTarget):
        yield claims.claim_quantities, connection.stock_batch_size, connection.submit_stock, _stock
    if isinstance(connection, PriceTarget):
        yield claims.claim_prices, connection.price_batch_size, connection.submit_prices, _prices
    if isinstance(connection, LeadTimeTarget):
        build = partial(_lead_times, execution, connection.longest_lead_time)
        yield claim_lead_times, connection.lead_time_batch_size, connection.submit_lead_times, build
    if isinstance(connection, OfferTarget):
        if not isinstance(connection, StockTarget):
            yield claims.claim_changed_offers, connection.offer_batch_size, connection.submit_offers, _offers
        yield claims.claim_new_offers, connection.offer_batch_size, connection.submit_offers, _offers


def _publish(
    execution: Execution, claim: Callable[..., Any], size: int, send: Callable[[Any], Receipt], build: Build
) -> None:
    """One submission after the other until nothing is left to say, or the channel asks to wait."""
    while (claimed := claim(execution.channel, limit=size)) is not None:
        submission, rows = claimed
        known = submit(execution, submission, partial(_send, execution.channel, send, build, rows))
        execution.count(f"{submission.kind}_sent", len(rows))
        if not known or len(rows) < size:
            return


def _send(channel: Channel, send: Callable[[Any], Receipt], build: Build, rows: Sequence[Any]) -> Receipt:
    records = build(rows)
    if build is _stock:
        records = _with_lead_times(channel, records)
    elif build in (_prices, _offers):
        refuse_unsafe(records, {row.sku: _footing(row) for row in rows}, read_limits(channel))
        records = as_the_channel_takes(channel, records)
    return send(records)


def _footing(row: claims.ClaimedPrice | claims.ClaimedOffer) -> Footing:
    return Footing(row.confirmed if row.passed is None else row.passed, row.allowed)


def _stock(rows: Sequence[claims.ClaimedQuantity]) -> list[StockUpdate]:
    return [StockUpdate(sku=row.sku, quantity=row.quantity) for row in rows]


def _with_lead_times(channel: Channel, records: Sequence[Any]) -> Sequence[Any]:
    """A quantity that takes the lead time along must not take an old one."""
    if LeadTimeTarget.__name__ not in capabilities(channel):
        return records
    told = desired_lead_times(channel, [record.sku for record in records])
    return [structs.replace(one, lead_time_days=told.get(one.sku)) for one in records] if told else records


def _lead_times(execution: Execution, most: int, rows: Sequence[ClaimedLeadTime]) -> list[LeadTimeUpdate]:
    """What takes longer than the channel can be told is told its most, and said so once."""
    long = [row.sku for row in rows if row.days > most]
    key = execution.channel.key
    if long:
        words = f"{len(long)} offers such as {long[0]} need more than {most} days: the channel takes no more."
        execution.report(
            [Trouble(Reason.REJECTED, words, channel=key, subject_kind="lead_time", subject=key)]
        )
    else:
        close_issues(resolution="within what the channel takes", subject_kind="lead_time", subjects=[key])
    return [LeadTimeUpdate(sku=row.sku, days=min(row.days, most)) for row in rows]


def _prices(rows: Sequence[claims.ClaimedPrice]) -> list[PriceUpdate]:
    return [PriceUpdate(sku=r.sku, price=r.price, currency=r.currency, floor=r.floor) for r in rows]


def _offers(rows: Sequence[claims.ClaimedOffer]) -> list[OfferDraft]:
    return [
        OfferDraft(
            sku=row.sku, ean=row.ean, price=row.price, currency=row.currency, floor=row.floor, quantity=row.quantity,
            condition=row.condition, title=row.title, lead_time_days=row.lead_time_days,
            external_product_id=row.external_product_id,
        )
        for row in rows
    ]  # fmt: skip
