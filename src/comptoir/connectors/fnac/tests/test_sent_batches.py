"""What is on its way is remembered until Fnac shows it, and no longer."""

from __future__ import annotations

from decimal import Decimal

from comptoir.connectors.fnac.sent_batches import Sent, SentBatches
from comptoir.sdk.records import Outcome, Verdict
from comptoir.sdk.testing import FakeCache, FakeClock

ASIDE = Verdict(key="C", outcome=Outcome.REJECTED)


def test_the_latest_price_and_quantity_of_each_sku_are_known() -> None:
    batches = SentBatches(FakeCache(), FakeClock())
    batches.remember("1", {"A": Sent(price=Decimal("5")), "B": Sent(quantity=1)}, [])
    batches.remember("2", {"A": Sent(quantity=7)}, [])
    assert batches.on_their_way() == {
        "A": Sent(price=Decimal("5"), quantity=7),
        "B": Sent(quantity=1),
    }


def test_what_was_refused_is_not_on_its_way() -> None:
    batches = SentBatches(FakeCache(), FakeClock())
    batches.remember("1", {"A": Sent(quantity=1), "B": Sent(quantity=1)}, [ASIDE])
    batches.finish("1", ["A"])
    assert set(batches.on_their_way()) == {"B"}
    assert batches.set_aside("1") == (ASIDE,)


def test_a_finished_batch_is_forgotten_after_ten_minutes_an_open_one_after_two_hours() -> None:
    clock = FakeClock()
    batches = SentBatches(FakeCache(), clock)
    batches.remember("1", {"A": Sent(quantity=1)}, [])
    batches.remember("2", {"B": Sent(quantity=1)}, [])
    batches.finish("1", [])
    clock.advance(minutes=9)
    assert set(batches.on_their_way()) == {"A", "B"}
    clock.advance(minutes=2)
    assert set(batches.on_their_way()) == {"B"}
    clock.advance(hours=2)
    assert batches.on_their_way() == {}


def test_what_nobody_remembers_was_not_set_aside() -> None:
    assert SentBatches(FakeCache(), FakeClock()).set_aside("unknown") == ()
