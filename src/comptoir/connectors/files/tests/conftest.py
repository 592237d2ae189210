from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.connectors.files import CONNECTOR, FilesConnection
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.sftp_server import SftpServer, settings_for
from comptoir.sdk.testing import FakeClock, context_for_tests

Connect = Callable[..., FilesConnection]


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    return Erp(tmp_path / "exchange")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["disk", "sftp"])
def exchange(request: pytest.FixtureRequest, erp: Erp) -> Iterator[dict[str, object]]:
    """Where the folder is: the same promises hold on a disk and on an SFTP server."""
    if request.param == "disk":
        yield {"folder": str(erp.root)}
        return
    with SftpServer() as server:
        yield settings_for(server, erp.root)


@pytest.fixture
def connect(exchange: dict[str, object], clock: FakeClock) -> Iterator[Connect]:
    """A new connection each time, as after a restart."""
    opened: list[FilesConnection] = []

    def build(**settings: object) -> FilesConnection:
        loaded = CONNECTOR.settings.load(exchange | settings)
        connection = CONNECTOR.connect(loaded, context_for_tests(clock=clock))
        assert isinstance(connection, FilesConnection)
        opened.append(connection)
        return connection

    yield build
    for connection in opened:
        connection.close()
