"""Start, stop and look at the embedded server."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType

from comptoir.config.folders import make_writable_folder
from comptoir.config.lock import FolderLock
from comptoir.config.postgres.account import Account, server_account
from comptoir.config.postgres.binaries import programs_for
from comptoir.config.postgres.cluster import make_cluster, require_same_release
from comptoir.config.postgres.installation import (
    installation_file,
    open_installation,
    read_installation,
    write_installation,
)
from comptoir.config.postgres.launch import Launched, launch
from comptoir.config.postgres.postmaster import forget_stale_pid, living_postmaster, stop_postmaster
from comptoir.config.postgres.profiles import PASSING, Profile
from comptoir.config.postgres.readiness import create_database
from comptoir.config.problems import StartupProblem


class EmbeddedPostgres:
    """One server for one data folder, tied to the process (and the thread) that starts it.

    It listens on 127.0.0.1 (`listen` names more, for drills), stops with its owner even when that one is
    killed, and takes up the files of a server that was killed. `fast` trades every durability for speed:
    for tests, rehearsals, benches.
    """

    def __init__(
        self, folder: Path, profile: Profile = "safe", database: str = "comptoir", listen: str = "127.0.0.1"
    ) -> None:
        self.folder = folder.resolve()
        self._listen = listen
        self.database = database
        self._profile: Profile = profile
        self._launched: Launched | None = None
        self._lock = FolderLock(
            self.folder / "postgres.lock",
            f"The database of {self.folder} is already run by another Comptoir",
            "Stop that one first, or choose another data folder.",
        )

    @property
    def log(self) -> Path:
        return self.folder / "logs" / "postgres.log"

    def start(self) -> str:
        """The database's URL, once it answers. Raises StartupProblem."""
        if self._launched is not None and self._launched.alive():
            return self.url()
        self.stop()  # what is left of one that died, and its lock
        make_writable_folder(self.log.parent)
        self._lock.take()
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Does nothing when it does not run. Committed rows are on disk when it returns."""
        if self._launched is not None:
            self._launched.stop()
            self._launched = None
        self._lock.release()

    @property
    def pid(self) -> int | None:
        """The postmaster that this object started."""
        return self._launched.process.pid if self._launched else None

    def alive(self) -> bool:
        """Whether the server that this object started still runs."""
        return self._launched is not None and self._launched.alive()

    def running(self) -> bool:
        """Whether a server runs this folder, whoever started it."""
        kept = read_installation(self.folder)
        return kept is not None and living_postmaster(Path(kept.cluster)) is not None

    def url(self) -> str:
        """Where it is, or was last. Raises StartupProblem before the first start."""
        kept = read_installation(self.folder)
        if kept is None:
            raise StartupProblem(f"There is no database yet in {self.folder}.", "Type `comptoir up` first.")
        return kept.url(self.database)

    def remove(self) -> None:
        """Stop and delete the files. Only a server that never holds a user's data has this."""
        if self._profile not in PASSING:
            raise ValueError("only a fast server, or one of a drill, is removed")
        self.stop()
        kept = read_installation(self.folder)
        if kept is not None:
            shutil.rmtree(kept.cluster)
            installation_file(self.folder).unlink()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> str:
        installation = open_installation(self.folder, self._profile)
        cluster = Path(installation.cluster)
        account = server_account(cluster, self.folder)
        _require_owner(cluster, account)
        programs = programs_for(account)
        # Written before the files are made: their password must never be lost.
        write_installation(self.folder, installation)
        if not cluster.exists():
            make_cluster(installation, programs, account)
        require_same_release(cluster, programs)
        _stop_orphan(cluster)
        self._launched = launch(installation, programs, account, self.log, self._listen)
        write_installation(self.folder, self._launched.installation)
        create_database(self._launched.installation, self.database)
        return self.url()


def _require_owner(cluster: Path, account: Account) -> None:
    if cluster.exists() and cluster.stat().st_uid != account.uid:
        raise StartupProblem(
            f"The database in {cluster} belongs to another account than {account.name}.",
            "Start Comptoir as the one who made it, or as root.",
        )


def _stop_orphan(cluster: Path) -> None:
    """We hold the folder's lock: a server that still runs has lost its owner."""
    orphan = living_postmaster(cluster)
    if orphan is not None:
        stop_postmaster(orphan, lambda: living_postmaster(cluster) is None)
    forget_stale_pid(cluster)
