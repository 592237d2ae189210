"""The embedded server, for real: as root when the tests run as root, and as an ordinary user."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

import comptoir
from comptoir.config.postgres import EmbeddedPostgres, binaries, profiles
from comptoir.config.postgres.account import Account, service_account
from comptoir.config.postgres.binaries import copy_for_all, wheel_folder
from comptoir.config.postgres.installation import Installation, read_installation, write_installation
from comptoir.config.postgres.postmaster import forget_stale_pid, living_postmaster, recorded_pid
from comptoir.config.problems import StartupProblem

SOURCES = Path(comptoir.__file__).parent.parent
PACKAGES = Path(psycopg.__file__).parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to change account")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose cluster, wherever it is, is gone afterwards."""
    folder = tmp_path / "data"
    folder.mkdir()
    yield folder
    if (folder / "postgres.json").exists():
        EmbeddedPostgres(folder, "fast").remove()


def cluster_of(data: Path) -> Path:
    kept = read_installation(data)
    assert kept is not None
    return Path(kept.cluster)


def rows(url: str) -> list[tuple[int]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT n FROM kept ORDER BY n").fetchall()


def keep(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def start_in_another_process(
    data: Path, *, user: int | None = None, python: str = sys.executable
) -> subprocess.Popen[str]:
    """A supervisor that starts the server, says its URL, and waits."""
    script = (
        "import sys, time; from pathlib import Path\n"
        "from comptoir.config.postgres import EmbeddedPostgres\n"
        f"print(EmbeddedPostgres(Path({str(data)!r}), 'fast').start(), flush=True)\n"
        "time.sleep(600)\n"
    )
    return subprocess.Popen(
        [python, "-c", script],
        env={"PYTHONPATH": f"{SOURCES}:{PACKAGES}", "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def python_of(user: int) -> str:
    """A Python of our version that this account can run: ours may be in the home of root."""
    account = Account(user, user, str(user))
    for path in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        if account.can("-x", Path(path)):
            return path
    pytest.skip("no Python here that an ordinary user can run")


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def test_a_second_start_finds_the_rows_and_the_port_of_the_first(data: Path) -> None:
    server = EmbeddedPostgres(data, "fast")
    url = server.start()
    keep(url, 1)
    server.stop()
    assert not server.running()
    began = time.monotonic()
    assert server.start() == url
    assert time.monotonic() - began < 5
    assert rows(url) == [(1,)]
    server.stop()


def test_the_database_sorts_by_code_point_and_folds_unicode_on_every_machine(data: Path) -> None:
    with EmbeddedPostgres(data, "fast") as url, psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding), upper('é')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert found == ("b", "C.UTF-8", "UTF8", "É")


def test_rows_committed_survive_a_kill_of_the_server(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", "safe")
    try:
        url = server.start()
        keep(url, 1)
        pid = recorded_pid(cluster_of(server.folder))
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not server.alive())
        server.stop()
        assert rows(server.start()) == [(1,)]
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", str(cluster_of(server.folder))], check=True)


def test_the_safe_server_keeps_every_durability(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", "safe")
    try:
        with server as url, psycopg.connect(url) as connection:
            for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
                assert connection.execute(f"SHOW {name}").fetchone() == ("on",), name
    finally:
        subprocess.run(["rm", "-rf", str(cluster_of(server.folder))], check=True)


def test_the_server_stops_when_its_owner_is_killed(data: Path) -> None:
    owner = start_in_another_process(data)
    assert owner.stdout is not None
    assert owner.stdout.readline().startswith("postgresql://")
    pid = living_postmaster(cluster_of(data))
    assert pid is not None
    owner.kill()
    owner.communicate()
    wait_until(lambda: living_postmaster(cluster_of(data)) is None)
    assert not (cluster_of(data) / "postmaster.pid").exists(), "it shut down in order"


def test_a_start_right_after_the_owner_was_killed_keeps_the_rows(data: Path) -> None:
    owner = start_in_another_process(data)
    assert owner.stdout is not None
    keep(owner.stdout.readline().strip(), 1)
    owner.kill()
    owner.communicate()
    with EmbeddedPostgres(data, "fast") as url:
        assert rows(url) == [(1,)]


def test_a_server_that_lost_its_owner_is_stopped_and_its_files_taken_up(data: Path) -> None:
    first = EmbeddedPostgres(data, "fast")
    keep(first.start(), 1)
    orphan = living_postmaster(cluster_of(data))
    first._lock.release()  # what the kernel does when the owner dies; the server itself is still there
    second = EmbeddedPostgres(data, "fast")
    try:
        assert rows(second.start()) == [(1,)]
        assert living_postmaster(cluster_of(data)) != orphan
    finally:
        second.stop()
        first.stop()


def test_a_pid_that_now_belongs_to_another_program_is_forgotten_and_that_program_left_alone(
    data: Path,
) -> None:
    server = EmbeddedPostgres(data, "fast")
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = cluster_of(data) / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{cluster_of(data)}\n")
        assert living_postmaster(cluster_of(data)) is None
        server.start()
        assert stranger.poll() is None
    finally:
        server.stop()
        stranger.kill()
        stranger.wait()


def test_forgetting_a_stale_pid_leaves_a_living_server_its_file(data: Path) -> None:
    with EmbeddedPostgres(data, "fast"):
        forget_stale_pid(cluster_of(data))
        assert recorded_pid(cluster_of(data)) is not None


def test_two_owners_of_one_folder_are_refused(data: Path) -> None:
    with (
        EmbeddedPostgres(data, "fast"),
        pytest.raises(StartupProblem, match="already run by another Comptoir"),
    ):
        EmbeddedPostgres(data, "fast").start()


def test_a_port_taken_since_the_last_start_is_replaced(data: Path) -> None:
    server = EmbeddedPostgres(data, "fast")
    before = server.start()
    server.stop()
    with socket.create_server(("127.0.0.1", urlsplit(before).port or 0)):
        assert server.start() != before
    server.stop()


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartupProblem) as caught:
        EmbeddedPostgres(tmp_path / "file" / "data").start()
    assert "cannot be made: Not a directory" in caught.value.sentence
    assert caught.value.mend == "Choose another data folder."


def test_a_fast_database_cannot_be_taken_for_a_safe_one(data: Path) -> None:
    with EmbeddedPostgres(data, "fast"):
        pass
    with pytest.raises(StartupProblem, match="was made `fast`"):
        EmbeddedPostgres(data, "safe").start()


def test_files_of_another_major_release_are_refused(data: Path) -> None:
    with EmbeddedPostgres(data, "fast"):
        pass
    (cluster_of(data) / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartupProblem, match="made by PostgreSQL 17"):
        EmbeddedPostgres(data, "fast").start()


def test_a_wheel_that_is_not_installed_is_one_clear_sentence(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    with pytest.raises(StartupProblem, match="is not installed"):
        EmbeddedPostgres(data, "fast").start()


def test_a_setting_the_server_refuses_is_told_in_its_own_words(data: Path) -> None:
    with EmbeddedPostgres(data, "fast"):
        pass
    (cluster_of(data) / "postgresql.auto.conf").write_text("shared_preload_libraries = 'nowhere'\n")
    with pytest.raises(StartupProblem, match="nowhere"):
        EmbeddedPostgres(data, "fast").start()


def test_a_data_folder_can_be_moved_with_its_database(tmp_path: Path) -> None:
    write_installation(tmp_path, Installation(str(tmp_path / "postgres"), "safe", "p", 5))
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "postgres.json").rename(moved / "postgres.json")
    found = read_installation(moved)
    assert found is not None
    assert found.cluster == str(moved / "postgres")


def test_the_password_is_for_its_owner_alone(data: Path) -> None:
    with EmbeddedPostgres(data, "fast") as url:
        assert stat.S_IMODE((data / "postgres.json").stat().st_mode) == 0o600
        wrong = psycopg.conninfo.make_conninfo(url, password="wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


@as_root
def test_root_runs_the_server_as_a_service_account_and_loosens_no_folder(data: Path) -> None:
    data.chmod(0o700)
    with EmbeddedPostgres(data, "fast"):
        cluster = cluster_of(data)
        assert cluster.stat().st_uid == service_account().uid
        assert not cluster.is_relative_to(data), "the account cannot get in there"
        pid = living_postmaster(cluster)
        assert os.stat(f"/proc/{pid}").st_uid == service_account().uid
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@as_root
def test_an_ordinary_user_runs_it_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    os.chown(folder, nobody, nobody)
    try:
        owner = start_in_another_process(folder / "data", user=nobody, python=python_of(nobody))
        assert owner.stdout is not None
        keep(owner.stdout.readline().strip(), 1)
        cluster = folder / "data" / "postgres"
        assert cluster.stat().st_uid == nobody
        owner.terminate()
        owner.communicate()
        wait_until(lambda: living_postmaster(cluster) is None)
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@as_root
def test_programs_that_the_account_cannot_reach_are_copied_and_run(tmp_path: Path) -> None:
    home = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    home.chmod(0o755)
    try:
        programs = copy_for_all(wheel_folder(), home) / "pginstall18" / "bin"
        for program in ("postgres", "initdb"):
            done = service_account().run([str(programs / program), "--version"], timeout=30)
            assert "PostgreSQL) 18" in done.stdout, done.stderr
        assert copy_for_all(wheel_folder(), home) / "pginstall18" / "bin" == programs
    finally:
        subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.mark.parametrize(
    ("memory", "buffers"), [(300, "128MB"), (2_000, "500MB"), (4_096, "1024MB"), (64_000, "1024MB")]
)
def test_the_server_takes_a_quarter_of_the_memory_and_no_more_than_it_needs(
    memory: int, buffers: str
) -> None:
    assert profiles.shared_buffers(memory) == buffers
    chosen = profiles.server_options("safe", 5432)
    assert f"shared_buffers={profiles.shared_buffers(profiles.memory_mb())}" in chosen
    assert "shared_buffers=64MB" in profiles.server_options("drill", 5432), (
        "small, so that it is written early"
    )


def test_a_container_says_how_much_memory_it_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(profiles, "CONTAINER_LIMIT", limit)
    whole = profiles.memory_mb()
    limit.write_text("max\n")
    assert profiles.memory_mb() == whole
    limit.write_text(f"{512 * 2**20}\n")
    assert profiles.memory_mb() == 512
