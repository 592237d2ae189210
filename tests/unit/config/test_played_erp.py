"""The ERP that the demonstration plays: chosen once, kept, never changed under the orders of a folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from comptoir.config.played_erp import played_erp, reader_password
from comptoir.config.problems import StartupProblem
from comptoir.config.programs import UpOptions, world


def test_the_first_choice_stays(tmp_path: Path) -> None:
    assert played_erp(tmp_path, "sage100") == "sage100"
    assert played_erp(tmp_path, "") == "sage100"
    with pytest.raises(StartupProblem, match="was begun with the ERP sage100"):
        played_erp(tmp_path, "files")


def test_a_sage_x3_is_a_party_among_the_others(tmp_path: Path) -> None:
    options = UpOptions(data=tmp_path, erp="sage_x3", parties=("mirakl:2",))
    command = world(options, {}).command
    assert [command[place + 1] for place, word in enumerate(command) if word == "--party"] == [
        "sage_x3",
        "mirakl:2",
    ]
    assert "--erp-folder" not in command
    assert "--sage-database" not in command


def test_without_a_choice_files_are_played_also_in_a_folder_of_an_earlier_version(tmp_path: Path) -> None:
    assert played_erp(tmp_path, "") == "files"
    old = tmp_path / "old"
    (old / "erp").mkdir(parents=True)
    with pytest.raises(StartupProblem):
        played_erp(old, "sage100")


def test_an_erp_that_nobody_plays_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupProblem, match="No ERP called ebp"):
        played_erp(tmp_path, "ebp")


def test_the_readers_password_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = reader_password(tmp_path)
    assert (reader_password(tmp_path), len(first) >= 24) == (first, True)
    assert stat.S_IMODE((tmp_path / "sage-reader").stat().st_mode) == 0o600
