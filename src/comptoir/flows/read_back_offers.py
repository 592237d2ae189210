"""what the channel shows ──page by page──▶ compared with what we put there; differences are told and closed"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.offers.listing import Drift, compare_with_channel
from comptoir.offers.readable import set_aside_listed
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OfferSource
from comptoir.sdk.records import ListedOffer


@flow(label=N_("Read offers back"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(OfferSource,),
      lock="offers")  # fmt: skip
def read_back_offers(execution: Execution) -> None:
    source: OfferSource = execution.connection
    for page in source.listed_offers():
        fit, refused = set_aside_listed(page)
        comparison = compare_with_channel(execution.channel, fit)
        execution.set_aside(refused, kind="offer")
        _close_settled(execution, fit, comparison.drifts)
        execution.count("seen", comparison.seen)
        execution.count("adopted", comparison.adopted)
        execution.count("drifts", len(comparison.drifts))
        execution.report(_trouble(execution, drift) for drift in comparison.drifts)


def _close_settled(execution: Execution, fit: Sequence[ListedOffer], drifts: Sequence[Drift]) -> None:
    """Offers that the channel shows as we put them, and those that could not be read once and can be now."""
    drifted = {drift.sku for drift in drifts}
    for reason, words, skus in (
        (Reason.DRIFT, "the channel shows what we put there", [o.sku for o in fit if o.sku not in drifted]),
        (Reason.UNREADABLE, "the offer can be read now", [o.sku for o in fit]),
    ):
        close_issues(
            resolution=words, subject_kind="offer", reason=reason, channel=execution.channel.key,
            subjects=[sku for sku in skus if sku],
        )  # fmt: skip


def _trouble(execution: Execution, drift: Drift) -> Trouble:
    return Trouble(
        Reason.DRIFT,
        f"{drift.what}: the channel shows {drift.theirs}, we had put {drift.ours}. Ours is published again.",
        channel=execution.channel.key,
        subject_kind="offer",
        subject=drift.sku,
        action="none",
        detail={"what": drift.what, "ours": drift.ours, "theirs": drift.theirs},
    )
