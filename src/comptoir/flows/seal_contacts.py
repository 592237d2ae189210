"""buyers' data that an older release stored plainly ──▶ sealed, step by step, until nothing is left"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.orders.sealing import plain_left, seal_plain
from comptoir.sdk.i18n import N_

STEPS = 20
"""Of a thousand orders each: a turn ends within seconds, and others have theirs."""


@flow(label=N_("Seal buyers' data"), every=timedelta(minutes=1), has_work=lambda _: plain_left())
def seal_contacts(execution: Execution) -> None:
    for _ in range(STEPS):
        done = seal_plain()
        execution.count("contacts", done)
        if not done:
            return
