"""What a start refuses, and in which words."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import comptoir
from comptoir.config import ports
from comptoir.config.folders import make_writable_folder
from comptoir.config.lock import FolderLock
from comptoir.config.private_files import write_private
from comptoir.config.problems import StartupProblem


def lock_of(folder: Path) -> FolderLock:
    return FolderLock(folder / "lock", "It already runs", "Stop it.")


def test_a_busy_port_is_named_with_the_option_that_chooses_another() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupProblem) as caught:
            ports.require_free(port, "--port", patience=0.1)
    assert f"Port {port} is already in use" in caught.value.sentence
    assert f"--port {port + 1}" in caught.value.mend


def test_a_port_that_is_left_within_the_patience_is_taken() -> None:
    taken = socket.create_server((ports.LOOPBACK, 0))
    port = taken.getsockname()[1]
    sleeper = subprocess.Popen(["sleep", "0.4"], pass_fds=[taken.fileno()])
    taken.close()
    began = time.monotonic()
    ports.require_free(port, "--port", patience=10)
    sleeper.wait()
    assert time.monotonic() - began > 0.2


def test_a_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(StartupProblem, match="70000 is not a port"):
        ports.require_free(70000, "--port")


def test_a_free_port_does_not_answer_and_a_taken_one_does() -> None:
    port = ports.free_port()
    assert ports.is_free(port)
    assert not ports.answers(port)
    with socket.create_server((ports.LOOPBACK, port)):
        assert ports.answers(port)
        assert not ports.is_free(port)


def test_a_second_owner_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    first = lock_of(tmp_path)
    first.take()
    with pytest.raises(StartupProblem, match=rf"It already runs \(process {os.getpid()}\)"):
        lock_of(tmp_path).take()
    first.release()
    lock_of(tmp_path).take()


def test_a_killed_owner_leaves_nothing_locked(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from comptoir.config.lock import FolderLock\n"
        "FolderLock(Path(sys.argv[1]), 's', 'm').take(); print('held', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "lock")],
        env={**os.environ, "PYTHONPATH": str(Path(comptoir.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "held\n"
    with pytest.raises(StartupProblem, match=f"process {owner.pid}"):
        lock_of(tmp_path).take()
    owner.kill()
    owner.communicate()
    lock_of(tmp_path).take()


def test_a_private_file_is_for_its_owner_alone_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    for text in ("one", "two"):
        write_private(path, text)
        assert path.read_text() == text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["secret"]


def test_a_data_folder_that_is_a_file_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartupProblem, match=r"cannot be made.*Choose another data folder"):
        make_writable_folder(tmp_path / "file")
