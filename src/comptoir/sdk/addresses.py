"""No request to a private address from an address that a user typed, unless it is made to live on one.

The check is made on the address that is really connected to, at each connection: a name that resolves
to a public address first and to a private one afterwards (DNS rebinding) is refused all the same.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2

from comptoir.sdk.errors import ConfigurationError


class GuardedBackend(httpcore2.SyncBackend):
    """Connects to public addresses only; to loopback too where simulators are allowed, and to the
    merchant's own network for what lives there, such as an ERP."""

    def __init__(self, *, allow_loopback: bool, allow_private: bool = False) -> None:
        super().__init__()
        self._allow_loopback = allow_loopback
        self._allow_private = allow_private

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
        address = self._public_address(host, port)
        return super().connect_tcp(address, port, *args, **kwargs)

    def _public_address(self, host: str, port: int) -> str:
        try:
            return allowed_address(
                host, port, allow_loopback=self._allow_loopback, allow_private=self._allow_private
            )
        except socket.gaierror as error:
            raise httpcore2.ConnectError(f"the name {host} is unknown") from error

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        raise ConfigurationError("The hub does not connect to local sockets.")


def allowed_address(host: str, port: int, *, allow_loopback: bool, allow_private: bool = False) -> str:
    """What `host` resolves to, for any protocol. ConfigurationError where the hub must not go; gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_allowed(address, allow_loopback=allow_loopback, allow_private=allow_private):
            raise ConfigurationError(f"{host} is a private address: the hub does not connect to it.")
    return addresses[0]


def is_allowed(address: str, *, allow_loopback: bool, allow_private: bool = False) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    inner = _embedded(ip)
    if inner is not None:
        ip = inner
    if ip.is_loopback:
        return allow_loopback
    if allow_private and ip.is_private:
        # Link-local is where clouds serve their machines' keys.
        return not (ip.is_link_local or ip.is_unspecified or ip.is_reserved or ip.is_multicast)
    return ip.is_global and not ip.is_multicast


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def _embedded(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, NAT64 (RFC 6052) or IPv4-compatible."""
    if isinstance(ip, ipaddress.IPv4Address) or ip == ipaddress.IPv6Address("::1"):
        return None
    if ip in _TRANSLATED or ip in _COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
