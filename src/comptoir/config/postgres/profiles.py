"""What the server is told. Sized for a machine of 2 cores and 4 GB that it shares with the hub; of another one it takes
its share of the memory (`shared_buffers`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

Profile = Literal["safe", "fast", "drill"]
PASSING: tuple[Profile, ...] = ("fast", "drill")
"""Their files hold nothing of a user, and may be removed."""

COMMON: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    # No socket file: its folder would have to be reachable, private and under 107 characters.
    "unix_socket_directories": "",
    "max_connections": "100",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "16",
    "max_parallel_workers_per_gather": "1",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",  # compiling costs more than our short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "log_min_duration_statement": "5s",
}

SAFE: Mapping[str, str] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
}

# Loses everything at a power cut: for tests, rehearsals and benches, never for a user's data.
FAST: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
}

# Written as carefully as `safe`, and copied to standbys, but not flushed: programs are killed, not machines.
DRILL: Mapping[str, str] = {
    "fsync": "off",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "hot_standby": "on",
    "wal_keep_size": "64MB",
    "max_wal_size": "96MB",
    "min_wal_size": "32MB",
    "shared_buffers": "64MB",
}
PROFILES: Mapping[Profile, Mapping[str, str]] = {"safe": SAFE, "fast": FAST, "drill": DRILL}


LEAST_MB, MOST_MB = 128, 1024
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory_mb() -> int:
    """Of the machine, or what a container may have of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or « max »: no limit
        memory = min(memory, int(CONTAINER_LIMIT.read_text()))
    return memory // 2**20


def shared_buffers(memory: int) -> str:
    """A quarter of the memory, as PostgreSQL's manual advises where others live beside it (20.4.1): a million offers
    with their indexes fit. Taken as pages are read, not at the start."""
    return f"{min(max(memory // 4, LEAST_MB), MOST_MB)}MB"


def server_options(profile: Profile, port: int, listen: str = "127.0.0.1") -> list[str]:
    """The `-c name=value` of a start."""
    buffers = {"shared_buffers": shared_buffers(memory_mb())}
    chosen = {**buffers, **COMMON, **PROFILES[profile], "listen_addresses": listen, "port": str(port)}
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
