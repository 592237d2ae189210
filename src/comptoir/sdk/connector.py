"""What a connector's folder exposes: one `CONNECTOR = ConnectorType(...)`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.aftersales import AFTERSALES_PORTS
from comptoir.sdk.http import Observe, Throttle
from comptoir.sdk.ports import ERP_PORTS, MARKETPLACE_PORTS, Checkable
from comptoir.sdk.settings import ConnectorSettings


class Role(StrEnum):
    MARKETPLACE = "marketplace"
    ERP = "erp"
    CARRIER = "carrier"


class Cache(Protocol):
    """A small store per channel for what is read once a day: carriers, reasons, capabilities.

    Keys that begin with `memory:` hold what was done and cannot be read again; a connection test spares them.
    """

    def get(self, key: str) -> bytes | None: ...
    def set(self, key: str, value: bytes, *, seconds: int) -> None: ...


@dataclass(frozen=True)
class Context:
    """Everything from outside that a connection may use, passed in so that tests are exact."""

    clock: Callable[[], datetime]
    """Aware, UTC."""
    throttle: Throttle
    observe: Observe
    cache: Cache
    account: str
    """Names the account: channels that share credentials share it, and with it their rate limits."""
    allow_loopback: bool = False
    """Simulators live on 127.0.0.1; every other private address is always refused."""
    timeout_s: float = 30.0
    overrides: Mapping[str, object] = field(default_factory=dict)
    """Settings of the installation, such as throttles lifted for a benchmark."""
    sleep: Callable[[float], None] = time.sleep
    """For waits of a second or two between the calls of one batch; longer ones raise `RateLimited`."""
    shared: Cache | None = None
    """Of the account: what its channels have in common, such as tokens. None: each channel keeps its own."""


@dataclass(frozen=True)
class ConnectorType:
    """One kind of outside system.

    `connection` is the class whose instances implement the ports: `connection(settings, context)`.
    `registry` is a TOML file of known instances (name, country, address) that a user may edit.
    """

    key: str
    label: str
    role: Role
    settings: type[ConnectorSettings]
    connection: Callable[[Any, Context], Checkable]
    summary: str = ""
    docs: Path | None = None
    registry: Path | None = None
    account: Callable[[Any], str] | None = None
    """Of its settings: names the account behind a channel. Channels of one account share its rate limits
    and its tokens. None: each channel is an account of its own."""
    stock_pool: Callable[[Any], str] | None = None
    """Of its settings: names the one stock that several channels of an account show (Octopia keeps one
    quantity per product and condition, Amazon one per SKU across Europe). None: each channel its own."""
    marketplace: Callable[[Any], str] | None = None
    """Of its settings: which of the account's marketplaces a channel is, as in `Order.marketplace`. An order
    that one channel of the account brings in goes to the channel of its marketplace."""
    notified: Callable[[Any], bool] | None = None
    """Of its settings: is there a queue of notices to read? None: never."""
    write_journal: Callable[[str, Sequence[AccountingLine]], bytes] | None = None
    """(`fec`, lines) → the file, for people who take their journals by hand. RejectedRecord names the entry that
    cannot be written, ValueError a format that is not known."""
    contacts_kept_days: int | None = None
    """How long the channel lets us keep its buyers' data once an order has ended. None: the house's own term."""

    def connect(self, settings: ConnectorSettings, context: Context) -> Checkable:
        return self.connection(settings, context)

    @property
    def capabilities(self) -> frozenset[str]:
        """Names of the ports that its connection implements: `OrderSource`, `StockTarget`…"""
        ports = MARKETPLACE_PORTS + AFTERSALES_PORTS + ERP_PORTS
        return frozenset(port.__name__ for port in ports if _implements(self.connection, port))


def _implements(connection: object, port: type) -> bool:
    names = [name for name in vars(port) if not name.startswith("_")]
    declared = getattr(port, "__annotations__", {})
    return all(hasattr(connection, name) for name in [*names, *declared])
