"""A real streaming standby of the drill's database, made from it while it works."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import replace
from pathlib import Path

import psycopg

from comptoir.config.ports import free_port
from comptoir.config.postgres.account import server_account
from comptoir.config.postgres.binaries import programs_for
from comptoir.config.postgres.installation import Installation, read_installation
from comptoir.config.postgres.launch import Launched, launch

COPY_SECONDS = 60


class Standby:
    """Synchronous: what the primary called committed is here too. Asynchronous, a failover loses the last instants,
    and with them what the hub knew of writes that the channels have already taken."""

    def __init__(self, primary: Path, folder: Path) -> None:
        kept = read_installation(primary)
        assert kept is not None
        self._primary = kept
        self._log = folder / "standby.log"
        self._account = server_account(Path(kept.cluster), primary)
        self._programs = programs_for(self._account)
        cluster = Path(kept.cluster).with_name(f"standby-{secrets.token_hex(4)}")
        self.installation: Installation = replace(kept, cluster=str(cluster), port=free_port())
        self._launched: Launched | None = None

    def start(self) -> None:
        """Copies the primary, follows it, and makes it wait for us at each commit."""
        cluster = Path(self.installation.cluster)
        cluster.mkdir(mode=0o700)
        self._account.own(cluster)
        command = [
            str(self._programs / "pg_basebackup"), f"--pgdata={cluster}", "--write-recovery-conf",
            "--wal-method=stream", "--checkpoint=fast", "--no-sync", f"--dbname={self._primary.url('postgres')}",
        ]  # fmt: skip
        done = self._account.run(command, COPY_SECONDS)
        if done.returncode != 0:
            raise RuntimeError(f"pg_basebackup: {done.stderr.strip()}")
        self._launched = launch(self.installation, self._programs, self._account, self._log)
        self.installation = self._launched.installation
        with psycopg.connect(self._primary.url("postgres"), autocommit=True) as primary:
            primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            primary.execute("SELECT pg_reload_conf()")
            self._wait_until_synchronous(primary)

    def promote(self) -> None:
        """From now on it takes writes."""
        with psycopg.connect(self.installation.url("postgres"), autocommit=True) as standby:
            standby.execute("SELECT pg_promote(true, 30)")

    def url(self, database: str = "comptoir") -> str:
        return self.installation.url(database)

    def remove(self) -> None:
        if self._launched is not None:
            self._launched.stop()
        shutil.rmtree(self.installation.cluster, ignore_errors=True)

    def _wait_until_synchronous(self, primary: psycopg.Connection) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            row = primary.execute(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            ).fetchone()
            if row is not None and row[0]:
                return
            time.sleep(0.05)
        raise TimeoutError("the standby does not follow")


def both_addresses(primary: Installation, standby: Installation, database: str = "comptoir") -> str:
    """One DATABASE_URL for the two: whoever takes writes is found."""
    person = primary.url(database).removeprefix("postgresql://").rpartition("@")[0]
    hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    return f"postgresql://{person}@{hosts}/{database}?target_session_attrs=read-write"
