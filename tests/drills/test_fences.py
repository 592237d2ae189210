"""A worker that was cut off from the database comes back: it must not write over its successor."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from comptoir.channels.models import Cursor
from comptoir.channels.services import add_channel
from comptoir.config.database_link import database_from_url
from comptoir.core import drain
from comptoir.core.bulk import copy_rows, execute, fetch
from comptoir.core.locks import LockLost, advisory_lock, held_among
from comptoir.flows import connect
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.flows.recover_stalled_jobs import orphaned_runs
from comptoir.journal.models import Run
from comptoir.orders.models import Order
from comptoir.sdk import records as r
from comptoir.sdk.connector import ConnectorType, Role
from tests.domain.records import order
from tests.flows.conftest import MovingClock
from tests.flows.fakes import FakeConnection, FakeSettings

pytestmark = pytest.mark.django_db(transaction=True)


def end_session(pid: int) -> None:
    """As the server does when it finds that a client is gone."""
    with psycopg.connect(**_elsewhere(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def _elsewhere() -> dict[str, object]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("dbname", "user", "password", "host", "port")}


def my_session() -> int:
    return int(fetch("SELECT pg_backend_pid()")[0][0])


class CutOff(FakeConnection):
    """Its session ends while the channel answers, and meanwhile somebody else takes the turn up."""

    def order_pages(self, cursor: str) -> Iterator[r.OrderPage]:
        end_session(my_session())
        connection.close()  # what Django does by itself when a rollback fails
        successor = threading.Thread(target=_take_the_turn_up)
        successor.start()
        successor.join(20)
        yield r.OrderPage(orders=(order("LATE", "SKU"),), cursor="late", last=True)


def _take_the_turn_up() -> None:
    try:
        with advisory_lock("flow:orders:cut"):
            Turn.objects.filter(flow="import_orders", channel="cut").update(failures=7)
    finally:
        connection.close()


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = ConnectorType(
        key="cut", label="Cut", role=Role.MARKETPLACE, settings=FakeSettings, connection=CutOff
    )
    monkeypatch.setattr(connect, "connector_types", lambda: {"cut": kind})
    add_channel(key="cut", name="Cut", connector=kind, settings=FakeSettings(), actor="test")


def test_a_flow_whose_session_ended_writes_nothing_more_and_leaves_its_successors_turn_alone(
    cut_off: None,
) -> None:
    run = run_flow("import_orders", "cut")
    assert run is not None
    assert (run.outcome, run.error_kind) == (Run.Outcome.FAILED, "LockLost")
    assert not Order.objects.exists()
    assert Turn.objects.get(flow="import_orders", channel="cut").failures == 7
    assert not Run.objects.filter(outcome=Run.Outcome.RUNNING).exists()


def test_a_copy_on_another_session_than_the_locks_is_refused_too() -> None:
    with advisory_lock("a lock"):
        connection.close()
        with pytest.raises(LockLost):
            copy_rows("core_tokenbucket", ["key", "tokens", "filled_at"], [("k", 1, "2026-01-01T00:00Z")])


def test_runs_whose_lock_nobody_holds_are_closed_and_those_that_go_on_are_left(time: object) -> None:
    dead = Run.objects.create(flow="import_orders", channel="shop", started_at=time())  # type: ignore[operator]
    with advisory_lock("flow:offers:shop"):
        older = Run.objects.create(flow="publish_offers", channel="shop", started_at=time())  # type: ignore[operator]
        alive = Run.objects.create(flow="check_submissions", channel="shop", started_at=time())  # type: ignore[operator]
        run_flow("recover_stalled_jobs")
    outcomes = {run.pk: run.outcome for run in Run.objects.all()}
    assert outcomes[dead.pk] == outcomes[older.pk] == Run.Outcome.FAILED
    assert outcomes[alive.pk] == Run.Outcome.RUNNING


def test_what_a_person_waits_for_holds_no_lock_and_is_given_two_hours(time: MovingClock) -> None:
    preview = Run.objects.create(flow="preview_listings", channel="shop", started_at=time())
    time.advance(minutes=119)
    assert orphaned_runs() == []
    time.advance(minutes=2)
    assert orphaned_runs() == [preview.pk]


def test_a_lock_is_seen_from_outside_while_it_is_held() -> None:
    with advisory_lock("seen"):
        assert held_among({"seen", "unseen"}) == {"seen"}
    assert held_among({"seen"}) == set()


class Endless(FakeConnection):
    """Page after page: without an order to leave it goes on for ever."""

    def order_pages(self, cursor: str) -> Iterator[r.OrderPage]:
        for number in range(int(cursor or 0) + 1, 10_000):
            if number == 3:
                drain.time_is_over()
            yield r.OrderPage(orders=(order(f"A{number}", "SKU"),), cursor=str(number), last=False)


def test_a_worker_whose_time_is_over_stops_between_two_pages_and_gives_its_turn_back(
    monkeypatch: pytest.MonkeyPatch, time: object
) -> None:
    kind = ConnectorType(
        key="long", label="Long", role=Role.MARKETPLACE, settings=FakeSettings, connection=Endless
    )
    monkeypatch.setattr(connect, "connector_types", lambda: {"long": kind})
    add_channel(key="long", name="Long", connector=kind, settings=FakeSettings(), actor="test")
    try:
        run = run_flow("import_orders", "long")
    finally:
        drain.start_again()
    assert run is not None
    assert (run.outcome, run.error_kind) == (Run.Outcome.WAITING, "AskedToLeave")
    # The second and the third were to be stored together: they are read again, by whoever takes the turn.
    assert Order.objects.count() == 1
    assert Cursor.objects.get(channel__key="long", name="orders").value == "1"
    turn = Turn.objects.get(flow="import_orders", channel="long")
    assert turn.due_at == time()  # type: ignore[operator]
    assert turn.failures == 0


def test_the_address_of_several_servers_looks_for_the_one_that_takes_writes() -> None:
    found = database_from_url("postgresql://me:p%40ss@one:5432,two:5433/shop?sslmode=require")
    assert (found["HOST"], found["PORT"]) == ("one,two", "5432,5433")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("me", "p@ss", "shop")
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert options["target_session_attrs"] == "read-write"
    assert options["sslmode"] == "require"


def test_every_session_of_ours_ends_soon_after_its_machine_is_cut_off() -> None:
    """The bounds of the server's side are those that we asked for, on a real session."""
    execute("SELECT 1")
    shown = {
        name: fetch(f"SHOW {name}")[0][0]
        for name in ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    }  # fmt: skip
    assert shown == {
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "3",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "15000",
    }
