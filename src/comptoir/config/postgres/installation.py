"""What one data folder remembers of its PostgreSQL, in `<data>/postgres.json` (mode 0600)."""

from __future__ import annotations

import json
import secrets
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

from comptoir.config.postgres.account import server_account
from comptoir.config.postgres.binaries import make_shared_home
from comptoir.config.postgres.profiles import Profile
from comptoir.config.private_files import write_private
from comptoir.config.problems import StartupProblem

SUPERUSER = "comptoir"


@dataclass(frozen=True)
class Installation:
    """`cluster` is the absolute folder of the server's files; on disk it is relative when it is in `<data>`,
    so that the whole can be moved. `port` is the last one, 0 before the first start."""

    cluster: str
    profile: Profile
    password: str
    port: int

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}:{quote(self.password)}@127.0.0.1:{self.port}/{database}"


def installation_file(data: Path) -> Path:
    return data / "postgres.json"


def read_installation(data: Path) -> Installation | None:
    """None before the first start."""
    path = installation_file(data)
    if not path.exists():
        return None
    kept = Installation(**json.loads(path.read_text("utf-8")))
    return replace(kept, cluster=str(data / kept.cluster))


def write_installation(data: Path, installation: Installation) -> None:
    cluster = Path(installation.cluster)
    kept = cluster.relative_to(data) if cluster.is_relative_to(data) else cluster
    write_private(
        installation_file(data), json.dumps(asdict(replace(installation, cluster=str(kept))), indent=2) + "\n"
    )


def open_installation(data: Path, profile: Profile) -> Installation:
    """The one kept, or a new one. Raises StartupProblem when what is there is not what is asked."""
    kept = read_installation(data)
    if kept is None:
        return _new_installation(data, profile)
    if kept.profile != profile:
        raise StartupProblem(
            f"The database of {data} was made `{kept.profile}` and cannot be started `{profile}`.",
            "Choose another data folder.",
        )
    return kept


def _new_installation(data: Path, profile: Profile) -> Installation:
    cluster = choose_cluster(data, profile)
    if cluster.exists():
        raise StartupProblem(
            f"There is a database in {cluster}, but the file that holds its password is gone.",
            f"Put {installation_file(data)} back from a copy, or choose another data folder.",
        )
    return Installation(str(cluster), profile, secrets.token_urlsafe(24), 0)


def choose_cluster(data: Path, profile: Profile) -> Path:
    """`<data>/postgres`, or elsewhere when the server's account cannot get there.

    That happens to root alone: with data under `/root`, say, whose rights are not ours to loosen.
    """
    beside = data / "postgres"
    account = server_account(beside, data)
    if account.can("-x", data):
        return beside
    temporary = Path(tempfile.gettempdir())
    if profile == "fast" and account.can("-x", temporary):
        return temporary / f"comptoir-{secrets.token_hex(6)}"
    return make_shared_home() / f"data-{secrets.token_hex(6)}"
