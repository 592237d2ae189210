"""A real `bazaar serve`, seen by a real HTTP client: admin, clock, persistence, stop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Served

Serve = Callable[..., Served]
SHOP = "corner-shop-1"


def test_it_tells_where_it_listens_and_stops_cleanly(serve: Serve, tmp_path: Path) -> None:
    served = serve("--data", str(tmp_path / "world"))
    assert json.loads((tmp_path / "world" / "bazaar.json").read_text()) == served.told
    assert served.told["parties"][0]["api_key"] == f"{SHOP}-secret"
    assert served.client.get(f"{served.told['parties'][0]['url']}/ping").status_code == 200
    code, printed = served.stop()
    assert code == 0
    assert served.told["url"] in printed
    assert f"{SHOP}-secret" in printed
    assert "Traceback" not in printed


def test_orders_placed_by_hand_are_in_the_ledger_with_their_history(serve: Serve) -> None:
    served = serve()
    sku = next(iter(served.admin("ledger/stock")))
    order = served.admin(f"parties/{SHOP}/orders", {"lines": [{"sku": sku, "quantity": 3}]})
    served.admin("clock/advance", {"seconds": 3600})
    assert served.client.post(f"/{SHOP}/ship/{order['order_id']}").status_code == 204
    (row,) = served.ndjson("ledger/orders")
    assert row["order_id"] == order["order_id"]
    assert row["lines"][0]["quantity"] == "3"
    assert [step["kind"] for step in row["history"]] == ["order_placed", "order_shipped"]
    assert [step["at"] for step in row["history"]] == ["2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"]
    assert served.admin("ledger/stock")[sku]["sold"] == 3
    assert len(served.ndjson(f"ledger?kind=order_shipped&party={SHOP}")) == 1
    assert [fact["number"] for fact in served.ndjson("ledger?after=1&limit=1")] == [2]
    assert {offer["party"] for offer in served.ndjson("ledger/offers")} == {SHOP}


def test_wrong_questions_get_an_answer_that_says_why(serve: Serve) -> None:
    served = serve()
    cases = [
        ("clock/advance", {"to": "2020-01-01T00:00:00Z"}, "does not go back"),
        ("clock/advance", {"to": "2027-01-01T00:00:00"}, "time zone"),
        (f"parties/{SHOP}/orders", {"lines": [{"sku": "NOPE"}]}, "NOPE"),
        ("faults", {"level": "terrible"}, "terrible"),
        ("faults", {"next": ["gremlins"]}, "gremlins"),
        (
            "plan/day",
            {"orders": 5, "start": "2026-11-22T00:00:00Z", "end": "2026-11-23T00:00:00Z"},
            "already",
        ),
        ("plan/replay", {"path": "/no/such.parquet"}, "such.parquet"),
        ("plan/live", {"orders": 5}, "orders"),
    ]
    for path, body, words in cases:
        answer = served.client.post(f"/_bazaar/{path}", json=body)
        assert answer.status_code == 400, path
        assert words in answer.json()["error"]
    assert served.client.get("/_bazaar/parties/nobody").status_code == 404


def test_the_admin_refuses_other_sites_and_other_names(serve: Serve) -> None:
    served = serve()
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert served.client.post("/_bazaar/plan/live", json={}, headers=headers).status_code == 403


def test_the_page_shows_and_pushes_the_world_without_a_script(serve: Serve) -> None:
    served = serve()
    sku = next(iter(served.admin("ledger/stock")))
    for form in (
        {"action": "place", "party": SHOP, "sku": sku, "quantity": "2"},
        {"action": "advance", "seconds": "600"},
        {"action": "faults", "party": "*", "level": "mild"},
    ):
        assert served.client.post("/_bazaar/", data=form).status_code == 303
    page = served.client.get("/_bazaar/").text
    assert f"{SHOP}-000001" in page
    assert "08:10:00 UTC" in page
    assert "faults: mild" in page
    assert "<script" not in page
    wrong = served.client.post(
        "/_bazaar/", data={"action": "place", "party": SHOP, "sku": "<b>", "quantity": "1"}
    )
    assert wrong.status_code == 400
    assert "&lt;b&gt;" in wrong.text


def test_kill_9_loses_nothing_and_the_next_start_goes_on(serve: Serve, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "world"))
    first = serve(*data)
    first.admin("plan/day", {"orders": 50, "start": "2026-11-23T09:00:00Z", "end": "2026-11-23T19:00:00Z"})
    first.admin("clock/advance", {"to": "2026-11-23T14:00:00Z"})
    first.admin("faults", {"level": "mild", "party": SHOP})
    sku = next(iter(first.admin("ledger/stock")))
    answered = first.client.post(
        "/_bazaar/parties/corner-shop-1/orders", json={"lines": [{"sku": sku}]}
    ).json()
    before = first.ndjson("ledger"), first.admin("state"), first.admin("faults")
    first.kill()
    second = serve(*data)
    assert (second.ndjson("ledger"), second.admin("state"), second.admin("faults")) == before
    assert answered["order_id"] in {order["order_id"] for order in second.ndjson("ledger/orders")}
    second.admin("clock/advance", {"to": "2026-11-23T20:00:00Z"})
    assert second.admin("state")["demand"]["day: placed"] == 50
    assert len({order["order_id"] for order in second.ndjson("ledger/orders")}) == 51


def test_the_world_of_another_seed_is_not_taken_for_ours(serve: Serve, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "world"))
    serve(*data).stop()
    with pytest.raises(pytest.fail.Exception, match="seed 1"):
        serve(*data, "--seed", "2")


def test_live_demand_places_orders_as_real_time_passes(serve: Serve) -> None:
    served = serve("--orders-per-hour", "50", clock=("--speed", "3600"))
    served.admin("state")
    until = time.monotonic() + 15
    while time.monotonic() < until and len(served.ndjson("ledger/orders")) < 20:
        time.sleep(0.1)
    assert len(served.ndjson("ledger/orders")) >= 20
