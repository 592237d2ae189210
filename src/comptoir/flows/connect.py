"""The only door to the connectors."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from django.conf import settings as django_settings

import comptoir.connectors
from comptoir.channels.cache import AccountCache, ChannelCache
from comptoir.channels.models import Channel
from comptoir.channels.services import read_settings, save_profile
from comptoir.core import clock
from comptoir.core.sealing import CannotUnseal
from comptoir.core.throttle import NoThrottle, PostgresThrottle
from comptoir.journal.exchanges import ExchangeRecorder
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.connector import ConnectorType, Context
from comptoir.sdk.errors import ConfigurationError
from comptoir.sdk.http import Observe
from comptoir.sdk.records import ChannelProfile
from comptoir.sdk.settings import ConnectorSettings, SettingsError


class UnknownConnector(LookupError):  # noqa: N818
    """No folder and no installed package gives this kind."""


@cache
def connector_types() -> dict[str, ConnectorType]:
    """Every connector: the folders of `comptoir.connectors`, then third parties' entry points."""
    found = [
        importlib.import_module(f"{comptoir.connectors.__name__}.{module.name}").CONNECTOR
        for module in pkgutil.iter_modules(comptoir.connectors.__path__)
        if module.ispkg
    ]
    found += [entry.load() for entry in entry_points(group="comptoir.connectors")]
    return {connector.key: connector for connector in sorted(found, key=lambda c: c.label)}


def connector_type(kind: str) -> ConnectorType:
    try:
        return connector_types()[kind]
    except KeyError:
        raise UnknownConnector(kind) from None


def capabilities(channel: Channel) -> frozenset[str]:
    return connector_type(channel.kind).capabilities


@contextmanager
def connected(channel: Channel, observe: Observe) -> Iterator[Any]:
    """The connection of a channel, closed at the end."""
    try:
        connector = connector_type(channel.kind)
        settings = read_settings(channel, connector)
    except UnknownConnector as error:
        raise ConfigurationError(f"No connector of the kind {channel.kind} is installed.") from error
    except CannotUnseal as error:
        raise ConfigurationError(f"The settings of {channel.name} cannot be opened: {error}") from error
    except SettingsError as error:
        raise ConfigurationError(f"The settings of {channel.name} do not fit: {error}") from error
    connection: Any = connector.connect(settings, _context(channel, observe))
    try:
        yield connection
    finally:
        if hasattr(connection, "close"):
            connection.close()


def check_channel(channel: Channel) -> ChannelProfile:
    """Call the other side and keep what it says of the account. Raises the errors of `sdk.errors`."""
    ChannelCache(channel).clear()
    recorder = ExchangeRecorder(channel.key, sample_rate=1.0)
    try:
        with connected(channel, recorder) as connection:
            profile: ChannelProfile = connection.check()
    finally:
        recorder.flush(None)
    save_profile(channel, profile)
    return profile


def marketplace_of(channel: Channel) -> str:
    """Which of its account's marketplaces the channel is, as its orders name it; "" where they name none."""
    connector = connector_type(channel.kind)
    return connector.marketplace(read_settings(channel, connector)) if connector.marketplace else ""


def is_notified(channel: Channel) -> bool:
    """Has the channel a queue of notices to read?"""
    connector = connector_type(channel.kind)
    return bool(connector.notified and connector.notified(read_settings(channel, connector)))


def settings_with(channel: Channel, changes: Mapping[str, str]) -> ConnectorSettings:
    """The channel's settings with these values in place of theirs."""
    connector = connector_type(channel.kind)
    return connector.settings.load({**read_settings(channel, connector).dump(), **changes})


def contacts_kept_days() -> dict[str, int]:
    """How long each kind of channel lets us keep its buyers' data, where it says so."""
    terms = {connector.key: connector.contacts_kept_days for connector in connector_types().values()}
    return {key: days for key, days in terms.items() if days is not None}


def write_journal(form: str, lines: Sequence[AccountingLine]) -> bytes:
    """The accounting entries as a file, by the connector that knows how; ConnectorError's RejectedRecord names the
    entry that cannot be written. UnknownConnector where none is installed that can."""
    for connector in connector_types().values():
        if connector.write_journal is not None:
            return connector.write_journal(form, lines)
    raise UnknownConnector("no installed connector writes journals")


def try_settings(connector: ConnectorType, settings: ConnectorSettings) -> ChannelProfile:
    """Test settings before a channel exists: nothing is stored."""
    draft = Channel(
        key="draft", name=connector.label, kind=connector.key, account="draft", stock_pool="draft"
    )
    connection: Any = connector.connect(settings, _context(draft, lambda _: None, cached=False))
    try:
        profile: ChannelProfile = connection.check()
    finally:
        if hasattr(connection, "close"):
            connection.close()
    return profile


class _NoCache:
    def get(self, key: str) -> bytes | None:
        return None

    def set(self, key: str, value: bytes, *, seconds: int) -> None:
        """Nothing is kept of a channel that does not exist yet."""


def _context(channel: Channel, observe: Observe, *, cached: bool = True) -> Context:
    unthrottled = getattr(django_settings, "UNTHROTTLED", False)
    return Context(
        clock=clock.now,
        throttle=NoThrottle() if unthrottled else PostgresThrottle(clock.now),
        observe=observe,
        cache=ChannelCache(channel) if cached else _NoCache(),
        shared=AccountCache(channel) if cached else None,
        account=channel.account,
        allow_loopback=django_settings.ALLOW_LOOPBACK,
        timeout_s=getattr(django_settings, "CONNECTOR_TIMEOUT_S", 30.0),
        sleep=getattr(django_settings, "CONNECTOR_SLEEP", time.sleep),
        overrides={"throttle": "off"} if unthrottled else {},
    )
