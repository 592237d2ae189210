"""Last units and prices under their floor go ahead of the bulk, where the channel has a way for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from comptoir.channels.services import add_channel
from comptoir.flows import connect
from comptoir.flows.policy import run_flow
from comptoir.offers.listing import list_products
from comptoir.offers.models import Offer
from comptoir.sdk import records as r
from comptoir.sdk.connector import ConnectorType, Role
from comptoir.sdk.errors import RateLimited
from tests.domain.conftest import make_product
from tests.flows.fakes import MARKETS, FakeConnection, FakeSettings, Market


class HastyConnection(FakeConnection):
    urgent_batch_size: ClassVar[int] = 10

    def submit_urgent_stock(self, updates: Sequence[r.StockUpdate]) -> r.Receipt:
        return self._take({u.sku: u.quantity for u in updates}, self.market.stock)

    def submit_urgent_prices(self, updates: Sequence[r.PriceUpdate]) -> r.Receipt:
        return self._take({u.sku: u.price for u in updates}, self.market.prices)

    def submit_stock(self, updates: Sequence[r.StockUpdate]) -> r.Receipt:
        raise RateLimited("a bulk write is being worked on")

    def submit_prices(self, updates: Sequence[r.PriceUpdate]) -> r.Receipt:
        raise RateLimited("a bulk write is being worked on")


HASTY = ConnectorType(
    key="hasty",
    label="Hasty",
    role=Role.MARKETPLACE,
    settings=FakeSettings,
    connection=HastyConnection,
)


def test_what_cannot_wait_passes_a_bulk_write_that_is_being_worked_on(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "connector_types", lambda: {"hasty": HASTY})
    channel = add_channel(key="hasty", name="h", connector=HASTY, settings=FakeSettings(), actor="test")
    market = MARKETS.setdefault("hasty", Market())
    ids = [make_product(sku, on_hand=50).pk for sku in ("FEW", "MANY", "MORE", "CHEAP")]
    list_products(channel, ids)
    offers = Offer.objects.filter(channel=channel)
    offers.update(
        state="listed", sent_quantity=50, desired_quantity=50, sent_price=40, desired_price=40, floor_price=30
    )
    offers.filter(sku="FEW").update(desired_quantity=1)
    offers.filter(sku="MANY").update(desired_quantity=20)
    offers.filter(sku="MORE").update(sent_quantity=0, desired_quantity=2)
    offers.filter(sku="CHEAP").update(sent_price=10)
    offers.filter(sku="MANY").update(desired_price=45)
    done = run_flow("publish_offers", channel.key, trigger="test")
    assert done is not None
    assert done.outcome == "waiting"
    assert market.stock == {"FEW": 1}
    assert market.prices == {"CHEAP": 40}
    waiting = offers.filter(quantity_submission__isnull=True, sku__in=["MANY", "MORE"])
    assert waiting.count() == 2
