"""The programs of `up`, one by one, where they can be run alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import comptoir
from comptoir.config import programs
from comptoir.config.first_start import new_password, read_sign_in, write_sign_in
from comptoir.config.ports import free_port
from comptoir.config.programs import UpOptions
from comptoir.config.supervision import Supervisor

SOURCES = str(Path(comptoir.__file__).parent.parent)


@pytest.mark.timeout(120)
def test_the_world_is_ready_once_it_has_described_itself(tmp_path: Path) -> None:
    options = UpOptions(data=tmp_path, world_port=free_port(), parties=())
    options.world_folder.mkdir()
    options.world_file.write_text(json.dumps({"pid": 1}))  # left by an earlier start
    supervisor = Supervisor(tmp_path / "logs", lambda name, line: None)
    try:
        child = supervisor.start(programs.world(options, {**os.environ, "PYTHONPATH": SOURCES}))
        described = json.loads(options.world_file.read_text())
        assert described["pid"] == child.pid
        assert described["url"] == f"http://127.0.0.1:{options.world_port}"
        assert [party["kind"] for party in described["parties"]] == ["erp_files"]
        assert programs.answers_http(options.world_port)
    finally:
        supervisor.stop()
    assert child.exit_code() == 0, "it stops in order"
    assert not programs.answers_http(options.world_port)


def test_loopback_marketplaces_are_allowed_only_where_the_world_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMPTOIR_ALLOW_LOOPBACK", raising=False)
    alone = programs.child_environment(UpOptions(data=tmp_path, world=False), "postgresql://x")
    played = programs.child_environment(UpOptions(data=tmp_path), "postgresql://x")
    assert "COMPTOIR_ALLOW_LOOPBACK" not in alone
    assert played["COMPTOIR_ALLOW_LOOPBACK"] == "1"
    assert alone["DATABASE_URL"] == played["DATABASE_URL"] == "postgresql://x"


def test_the_sign_in_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_sign_in(tmp_path) is None
    password = new_password()
    write_sign_in(tmp_path, password)
    assert read_sign_in(tmp_path) == ("admin@comptoir.local", password)
    assert new_password() != password
