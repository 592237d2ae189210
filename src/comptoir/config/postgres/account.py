"""The system account that runs the server: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from comptoir.config.problems import StartupProblem

SERVICE_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """`switch` is what `lifeline` and `subprocess` need to become it; None: it is already ours."""

    uid: int
    gid: int
    name: str

    @property
    def switch(self) -> tuple[int, int] | None:
        return None if self.uid == os.geteuid() else (self.uid, self.gid)

    def can(self, test: str, path: Path) -> bool:
        """Asks the kernel (`test -x path` as that account), which also knows of ACLs and mounts."""
        command = [shutil.which("test") or "/usr/bin/test", test, str(path)]
        return self.run(command, timeout=10).returncode == 0

    def run(self, command: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
        """Run to its end as this account, with no rights left from ours."""
        user, group = self.switch or (None, None)
        extra: list[int] | None = [] if self.switch else None
        return subprocess.run(  # noqa: S603
            command,
            cwd="/",
            user=user,
            group=group,
            extra_groups=extra,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def own(self, folder: Path) -> None:
        """Give it a folder that we have just made."""
        if self.switch:
            os.chown(folder, self.uid, self.gid)


def server_account(cluster: Path, data: Path) -> Account:
    """Ours; for root, the owner of the cluster or of the data folder, else a service account."""
    if os.geteuid() != 0:
        return _account(os.geteuid())
    for folder in (cluster, data):
        if folder.exists() and folder.stat().st_uid != 0:
            return _account(folder.stat().st_uid)
    return service_account()


def service_account() -> Account:
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise StartupProblem(
        "PostgreSQL does not run as root, and this machine has no account `postgres` or `nobody`.",
        "Start Comptoir as an ordinary user, or give DATABASE_URL.",
    )


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container may run under a number that has no name
        return Account(uid, os.getegid(), str(uid))
    return Account(uid, entry.pw_gid, entry.pw_name)
