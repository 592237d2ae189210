from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from comptoir.channels.models import Channel
from comptoir.channels.services import add_channel
from comptoir.core import clock
from comptoir.flows import connect
from comptoir.inventory.ledger import find_imbalances
from comptoir.offers.differences import find_untrue_waiting
from tests.domain.conftest import NOW
from tests.flows.fakes import ERPS, FAKE, FAKE_ERP, MARKETS, Erp, FakeSettings, Market


class MovingClock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture(autouse=True)
def time() -> Iterator[MovingClock]:
    moving = MovingClock()
    with clock.clock_at(moving):
        yield moving


@pytest.fixture(autouse=True)
def fake_connectors(monkeypatch: pytest.MonkeyPatch) -> None:
    MARKETS.clear()
    ERPS.clear()
    monkeypatch.setattr(connect, "connector_types", lambda: {"fake": FAKE, "fake_erp": FAKE_ERP})


@pytest.fixture(autouse=True)
def stock_is_the_sum_of_its_ledger(db: None) -> Iterator[None]:
    yield
    assert find_imbalances() == []
    assert find_untrue_waiting() == []


def connect_channel(key: str, **settings: str) -> tuple[Channel, Market]:
    """Channels of one `account` share their market. Without escrow: a few units are shown in full, as many
    are above the last ones."""
    channel = add_channel(
        key=key, name=key, connector=FAKE, settings=FakeSettings.load(settings), actor="test", escrow=False
    )
    return channel, MARKETS.setdefault(channel.account, Market())


@pytest.fixture
def shop(db: None) -> tuple[Channel, Market]:
    return connect_channel("shop")


@pytest.fixture
def other_shop(db: None) -> tuple[Channel, Market]:
    return connect_channel("other")


@pytest.fixture
def erp(db: None) -> tuple[Channel, Erp]:
    channel = add_channel(key="erp", name="ERP", connector=FAKE_ERP, settings=FakeSettings(), actor="test")
    return channel, ERPS.setdefault("erp", Erp())
