"""running stock ──compared with its ledger and its reservations──▶ an Issue for each row that does not add up
offers ────────compared with what waits to be published─────────▶ made true again, an Issue for each channel

All are written in one transaction, so a difference is a fault of ours or somebody's hand in the tables.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.inventory.ledger import Imbalance, find_imbalances
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.journal.models import Issue
from comptoir.offers.differences import mend_waiting
from comptoir.sdk.i18n import N_


@flow(label=N_("Check the stock"), every=timedelta(hours=6))
def check_stock(execution: Execution) -> None:
    found = find_imbalances()
    execution.count("imbalances", len(found))
    execution.report(_trouble(imbalance) for imbalance in found)
    wrong = {_subject(imbalance) for imbalance in found}
    _close_right(wrong)
    _check_waiting(execution)


def _close_right(wrong: set[str]) -> None:
    open_ones = Issue.objects.filter(state="open", subject_kind="stock", flow="check_stock")
    right = [subject for subject in open_ones.values_list("subject", flat=True) if subject not in wrong]
    close_issues(resolution="the sums agree again", subject_kind="stock", subjects=right, flow="check_stock")


def _check_waiting(execution: Execution) -> None:
    """What was wrong is mended; the Issue stays until a check finds nothing on that channel."""
    lost = Counter(found.channel for found in mend_waiting())
    execution.count("waiting_mended", lost.total())
    execution.report(
        Trouble(
            Reason.DIVERGENCE,
            f"{count} offers did not wait to be published as they should have; they do now.",
            channel=channel, flow="check_stock", subject_kind="waiting", subject=channel, action="none",
            detail={"offers": count},
        )
        for channel, count in lost.items()
    )  # fmt: skip
    told = Issue.objects.filter(state="open", subject_kind="waiting").values_list("subject", flat=True)
    right = [channel for channel in told if channel not in lost]
    close_issues(
        resolution="everything waits as it should", subject_kind="waiting", subjects=right, flow="check_stock"
    )


def _trouble(found: Imbalance) -> Trouble:
    return Trouble(
        Reason.DIVERGENCE,
        f"On hand {found.on_hand}, the ledger says {found.ledger}; reserved {found.reserved}, the reservations say "
        f"{found.kept}.",
        flow="check_stock", subject_kind="stock", subject=_subject(found), action="none",
        detail={"on_hand": found.on_hand, "ledger": found.ledger, "reserved": found.reserved, "kept": found.kept},
    )  # fmt: skip


def _subject(found: Imbalance) -> str:
    return f"{found.sku} @ {found.warehouse}"
