"""Machines of their own on one cable each: Linux network namespaces behind a bridge. Needs root and ip(8)."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from comptoir.config.drills import relay

# Of this process alone: two drills may be played on one machine at once.
_PREFIX = f"10.{64 + os.getpid() // 250 % 64}.{os.getpid() % 250}"
SERVER, NETWORK = f"{_PREFIX}.1", f"{_PREFIX}.0/24"


class Machine:
    """A namespace whose cable can be pulled."""

    def __init__(self, name: str, cable: str, address: str) -> None:
        self.name = name
        self.address = address
        self._cable = cable

    @property
    def prefix(self) -> tuple[str, ...]:
        """Before a command that is to run there."""
        return (_ip_program(), "netns", "exec", self.name)

    def pull_cable(self) -> None:
        _ip("link", "set", self._cable, "down")

    def plug_cable(self) -> None:
        _ip("link", "set", self._cable, "up")


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """On a network with this one, which is SERVER there. Raises CannotBePlayed."""
    from comptoir.config.drills.registry import CannotBePlayed

    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise CannotBePlayed("machines of their own need root and ip(8)")
    mark = secrets.token_hex(2)
    bridge = f"cb{mark}"
    with ExitStack() as undo:
        try:
            _ip("link", "add", bridge, "type", "bridge")
            undo.callback(_ip, "link", "del", bridge)
            _ip("addr", "add", f"{SERVER}/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
            made = [_machine(f"cm{mark}{number}", bridge, number, undo) for number in range(1, count + 1)]
        except subprocess.CalledProcessError as error:
            raise CannotBePlayed(f"no network can be made here: {error.stderr.strip()}") from error
        yield made


def _machine(name: str, bridge: str, number: int, undo: ExitStack) -> Machine:
    cable, address = f"cv{name[2:]}", f"{_PREFIX}.{10 + number}"
    _ip("netns", "add", name)
    undo.callback(_ip, "netns", "del", name)
    _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("link", "set", cable, "master", bridge, "up")
    _ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
    _ip("-n", name, "link", "set", "eth0", "up")
    _ip("-n", name, "link", "set", "lo", "up")
    return Machine(name, cable, address)


@contextmanager
def reach_loopback_port(port: int, there: list[Machine], folder: Path) -> Iterator[None]:
    """Each machine finds our 127.0.0.1:`port` on its own loopback, cable or no cable."""
    path = folder / f"port-{port}.sock"
    script = [sys.executable, "-I", str(Path(relay.__file__))]
    commands = [[*script, str(path), str(port)]]
    commands += [[*machine.prefix, *script, str(port), str(path)] for machine in there]
    running = [subprocess.Popen(command) for command in commands]  # noqa: S603
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait(10)


def _ip(*words: str) -> None:
    subprocess.run([_ip_program(), *words], check=True, capture_output=True, text=True)  # noqa: S603


def _ip_program() -> str:
    return shutil.which("ip") or "/usr/sbin/ip"
