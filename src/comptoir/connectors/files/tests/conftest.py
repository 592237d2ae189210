from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from comptoir.connectors.files import CONNECTOR, FilesConnection
from comptoir.connectors.files.tests.erp import Erp
from comptoir.sdk.testing import FakeClock, context_for_tests

Connect = Callable[..., FilesConnection]


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    return Erp(tmp_path / "exchange")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(erp: Erp, clock: FakeClock) -> Connect:
    """A new connection each time, as after a restart."""

    def build(**settings: object) -> FilesConnection:
        loaded = CONNECTOR.settings.load({"folder": str(erp.root)} | settings)
        connection = CONNECTOR.connect(loaded, context_for_tests(clock=clock))
        assert isinstance(connection, FilesConnection)
        return connection

    return build
