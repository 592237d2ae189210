"""Making the server's files, once."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from pathlib import Path

from comptoir.config.postgres.account import Account
from comptoir.config.postgres.installation import SUPERUSER, Installation
from comptoir.config.postgres.profiles import PASSING
from comptoir.config.private_files import write_private
from comptoir.config.problems import StartupProblem

NEEDED_BYTES = 300 * 1024**2
INITDB_SECONDS = 120


def make_cluster(installation: Installation, programs: Path, account: Account) -> None:
    """initdb beside, then renamed: a start killed half-way leaves nothing that looks like a cluster."""
    cluster = Path(installation.cluster)
    cluster.parent.mkdir(parents=True, exist_ok=True)
    require_space(cluster.parent)
    draft = cluster.with_name(f".{cluster.name}.{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    try:
        account.own(draft)
        _initdb(draft, installation, programs, account)
        (draft / "cluster").rename(cluster)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initdb(draft: Path, installation: Installation, programs: Path, account: Account) -> None:
    password = draft / "password"
    write_private(password, installation.password)
    account.own(password)
    done = account.run(_command(draft, password, installation, programs), INITDB_SECONDS)
    if done.returncode != 0:
        raise initdb_problem(done, draft)


def _command(draft: Path, password: Path, installation: Installation, programs: Path) -> list[str]:
    """The builtin C.UTF-8 sorts and folds alike on every machine, whatever its C library knows."""
    command = [
        str(programs / "initdb"),
        f"--pgdata={draft / 'cluster'}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
    ]
    return [*command, "--no-sync"] if installation.profile in PASSING else command


def require_space(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise StartupProblem(
            f"The disk of {folder} has only {free // 1024**2} MB left; a new database needs "
            f"{NEEDED_BYTES // 1024**2}.",
            "Make room, or choose a data folder on another disk.",
        )


def initdb_problem(done: subprocess.CompletedProcess[str], folder: Path) -> StartupProblem:
    said = done.stderr.strip().splitlines()
    if "No space left on device" in done.stderr:
        return StartupProblem(f"The disk of {folder.parent} is full.", "Make room, then start again.")
    return StartupProblem(
        "The database could not be made.", f"initdb said: {said[-1] if said else f'code {done.returncode}'}"
    )


def require_same_release(cluster: Path, programs: Path) -> None:
    """PostgreSQL reads the files of its own major release only."""
    made_by = (cluster / "PG_VERSION").read_text("ascii").strip()
    ours = programs.parent.name.removeprefix("pginstall")
    if made_by != ours:
        raise StartupProblem(
            f"The database in {cluster} was made by PostgreSQL {made_by}; this Comptoir brings {ours}.",
            "Go back to the Comptoir that made it, dump it with pg_dump, and load it in a new data folder.",
        )
