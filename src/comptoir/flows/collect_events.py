"""histories, audit, runs, issues, shipments ──▶ one numbered feed ──▶ what each webhook has to be told"""

from __future__ import annotations

from datetime import timedelta

from comptoir.events import collecting
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.i18n import N_


@flow(label=N_("Collect events"), every=timedelta(seconds=10), has_work=lambda _: collecting.has_news())
def collect_events(execution: Execution) -> None:
    execution.count("events", collecting.collect_events())
    execution.count("forgotten", collecting.forget_events(before=execution.now() - collecting.KEPT))
