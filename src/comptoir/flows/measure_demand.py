"""orders of the last weeks ──▶ how fast each product sells where ──▶ the width of its escrow

Between a sale on one channel and the others' confirmation pass one turn of each of three flows; what may
sell in that time decides from how many units on the channels share the last ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.channels.models import Channel
from comptoir.core import clock
from comptoir.flows.execution import Execution
from comptoir.flows.models import Turn
from comptoir.flows.registry import flow, flows
from comptoir.flows.schedule import hasten
from comptoir.inventory.rerouting import reroute_short, short_products
from comptoir.offers import demand
from comptoir.offers.rulings import apply_due_rules, has_due_rules
from comptoir.offers.settling import share_last_units
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_

_MEASURES = ("widen_escrow", "measure_demand")
CYCLE = ("import_orders", "publish_offers", "check_submissions")
SILENT_AFTER = 3
"""Cycles of a channel without a reading of its orders; before that its cycle itself accounts for them."""
SILENT_AT_MOST = timedelta(days=3)
"""So much of a silence counts: who does not mend a channel for days has closed it, and blocks no other for ever."""


@flow(label=N_("Measure demand"), every=timedelta(hours=6))
def measure_demand(execution: Execution) -> None:
    now = execution.now()
    execution.count("fast_sellers", demand.measure_demand(now, cycles=cycles(), silences=silences(now)))


@flow(
    label=N_("Keep the last units of silent channels"),
    every=timedelta(minutes=15),
    has_work=lambda _: bool(silences(clock.now())) or _is_wide(),
)
def widen_escrow(execution: Execution) -> None:
    """A channel that cannot be read goes on selling what it showed last: the longer it is silent, the more units the
    others leave to it of what sells there. Once all speak again, demand is measured at once, which takes that back."""
    if silences(execution.now()):
        measure_demand(execution)
    else:
        hasten("measure_demand", execution.channel)


def _is_wide() -> bool:
    """Was the last measure one of silences?"""
    began = dict(Turn.objects.filter(flow__in=_MEASURES).values_list("flow", "started_at"))
    widened, measured = (began.get(name) for name in _MEASURES)
    return widened is not None and (measured is None or widened > measured)


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


def silences(now: datetime) -> dict[int, float]:
    """Seconds since the orders of a channel were last read, where that is long ago. One that a person paused is left
    out: its stock is theirs to see to."""
    markets = Channel.objects.filter(role=Role.MARKETPLACE, orders_read_at__isnull=False)
    silent = {}
    for channel in markets.exclude(state=Channel.State.PAUSED):
        seconds = (now - (channel.orders_read_at or now)).total_seconds()
        if seconds > SILENT_AFTER * cycle_s(channel):
            silent[channel.pk] = min(seconds, SILENT_AT_MOST.total_seconds())
    return silent


def cycle_s(channel: Channel) -> float:
    return sum(float(channel.intervals.get(n, flows()[n].every.total_seconds())) for n in CYCLE)
