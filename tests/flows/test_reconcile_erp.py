"""Hub and ERP compared daily: what differs is named, and closed once it is settled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.orders.models import Order
from comptoir.sdk import records as r
from tests.domain.conftest import NOW, make_product
from tests.domain.records import order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import Erp, Market
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]


@pytest.fixture(autouse=True)
def mice(db: None) -> None:
    make_product("MOUSE", on_hand=99)


def booked(reference: str, total: Decimal, document: str = "BC00001") -> r.BookedOrder:
    return r.BookedOrder(
        order_reference=reference, document=document, total=total, placed_date=NOW.date(), state="waiting"
    )


def exported(shop: Shop, time: MovingClock, *names: str) -> list[tuple[str, Decimal]]:
    """Orders confirmed by the ERP two hours ago: `(reference, total)` of each."""
    sell(shop, *(order(name, "MOUSE") for name in names))
    run_flow("export_orders_to_erp", "erp")
    run_flow("export_orders_to_erp", "erp")
    time.advance(hours=2)
    return list(Order.objects.order_by("external_id").values_list("reference", "total_amount"))


def reconcile() -> dict[str, str]:
    """What is open afterwards: subject and state of documents."""
    run_flow("reconcile_erp", "erp")
    return dict(Issue.objects.filter(flow="reconcile_erp", state="open").values_list("subject", "reason"))


def test_books_that_agree_open_nothing(shop: Shop, erp: Side, time: MovingClock) -> None:
    erp[1].booked = [booked(*one) for one in exported(shop, time, "A", "B")]
    assert reconcile() == {}


def test_every_kind_of_gap_is_an_issue_of_its_own(shop: Shop, erp: Side, time: MovingClock) -> None:
    (a, total), (b, _), (c, _), _agreed = exported(shop, time, "A", "B", "C", "D")
    erp[1].booked = [
        booked(b, total + Decimal("0.03")),
        booked(c, total, "BC00003"), booked(c, total, "BC00004"),
        booked(_agreed[0], total + Decimal("0.02")),
        booked("CO-STRANGE", Decimal(10)),
    ]  # fmt: skip
    assert reconcile() == {
        f"missing {a}": "missing", f"amount {b}": "divergence", f"doubled {c}": "divergence",
        "stranger CO-STRANGE": "divergence",
    }  # fmt: skip
    doubled = Issue.objects.get(subject=f"doubled {c}")
    assert doubled.detail["documents"] == ["BC00003", "BC00004"]


def test_an_order_that_the_erp_never_answered_is_stuck_after_some_hours(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    (reference,) = sell(shop, order("A", "MOUSE"))
    run_flow("export_orders_to_erp", "erp")
    Order.objects.update(erp_state="sent")
    time.advance(hours=2)
    assert reconcile() == {}
    time.advance(hours=3)
    assert reconcile() == {f"stuck {reference}": "missing"}


def test_a_gap_that_is_settled_closes_its_issue_and_a_fresh_order_is_no_gap(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    [(reference, total)] = exported(shop, time, "A")
    assert reconcile() == {f"missing {reference}": "missing"}
    erp[1].booked = [booked(reference, total)]
    sell(shop, order("B", "MOUSE"))
    run_flow("export_orders_to_erp", "erp")
    run_flow("export_orders_to_erp", "erp")
    assert reconcile() == {}


def test_cancelled_units_make_no_gap_of_amounts(shop: Shop, erp: Side, time: MovingClock) -> None:
    [(reference, total)] = exported(shop, time, "A")
    found = Order.objects.get(reference=reference)
    found.lines.update(cancelled_quantity=1)
    erp[1].booked = [booked(reference, total - 10)]
    assert reconcile() == {}


def test_days_and_gaps_are_kept_for_the_screen_and_go_when_they_are_settled(
    shop: Shop, erp: Side, time: MovingClock
) -> None:
    from comptoir.finance.models import ErpDay, ErpGap

    (a, total), (b, other) = exported(shop, time, "A", "B")
    erp[1].booked = [booked(a, total), booked("CO-STRANGER", Decimal(7), "BC9")]
    reconcile()
    day = ErpDay.objects.get(channel="shop")
    assert (day.here_count, day.here_amount) == (2, total + other)
    assert (day.there_count, day.there_amount, day.gaps) == (1, total, 1)
    strangers = ErpDay.objects.get(channel="")
    assert (strangers.there_count, strangers.there_amount, strangers.gaps) == (1, Decimal(7), 1)
    found = {gap.kind: gap for gap in ErpGap.objects.all()}
    assert (found["missing"].reference, found["missing"].order) == (
        b,
        Order.objects.get(reference=b),
    )
    assert (found["stranger"].reference, found["stranger"].documents) == ("CO-STRANGER", ["BC9"])
    first = found["missing"].found_at
    time.advance(hours=1)
    reconcile()
    assert ErpGap.objects.get(kind="missing").found_at == first
    erp[1].booked = [booked(a, total), booked(b, other, "BC2")]
    reconcile()
    assert not ErpGap.objects.exists()
    assert not ErpDay.objects.filter(channel="").exists()
