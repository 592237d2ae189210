"""what the channel shows ──some pages at once──▶ compared with what we put there; differences are told and closed"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.db import transaction

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.offers.foreign import Foreign, settle_foreign, still_asked
from comptoir.offers.listing import compare_with_channel
from comptoir.offers.readable import set_aside_listed
from comptoir.offers.vat import as_we_count
from comptoir.sdk.connector import Role
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OfferSource
from comptoir.sdk.records import ListedOffer

TOGETHER = 1000


@flow(label=N_("Read offers back"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(OfferSource,),
      lock="offers")  # fmt: skip
def read_back_offers(execution: Execution) -> None:
    source: OfferSource = execution.connection
    for page in _gathered(source.listed_offers()):
        fit, refused = set_aside_listed(page)
        execution.set_aside(refused, kind="offer")
        # Together: a question without its Issue would hold a price back and nobody would know.
        with transaction.atomic():
            comparison = compare_with_channel(execution.channel, as_we_count(execution.channel, fit))
            foreign = settle_foreign(execution.channel, comparison.drifts)
            _close_settled(execution, fit, foreign)
            execution.report(_trouble(execution, one) for one in foreign)
        execution.count("seen", comparison.seen)
        execution.count("adopted", comparison.adopted)
        execution.count("drifts", len(foreign))
        execution.count("ours_late", len(comparison.drifts) - len(foreign))


def _gathered(pages: Iterable[Sequence[ListedOffer]]) -> Iterator[list[ListedOffer]]:
    """Small pages together: ten statements for a thousand offers instead of for a hundred. What came before a page
    that does not come is compared all the same."""
    kept: list[ListedOffer] = []
    try:
        for page in pages:
            kept += page
            if len(kept) >= TOGETHER:
                yield kept
                kept = []
    except ConnectorError:
        if kept:
            yield kept
        raise
    if kept:
        yield kept


def _close_settled(execution: Execution, fit: Sequence[ListedOffer], foreign: Sequence[Foreign]) -> None:
    """Offers that the channel shows as we put them, and those that could not be read once and can be now."""
    drifted = {one.drift.sku for one in foreign}
    drifted |= still_asked(execution.channel, [o.sku for o in fit if o.sku and o.sku not in drifted])
    for reason, words, skus in (
        (Reason.DRIFT, "the channel shows what we put there", [o.sku for o in fit if o.sku not in drifted]),
        (Reason.UNREADABLE, "the offer can be read now", [o.sku for o in fit]),
    ):
        close_issues(
            resolution=words, subject_kind="offer", reason=reason, channel=execution.channel.key,
            subjects=[sku for sku in skus if sku],
        )  # fmt: skip


THEN = {"ours": "Ours is published again.", "theirs": "Theirs is what we want from now on.",
        "ask": "Whose shall it be? No price of this offer leaves meanwhile."}  # fmt: skip


def _trouble(execution: Execution, foreign: Foreign) -> Trouble:
    drift, why = foreign.drift, f" Theirs was not taken: {foreign.why}." if foreign.why else ""
    return Trouble(
        Reason.DRIFT,
        f"{drift.what}: the channel shows {drift.theirs}, we had put {drift.ours}.{why} {THEN[foreign.outcome]}",
        channel=execution.channel.key,
        subject_kind="offer",
        subject=drift.sku,
        action="ours_or_theirs" if foreign.outcome == "ask" else "none",
        detail={"what": drift.what, "ours": drift.ours, "theirs": drift.theirs,
                "seen_at": execution.now().isoformat(timespec="seconds"), "outcome": foreign.outcome},
    )  # fmt: skip
