"""rules of preparation, calendars, and the hour ──▶ what each offer should tell of its preparation

A day that begins, a cut-off that passes and a closure that comes change it without anybody's doing.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.flows.schedule import hasten
from comptoir.offers.lead_times import are_lead_times_due, bring_lead_times_in_line, channels_that_differ
from comptoir.sdk.i18n import N_


@flow(label=N_("Preparation times"), every=timedelta(minutes=5), has_work=lambda _: are_lead_times_due())
def apply_lead_times(execution: Execution) -> None:
    execution.count("changed", bring_lead_times_in_line())
    tell_channels()


def tell_channels() -> None:
    """What changed leaves at the next turn instead of the one after."""
    for channel in channels_that_differ():
        hasten("publish_offers", channel)
