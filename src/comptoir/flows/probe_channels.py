"""suspended channels ──from time to time──▶ one harmless call; the one that answers is active again"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet

from comptoir.channels.models import Channel
from comptoir.channels.services import note_failed_probe, resume_channel
from comptoir.core import clock
from comptoir.flows.connect import check_channel
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.flows.schedule import CLOCK_TOLERANCE
from comptoir.sdk.errors import ConnectorError
from comptoir.sdk.i18n import N_


def _due() -> QuerySet[Channel]:
    now = clock.now()
    # Suspended in the future: the clock was put back since.
    due = Q(next_probe_at__lte=now) | Q(state_changed_at__gt=now + CLOCK_TOLERANCE)
    return Channel.objects.filter(due, state=Channel.State.SUSPENDED)


@flow(label=N_("Probe suspended channels"), every=timedelta(minutes=1), has_work=lambda _: _due().exists())
def probe_channels(execution: Execution) -> None:
    for channel in _due():
        try:
            check_channel(channel)
        except ConnectorError as error:
            note_failed_probe(channel, error.message)
            execution.count("still_failing")
        else:
            resume_channel(channel)
            execution.count("resumed")
