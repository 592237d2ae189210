"""A buyer who is forgotten here is forgotten in the ERP: when all orders of their account are, and once."""

from __future__ import annotations

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.orders.erasure import erase_buyers
from comptoir.orders.models import Order
from tests.domain.conftest import make_product
from tests.domain.records import order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Erp, Market
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]


def erase(*names: str) -> None:
    found = Order.objects.filter(external_id__in=names).select_related("channel", "contact")
    erase_buyers(list(found), actor="zoe")
    run_flow("forget_buyers_in_erp", "erp")


def test_an_account_waits_for_its_last_order(shop: Shop, erp: Side, time: MovingClock) -> None:
    make_product("MOUSE", on_hand=99)
    sell(shop, *(order(name, "MOUSE") for name in "ABC"))
    for _ in range(2):
        run_flow("export_orders_to_erp", "erp")
    of = dict(Order.objects.values_list("external_id", "reference"))
    erp[1].accounts = {"ZB1": (of["A"], of["B"]), "ZB2": (of["C"],)}
    erase("A")
    assert erp[1].forgotten == []
    time.advance(minutes=1)
    erase("C")
    assert erp[1].forgotten == ["ZB2"]
    time.advance(minutes=1)
    erase("B")
    run_flow("forget_buyers_in_erp", "erp")
    assert erp[1].forgotten == ["ZB2", "ZB1"]
