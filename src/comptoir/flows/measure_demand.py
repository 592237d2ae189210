"""orders of the last weeks ──▶ how fast each product sells where ──▶ the width of its escrow

Between a sale on one channel and the others' confirmation pass one turn of each of three flows; what may
sell in that time decides from how many units on the channels share the last ones.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow, flows
from comptoir.offers import demand
from comptoir.offers.settling import share_last_units
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_

CYCLE = ("import_orders", "publish_offers", "check_submissions")


@flow(label=N_("Measure demand"), every=timedelta(hours=6))
def measure_demand(execution: Execution) -> None:
    execution.count("fast_sellers", demand.measure_demand(execution.now(), cycle_s=longest_cycle_s()))


@flow(label=N_("Share the last units"), every=timedelta(minutes=15))
def share_units(execution: Execution) -> None:
    """Whatever was missed is made good: a channel that came back, demand that moved."""
    execution.count("changed", share_last_units())


def longest_cycle_s() -> float:
    channels = Channel.objects.filter(role=Role.MARKETPLACE, state=Channel.State.ACTIVE)
    return max((cycle_s(channel) for channel in channels), default=0.0)


def cycle_s(channel: Channel) -> float:
    return sum(float(channel.intervals.get(n, flows()[n].every.total_seconds())) for n in CYCLE)
