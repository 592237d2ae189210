"""Each fault as a real HTTP client meets it."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from conftest import Served

Serve = Callable[..., Served]
SHOP = "corner-shop-1"


@pytest.fixture
def shop(serve: Serve) -> Served:
    served = serve()
    served.admin(
        "faults", {"set": {"hold_s": 0.3, "latency_s": 0.3, "storm_requests": 3, "retry_after_s": 7}}
    )
    return served


def force(served: Served, *names: str) -> None:
    served.admin("faults", {"party": SHOP, "next": list(names)})


def place(served: Served) -> httpx2.Response:
    sku = next(iter(served.admin("ledger/stock")))
    return served.client.post(f"/{SHOP}/orders", json={"sku": sku})


def orders(served: Served) -> int:
    return len(served.ndjson("ledger/orders"))


@pytest.mark.parametrize(("fault", "done"), [
    ("dropped_before", 0), ("hang_before", 0), ("dropped_after", 1), ("timeout_after", 1),
])  # fmt: skip
def test_a_cut_connection_has_done_the_work_or_not(shop: Served, fault: str, done: int) -> None:
    force(shop, fault)
    began = time.monotonic()
    with pytest.raises(httpx2.TransportError):
        place(shop)
    held = time.monotonic() - began >= 0.3
    assert held == (fault in ("hang_before", "timeout_after"))
    assert orders(shop) == done
    assert place(shop).status_code == 201  # the next one passes
    (told,) = shop.ndjson("ledger?kind=fault")
    assert told["detail"] == {"name": fault, "method": "POST", "path": f"/{SHOP}/orders"}
    assert shop.admin("faults")[SHOP]["counts"] == {fault: 1}


def test_a_truncated_answer_announces_more_than_it_sends(shop: Served) -> None:
    force(shop, "truncated")
    with pytest.raises(httpx2.RemoteProtocolError):
        shop.client.get(f"/{SHOP}/ping")
    assert shop.client.get(f"/{SHOP}/ping").status_code == 200


def test_a_storm_refuses_several_requests_and_ends(shop: Served) -> None:
    force(shop, "storm")
    answers = [shop.client.get(f"/{SHOP}/ping") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"


def test_server_errors_do_no_work(shop: Served) -> None:
    force(shop, "server_error")
    assert place(shop).status_code in (500, 502, 503, 504)
    assert orders(shop) == 0


def test_latency_is_late_and_nothing_else(shop: Served) -> None:
    force(shop, "latency")
    began = time.monotonic()
    assert shop.client.get(f"/{SHOP}/ping").status_code == 200
    assert time.monotonic() - began >= 0.06


def test_an_instance_is_down_for_one_hour_of_the_day(shop: Served) -> None:
    shop.admin("faults", {"party": SHOP, "set": {"rates": {"down": 1.0}}})
    statuses = []
    for _ in range(24 * 6):
        shop.admin("clock/advance", {"seconds": 600})
        statuses.append(shop.client.get(f"/{SHOP}/ping").status_code)
    today = statuses[: 16 * 6]
    assert set(statuses) <= {200, 503}
    assert statuses.count(503) in range(5, 14)  # an hour of one day, and perhaps one of the next
    assert len(today) > today.count(503)


def test_a_key_expires_for_ten_minutes_of_the_day(shop: Served) -> None:
    shop.admin("faults", {"party": SHOP, "set": {"rates": {"expired_key": 1.0}}})
    shop.admin("clock/advance", {"to": "2026-11-24T00:00:00Z"})
    statuses = []
    for _ in range(24 * 12):
        statuses.append(shop.client.get(f"/{SHOP}/ping").status_code)
        shop.admin("clock/advance", {"seconds": 300})
    assert statuses.count(401) == 2
    assert statuses[statuses.index(401) + 1] == 401


def test_the_date_header_is_the_worlds_clock_and_its_skew(shop: Served) -> None:
    def seen() -> float:
        date = parsedate_to_datetime(shop.client.get(f"/{SHOP}/ping").headers["date"])
        return (date - parsedate_to_datetime("Mon, 23 Nov 2026 08:00:00 +0000")).total_seconds()

    assert seen() == 0
    shop.admin("faults", {"party": SHOP, "set": {"rates": {"clock_skew": 1.0}, "skew_s": 3000}})
    assert 1 <= abs(seen()) <= 3000


def test_harsh_faults_strike_often_are_all_told_and_never_touch_the_admin(shop: Served) -> None:
    shop.admin(
        "faults", {"level": "harsh", "set": {"hold_s": 0.01, "latency_s": 0.01, "rates": {"down": 0.0}}}
    )
    went_wrong = 0
    for _ in range(300):
        try:
            went_wrong += shop.client.get(f"/{SHOP}/ping").status_code != 200
        except httpx2.TransportError:
            went_wrong += 1
        assert shop.client.get("/_bazaar/faults").status_code == 200
    counts = shop.admin("faults")[SHOP]["counts"]
    assert went_wrong == sum(counts.values()) - counts.get("latency", 0)
    assert 0.05 < went_wrong / 300 < 0.4
    assert len(shop.ndjson("ledger?kind=fault")) == sum(counts.values())


def test_the_same_seed_strikes_the_same_requests(serve: Serve) -> None:
    def statuses() -> list[int]:
        served = serve("--seed", "11")
        served.admin("faults", {"set": {"rates": {"server_error": 0.1, "storm": 0.05}}})
        return [served.client.get(f"/{SHOP}/ping").status_code for _ in range(100)]

    first = statuses()
    assert first == statuses()
    assert {200, 429} < set(first)


def test_a_fault_of_the_protocol_strikes_when_the_party_asks(make_world: Callable[..., object]) -> None:
    from bazaar.faults.levels import FaultSettings
    from bazaar.world.world import SimulatedWorld

    world = make_world(seed=1)
    assert isinstance(world, SimulatedWorld)
    assert not any(world.fault(SHOP, "repeated_page") for _ in range(100))
    world.faults.set(SHOP, FaultSettings(rates={"repeated_page": 0.3}))
    struck = sum(world.fault(SHOP, "repeated_page") for _ in range(1000))
    assert struck == pytest.approx(300, abs=60)
    assert world.faults.counts[SHOP]["repeated_page"] == struck == len(world.ledger.of_kind("fault"))
    world.faults.force(SHOP, ["late_import"])
    assert world.fault(SHOP, "late_import")
    assert not world.fault(SHOP, "late_import")
