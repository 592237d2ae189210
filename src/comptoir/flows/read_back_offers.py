"""what the channel shows ──page by page──▶ compared with what we put there; differences are told and closed"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble
from comptoir.offers.listing import Drift, compare_with_channel
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OfferSource


@flow(label=N_("Read offers back"), every=timedelta(hours=24), role=Role.MARKETPLACE, needs=(OfferSource,),
      lock="offers")  # fmt: skip
def read_back_offers(execution: Execution) -> None:
    source: OfferSource = execution.connection
    for page in source.listed_offers():
        comparison = compare_with_channel(execution.channel, page)
        execution.count("seen", comparison.seen)
        execution.count("adopted", comparison.adopted)
        execution.count("drifts", len(comparison.drifts))
        execution.report(_trouble(execution, drift) for drift in comparison.drifts)


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
