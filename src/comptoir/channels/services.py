"""Connecting channels, their secrets, their state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction

from comptoir.channels.models import Channel, Cursor
from comptoir.core import clock
from comptoir.core.bulk import execute
from comptoir.core.sealing import seal, unseal
from comptoir.journal.audit import record_change
from comptoir.journal.issues import Reason, Trouble, close_issues, open_issues
from comptoir.sdk.connector import ConnectorType
from comptoir.sdk.records import ChannelProfile
from comptoir.sdk.settings import ConnectorSettings

State = Channel.State


class KeyTaken(ValueError):  # noqa: N818
    """Another channel has this key."""


@transaction.atomic
def add_channel(
    *, key: str, name: str, connector: ConnectorType, settings: ConnectorSettings, actor: str, **rules: Any
) -> Channel:
    """`rules`: fields of Channel such as `currency`, `stock_buffer`, `intervals`."""
    if Channel.objects.filter(key=key).exists():
        raise KeyTaken(key)
    channel = Channel.objects.create(
        key=key,
        name=name,
        kind=connector.key,
        role=connector.role,
        account=rules.pop("account", None) or shared_name(connector, connector.account, settings, key),
        stock_pool=rules.pop("stock_pool", None)
        or shared_name(connector, connector.stock_pool, settings, key),
        sealed_settings=seal(settings.dump()),
        created_at=clock.now(),
        **rules,
    )
    record_change(
        actor=actor, action="channel.added", subject_kind="channel", subject=key, after=settings.masked()
    )
    return channel


def shared_name(
    connector: ConnectorType, name: Callable[[Any], str] | None, settings: ConnectorSettings, key: str
) -> str:
    """What channels with such settings share, by its name; the channel's own key where they share nothing."""
    shared = name(settings) if name else ""
    return f"{connector.key}:{shared}" if shared else key


def read_settings(channel: Channel, connector: ConnectorType) -> ConnectorSettings:
    """Unsealed: for `flows.connect` and nobody else."""
    return connector.settings.load(unseal(bytes(channel.sealed_settings)))


@transaction.atomic
def change_settings(
    channel: Channel, connector: ConnectorType, settings: ConnectorSettings, *, actor: str
) -> None:
    channel.sealed_settings = seal(settings.dump())
    channel.account = shared_name(connector, connector.account, settings, channel.key)
    channel.stock_pool = shared_name(connector, connector.stock_pool, settings, channel.key)
    channel.save(update_fields=["sealed_settings", "account", "stock_pool"])
    record_change(
        actor=actor,
        action="channel.settings",
        subject_kind="channel",
        subject=channel.key,
        after=settings.masked(),
    )


def suspend_channel(channel: Channel, reason: str, *, actor: str = "comptoir") -> None:
    """By a configuration error: nothing is called but a probe, from time to time."""
    _set_state(channel, State.SUSPENDED, reason, actor)
    Channel.objects.filter(pk=channel.pk).update(next_probe_at=clock.now() + channel.probe_delay())
    trouble = Trouble(
        Reason.CONFIGURATION, reason, channel=channel.key, subject_kind="channel", subject=channel.key,
        action="check_settings",
    )  # fmt: skip
    open_issues([trouble])


def pause_channel(channel: Channel, reason: str, *, actor: str) -> None:
    _set_state(channel, State.PAUSED, reason, actor)


def resume_channel(channel: Channel, *, actor: str = "comptoir") -> None:
    _set_state(channel, State.ACTIVE, "", actor)
    Channel.objects.filter(pk=channel.pk).update(next_probe_at=None, probes=0)
    close_issues(
        by=actor, resolution="the channel answers again", subject_kind="channel", subjects=[channel.key],
        reason=Reason.CONFIGURATION,
    )  # fmt: skip


def note_failed_probe(channel: Channel, reason: str) -> None:
    channel.probes += 1
    channel.state_reason = reason
    channel.next_probe_at = clock.now() + channel.probe_delay()
    channel.save(update_fields=["probes", "state_reason", "next_probe_at"])


def save_profile(channel: Channel, profile: ChannelProfile) -> None:
    channel.profile = msgspec.to_builtins(profile)
    channel.profile_read_at = clock.now()
    channel.save(update_fields=["profile", "profile_read_at"])


def read_cursor(channel: Channel, name: str) -> str:
    return Cursor.objects.filter(channel=channel, name=name).values_list("value", flat=True).first() or ""


def move_cursor(channel: Channel, name: str, value: str) -> None:
    """In the transaction that stores what was read, and nowhere else."""
    execute(
        """INSERT INTO channels_cursor (channel_id, name, value, moved_at) VALUES (%s, %s, %s, %s)
           ON CONFLICT (channel_id, name) DO UPDATE SET value = excluded.value, moved_at = excluded.moved_at""",
        [channel.pk, name, value, clock.now()],
    )


def _set_state(channel: Channel, state: Channel.State, reason: str, actor: str) -> None:
    before = channel.state
    channel.state, channel.state_reason, channel.state_changed_at = state, reason, clock.now()
    channel.save(update_fields=["state", "state_reason", "state_changed_at"])
    if before != state:
        record_change(
            actor=actor, action=f"channel.{state}", subject_kind="channel", subject=channel.key,
            before={"state": before}, after={"state": state, "reason": reason},
        )  # fmt: skip
