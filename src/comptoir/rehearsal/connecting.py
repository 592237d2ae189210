"""Connects the hub to the parties of a simulated world, as a merchant would with real keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel, change_settings, read_settings
from comptoir.core.sealing import CannotUnseal
from comptoir.flows.connect import connector_types
from comptoir.offers.listing import list_products
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.settings import SettingsError


def connect_parties(parties: Sequence[dict[str, Any]], **rules: Any) -> list[Channel]:
    """One channel per party, ERP first; a channel that exists is left as it is.

    A party tells the settings of its connector under `settings` and the connector under `connector`.
    """
    connected = [_connect(party, rules) for party in parties]
    return sorted(connected, key=lambda channel: channel.role != Role.ERP)


def _connect(party: dict[str, Any], rules: dict[str, Any]) -> Channel:
    found = Channel.objects.filter(key=party["key"]).first()
    if found is not None:
        return found
    connector = connector_types()[party["connector"]]
    known = _known(connector)
    given = {name: value for name, value in party["settings"].items() if name in known}
    if "base_url" in known:
        given.setdefault("base_url", party["url"])
    chosen = rules if connector.role == Role.MARKETPLACE else {}
    name = str(party.get("name") or party["key"].replace("-", " ").title())
    return add_channel(
        key=party["key"], name=name, connector=connector, settings=connector.settings.load(given),
        actor="comptoir", **chosen,
    )  # fmt: skip


def follow_parties(parties: Sequence[dict[str, Any]]) -> list[Channel]:
    """The channels of these parties that knew them at another address of this machine: they are told the new one.

    A channel that a person gave another address than the world's keeps it. One whose settings cannot be read stops no
    start: its flows suspend it, and say why.
    """
    moved = []
    for channel in Channel.objects.filter(key__in=[party["key"] for party in parties]).order_by("id"):
        party = next(one for one in parties if one["key"] == channel.key)
        connector = connector_types().get(channel.kind)
        if connector is None or "base_url" not in _known(connector):
            continue
        try:
            settings = read_settings(channel, connector)
        except (CannotUnseal, SettingsError):
            continue
        before, now = urlsplit(settings.dump()["base_url"]), urlsplit(party["url"])
        if before.netloc != now.netloc and (before.hostname, before.path) == (now.hostname, now.path):
            there = connector.settings.load({**settings.dump(), "base_url": party["url"]})
            change_settings(channel, connector, there, actor="comptoir")
            moved.append(channel)
    return moved


def _known(connector: ConnectorType) -> set[str]:
    return {field.name for field in connector.settings.fields()}


def offer_everything(channels: Sequence[Channel]) -> int:
    """Offer every product on every marketplace; the number of offers made."""
    products = list(Product.objects.filter(active=True).values_list("pk", flat=True))
    markets = [channel for channel in channels if channel.role == Role.MARKETPLACE]
    return sum(list_products(channel, products) for channel in markets)
