"""channel's queue ──notices──▶ orders read at once, other flows due at once

They only say where to look. What they name is stored, then they are taken out of the queue: doubled, late,
turned around or lost, polling finds the same.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.channels.services import change_settings
from comptoir.flows.connect import connector_type, is_notified, settings_with
from comptoir.flows.execution import Execution
from comptoir.flows.intake import look_at_orders
from comptoir.flows.registry import flow
from comptoir.flows.schedule import hasten
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.notices import NoticeBatch, NotificationSource

HASTENED = {
    "submission": "check_submissions",
    "report": "read_back_offers",
    "listing": "read_back_offers",
    "article": "watch_prices",
}
"""Flows that look where such a notice points. Listings and prices are looked at together, at most once an hour."""
PAUSE = {"listing": timedelta(hours=1), "article": timedelta(hours=1)}


@flow(label=N_("Read notices"), every=timedelta(minutes=1), role=Role.MARKETPLACE, needs=(NotificationSource,),
      lock="orders", has_work=is_notified)  # fmt: skip
def read_notices(execution: Execution) -> None:
    source: NotificationSource = execution.connection
    for batch in source.notice_batches():
        execution.count("notices", len(batch.notices))
        look_at_orders(execution, [one.name for one in batch.notices if one.subject == "order"])
        _look_elsewhere(execution, batch)
        if batch.settings:
            _take_settings(execution, batch)
        execution.set_aside(batch.rejected, kind="notice")
        source.forget_notices(batch)


def _look_elsewhere(execution: Execution, batch: NoticeBatch) -> None:
    """One queue serves the account: what it says may concern any of its channels."""
    subjects = {one.subject for one in batch.notices} & HASTENED.keys()
    for channel in _account(execution.channel) if subjects else ():
        for subject in sorted(subjects):
            if hasten(
                HASTENED[subject], channel, waiting=subject == "report", pause=PAUSE.get(subject, timedelta())
            ):
                execution.count("hastened")


@transaction.atomic
def _take_settings(execution: Execution, batch: NoticeBatch) -> None:
    """What the channel renewed by itself, on every channel of the account: they share their credentials."""
    for channel in _account(execution.channel):
        connector = connector_type(channel.kind)
        change_settings(channel, connector, settings_with(channel, batch.settings), actor="comptoir")
        execution.count("settings_renewed")


def _account(channel: Channel) -> list[Channel]:
    return list(Channel.objects.filter(account=channel.account, kind=channel.kind).order_by("pk"))
