"""`comptoir up` as a person runs it: its own process, a real database, web and worker."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import comptoir
from comptoir.config.first_start import read_sign_in
from comptoir.config.ports import free_port
from comptoir.config.postgres.installation import read_installation
from comptoir.config.postgres.postmaster import command_line, living_postmaster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SOURCES = Path(comptoir.__file__).parent.parent


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "comptoir", *arguments]


def environment() -> dict[str, str]:
    """Without what the other tests set: this is another installation."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMPTOIR_", "DATABASE_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(SOURCES), "COLUMNS": "200"}


def run(*arguments: str, **added: str) -> subprocess.CompletedProcess[str]:
    given = {**environment(), **added}
    return subprocess.run(
        command(*arguments), env=given, capture_output=True, text=True, timeout=120, check=False
    )


def children_of(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


class Started:
    """One `comptoir up` that says it is ready."""

    def __init__(self, data: Path, port: int, *world: str) -> None:
        self.data, self.port = data, port
        self.output = data / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command("up", *(world or ("--no-world",)), "--data", str(data), "--port", str(port)),
                env=environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait(lambda: f"http://127.0.0.1:{port}/" in self.output.read_text())

    def wait(self, condition: Callable[[], bool], seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        finally:
            connection.close()

    def url(self) -> str:
        kept = read_installation(self.data)
        assert kept is not None
        return kept.url("comptoir")

    def cluster(self) -> Path:
        kept = read_installation(self.data)
        assert kept is not None
        return Path(kept.cluster)

    def users(self) -> int:
        with psycopg.connect(self.url()) as connection:
            row = connection.execute("SELECT count(*) FROM accounts_user").fetchone()
        assert row is not None
        return int(row[0])

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    data = tmp_path_factory.mktemp("up") / "data"
    data.mkdir()
    one = Started(data, free_port())
    yield one
    one.stop()
    subprocess.run(["rm", "-rf", str(one.cluster())], check=True)


def test_one_address_and_the_sign_in_are_printed(started: Started) -> None:
    said = started.output.read_text()
    known = read_sign_in(started.data)
    assert known is not None
    assert known[0] in said
    assert known[1] in said
    assert len(set(re.findall(r"http://[\d.:]+/", said))) == 1
    assert started.status() < 500
    assert started.users() == 1


def test_the_doctor_finds_a_running_hub_healthy(started: Started) -> None:
    def examined() -> subprocess.CompletedProcess[str]:
        return run("doctor", "--data", str(started.data))

    started.wait(lambda: "Workers: 1 alive" in examined().stdout)
    done = examined()
    assert done.returncode == 0, done.stdout + done.stderr
    for line in ("PostgreSQL: 18", "Tables: up to date", "Jobs: none is stalled", "Channels: 0 active",
                 "Calendars: 0, with all their holidays"):  # fmt: skip
        assert f"✓ {line}" in done.stdout


def test_a_second_start_on_the_same_folder_is_refused(started: Started) -> None:
    done = run("up", "--no-world", "--data", str(started.data), "--port", str(free_port()))
    assert done.returncode == 2
    assert f"already runs on {started.data} (process {started.process.pid})" in done.stderr
    assert "--data FOLDER" in done.stderr


def test_a_killed_worker_is_replaced(started: Started) -> None:
    def workers() -> list[int]:
        found = {pid: command_line(pid) for pid in children_of(started.process.pid)}
        return [pid for pid, words in found.items() if words[-2:] == ["comptoir", "worker"]]

    (first,) = workers()
    os.kill(first, signal.SIGKILL)
    started.wait(lambda: "worker-1 │ stopped by itself; it starts again" in started.output.read_text())
    started.wait(lambda: len(workers()) == 1 and workers() != [first])


def test_a_killed_database_comes_back_with_its_rows_at_the_same_address(started: Started) -> None:
    before = started.url()
    first = living_postmaster(started.cluster())
    assert first is not None
    os.kill(first, signal.SIGKILL)
    started.wait(lambda: living_postmaster(started.cluster()) not in (None, first))

    def counted() -> bool:
        try:
            return started.users() == 1
        except psycopg.OperationalError:
            return False

    started.wait(counted)
    assert started.url() == before
    started.wait(lambda: started.status() < 500)


def test_people_are_added_from_the_command_line(started: Started) -> None:
    given = {**environment(), "COMPTOIR_PASSWORD": "a long enough passphrase 42"}
    arguments = command(
        "user", "add", "claire@example.com", "--role", "operations", "--data", str(started.data)
    )
    done = subprocess.run(arguments, env=given, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "claire@example.com may sign in as operations.\n", done.stderr
    again = subprocess.run(arguments, env=given, capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 2
    assert "already signs in here" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["flow", "run", "no_such_flow"], "There is no flow `no_such_flow`."),
        (["channel", "test", "nowhere"], "There is no channel `nowhere`."),
        (["channel", "add", "no_such_kind", "key"], "There is no connector `no_such_kind`."),
        (["user", "add", "x@example.com", "--role", "king", "--password", "p"], "There is no role `king`."),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    started: Started, arguments: list[str], sentence: str
) -> None:
    done = run(*arguments, "--data", str(started.data))
    assert done.returncode == 2
    said = done.stderr.splitlines()
    assert said[0] == sentence
    assert len(said) == 2


def test_a_supervisor_that_is_killed_takes_everything_with_it_and_loses_nothing(started: Started) -> None:
    children = children_of(started.process.pid)
    assert len(children) >= 3
    started.process.kill()
    started.process.wait()
    deadline = time.monotonic() + 30
    while any(command_line(pid) for pid in children):
        assert time.monotonic() < deadline, [command_line(pid) for pid in children]
        time.sleep(0.1)
    again = Started(started.data, started.port)
    started.process, started.output = again.process, again.output
    assert started.users() >= 1


def test_a_second_start_keeps_everything_and_is_quick(started: Started) -> None:
    started.stop()
    assert "Everything is kept" in started.output.read_text()
    assert living_postmaster(started.cluster()) is None
    sign_in = read_sign_in(started.data)
    began = time.monotonic()
    again = Started(started.data, started.port)
    took = time.monotonic() - began
    try:
        assert read_sign_in(started.data) == sign_in
        assert again.users() >= 1
        # 15 s where the machine is ours; when others work on it too, our share of its processors is smaller.
        assert took < 15 * max(1.0, 1.5 * os.getloadavg()[0] / (os.cpu_count() or 1))
    finally:
        again.stop()


def test_the_channels_of_a_kept_folder_find_the_world_at_its_new_port(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()

    def must_answer() -> None:
        done = run("channel", "test", "mirakl-1", "--data", str(data), COMPTOIR_ALLOW_LOOPBACK="1")
        assert done.returncode == 0, done.stdout + done.stderr

    first, second = free_port(), free_port()
    began = Started(data, free_port(), "--world-port", str(first))
    try:
        must_answer()
    finally:
        began.stop()
    again = Started(data, free_port(), "--world-port", str(second))
    try:
        must_answer()
    finally:
        again.stop()
        subprocess.run(["rm", "-rf", str(again.cluster())], check=True)


def test_a_busy_port_is_one_sentence_that_names_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("up", "--data", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} is already in use" in done.stderr
    assert f"comptoir up --port {port + 1}" in done.stderr


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("up", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert "cannot be made: Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_says_what_to_do_before_the_first_start(tmp_path: Path) -> None:
    done = run("doctor", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "✗ PostgreSQL: There is no database yet" in done.stdout
    assert "→ Type `comptoir up` first." in done.stdout
    assert not (tmp_path / "data").exists(), "looking changes nothing"
