"""TCP ports of this machine."""

from __future__ import annotations

import socket
import time

from comptoir.config.problems import StartupProblem

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now. Connections in TIME_WAIT do not count."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = LOOPBACK) -> int:
    """One that the kernel says is free now; somebody else may take it before you do."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def answers(port: int, host: str = LOOPBACK) -> bool:
    """Whether somebody listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def require_free(port: int, option: str, host: str = LOOPBACK, patience: float = 3.0) -> None:
    """Raises StartupProblem naming the port and the option that chooses another.

    `patience` (seconds): the children of a supervisor that was just killed need a moment to leave.
    """
    if not 1 <= port <= 65535:
        raise StartupProblem(f"{port} is not a port.", f"Give {option} a number between 1 and 65535.")
    deadline = time.monotonic() + patience
    while not is_free(port, host):
        if time.monotonic() > deadline:
            raise StartupProblem(
                f"Port {port} is already in use, or not allowed, on this machine.",
                f"Stop the program that listens there, or choose another port: {option} {port + 1}.",
            )
        time.sleep(0.1)
