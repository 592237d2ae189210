"""settlement entries of the channels ──by day──▶ accounting entries, balanced, each movement once"""

from __future__ import annotations

from datetime import timedelta

from comptoir.channels.models import Channel
from comptoir.finance.accounts import house_map
from comptoir.finance.journals import write_entries
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_


def is_set_up(channel: Channel) -> bool:
    house = house_map()
    return house is not None and house.since is not None


@flow(label=N_("Write accounting entries"), every=timedelta(hours=1), has_work=is_set_up)
def write_journals(execution: Execution) -> None:
    for channel in Channel.objects.filter(role=Role.MARKETPLACE).order_by("id"):
        execution.count("entries", write_entries(channel))
