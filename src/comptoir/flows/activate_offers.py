"""rules of what is offered where, and stock, prices and costs as they are ──▶ offers made, paused, shown again"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.offers.activation import apply_rules, is_anything_ruled
from comptoir.sdk.i18n import N_


@flow(label=N_("Activate offers"), every=timedelta(minutes=30), has_work=lambda _: is_anything_ruled())
def activate_offers(execution: Execution) -> None:
    applied = apply_rules()
    execution.count("listed", applied.listed)
    execution.count("paused", applied.paused)
    execution.count("shown_again", applied.shown)
