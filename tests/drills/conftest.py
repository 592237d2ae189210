from __future__ import annotations

from tests.flows.conftest import (  # noqa: F401 - the same stage as the flows' own tests
    MovingClock,
    connect_channel,
    erp,
    fake_connectors,
    other_shop,
    shop,
    stock_is_the_sum_of_its_ledger,
    time,
)
