"""The folder on an SFTP server: a real one, over a real disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.connectors.files import CONNECTOR
from comptoir.connectors.files.contract import Place
from comptoir.connectors.files.sftp import SftpFolder
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.sftp_server import SftpServer, settings_for
from comptoir.sdk.errors import ConfigurationError, TransientError
from comptoir.sdk.settings import SettingsError
from comptoir.sdk.testing import context_for_tests


@pytest.fixture(params=[True, False], ids=["openssh", "no posix-rename"])
def server(request: pytest.FixtureRequest) -> Iterator[SftpServer]:
    with SftpServer(posix_rename=request.param) as running:
        yield running


@pytest.fixture
def folder(server: SftpServer, erp: Erp) -> Iterator[SftpFolder]:
    made = folder_of(server, erp)
    yield made
    made.close()


def folder_of(server: SftpServer, erp: Erp, **changed: object) -> SftpFolder:
    settings = CONNECTOR.settings.load(settings_for(server, erp.root) | changed)
    return SftpFolder(settings, context_for_tests())


def test_what_is_written_is_there_whole_and_replaces_what_was(folder: SftpFolder, erp: Erp) -> None:
    for content in (b"first", b"x" * 300_000):
        folder.write(Place.TO_ERP, "orders-000000001.csv", content)
        assert (erp.root / "to_erp" / "orders-000000001.csv").read_bytes() == content
    assert folder.names(Place.TO_ERP) == ["orders-000000001.csv"], "and nothing half-written beside it"
    stream = folder.open(Place.TO_ERP, "orders-000000001.csv")
    assert stream is not None
    with stream:
        assert stream.read(3) == b"xxx"
        stream.seek(0)
        assert len(stream.read()) == 300_000


def test_what_is_not_there_is_none_and_links_are_not_followed(
    folder: SftpFolder, erp: Erp, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not of the exchange")
    (erp.root / "from_erp" / "stock-000000001.csv").symlink_to(secret)
    assert folder.open(Place.FROM_ERP, "stock-000000001.csv") is None
    assert folder.open(Place.FROM_ERP, "stock-000000002.csv") is None
    assert folder.names(Place.FROM_ERP) == []
    with pytest.raises(ValueError, match="not the name"):
        folder.holds(Place.FROM_ERP, "../secret")


def test_a_move_replaces_and_of_nothing_does_nothing(folder: SftpFolder, erp: Erp) -> None:
    folder.prepare(Place.FROM_ERP_DONE)
    folder.prepare(Place.FROM_ERP_DONE)
    for content in ("one", "two"):
        (erp.root / "from_erp" / "a.csv").write_text(content)
        folder.move("a.csv", Place.FROM_ERP, Place.FROM_ERP_DONE)
    folder.move("a.csv", Place.FROM_ERP, Place.FROM_ERP_DONE)
    assert (erp.root / "from_erp" / "done" / "a.csv").read_text() == "two"


def test_another_server_under_that_name_never_gets_the_password(server: SftpServer, erp: Erp) -> None:
    wrong = folder_of(server, erp, sftp_fingerprint="SHA256:" + "A" * 43)
    with pytest.raises(ConfigurationError, match="not the one of the settings"):
        wrong.names(Place.TO_ERP)


def test_a_wrong_password_and_a_missing_folder_are_for_a_person(server: SftpServer, erp: Erp) -> None:
    stranger = folder_of(server, erp, sftp_password="wrong")
    with pytest.raises(ConfigurationError, match="refuses this user"):
        stranger.names(Place.TO_ERP)
    elsewhere = folder_of(server, erp, folder="/nowhere/at/all")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        elsewhere.probe(Place.TO_ERP)
    elsewhere.close()


def test_a_lost_connection_is_for_later_and_the_next_question_connects_again(
    server: SftpServer, folder: SftpFolder
) -> None:
    folder.names(Place.TO_ERP)
    server.cut()
    with pytest.raises(TransientError):
        folder.names(Place.TO_ERP)
    assert folder.names(Place.TO_ERP) == []


def test_a_server_needs_a_user_a_secret_and_its_fingerprint(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        CONNECTOR.settings.load({"folder": "/exchange", "sftp_server": "erp.example"})
    assert set(caught.value.errors) == {"sftp_user", "sftp_fingerprint"}
