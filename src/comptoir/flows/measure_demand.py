"""orders of the last weeks ──▶ how fast each product sells where ──▶ the width of its escrow

Between a sale on one channel and the others' confirmation pass one turn of each of three flows; what may
sell in that time decides from how many units on the channels share the last ones.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow, flows
from comptoir.inventory.rerouting import reroute_short, short_products
from comptoir.offers import demand
from comptoir.offers.rulings import apply_due_rules, has_due_rules
from comptoir.offers.settling import share_last_units
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_

CYCLE = ("import_orders", "publish_offers", "check_submissions")


@flow(label=N_("Measure demand"), every=timedelta(hours=6))
def measure_demand(execution: Execution) -> None:
    execution.count("fast_sellers", demand.measure_demand(execution.now(), cycles=cycles()))


@flow(label=N_("Share the last units"), every=timedelta(minutes=15))
def share_units(execution: Execution) -> None:
    """Whatever was missed is made good: a channel that came back, demand that moved."""
    execution.count("changed", share_last_units())


@flow(label=N_("Apply rules of quantity"), every=timedelta(minutes=1), has_work=lambda _: has_due_rules())
def apply_rules(execution: Execution) -> None:
    """Those that began or ended by the clock; what a person keeps is applied at once."""
    execution.count("changed", apply_due_rules())


@flow(label=N_("Reroute orders"), every=timedelta(minutes=1), has_work=lambda _: bool(short_products()))
def reroute_orders(execution: Execution) -> None:
    """What a warehouse has promised and does not have is promised from another one that has it."""
    execution.count("units", reroute_short())


def cycles() -> dict[int, float]:
    channels = Channel.objects.filter(role=Role.MARKETPLACE, state=Channel.State.ACTIVE)
    return {channel.pk: cycle_s(channel) for channel in channels}


def cycle_s(channel: Channel) -> float:
    return sum(float(channel.intervals.get(n, flows()[n].every.total_seconds())) for n in CYCLE)
