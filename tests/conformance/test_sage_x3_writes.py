"""What is written to a Sage X3 over real HTTP: once, whatever becomes of the answer, and refused in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from comptoir.connectors.sage_x3.connection import SageX3Connection
from comptoir.connectors.sage_x3.deliveries import Look
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Outcome
from tests.conformance.x3 import X3, order, running_x3, stock, verdicts, well_stocked


@pytest.fixture(params=["XML", "JSON"])
def x3(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[X3]:
    """Both forms of result, and both ways to sign in."""
    auth = "jwt" if request.param == "XML" else "basic"
    with running_x3(tmp_path, f'result_format = "{request.param}"\nauth = "{auth}"') as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("timeout_after", Outcome.DONE),
        ("dropped_after", Outcome.DONE),
        ("truncated", Outcome.DONE),
        ("late_import", Outcome.UNKNOWN),
        ("dropped_before", Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("own_numbers", [False, True])
def test_a_write_without_an_answer_is_looked_up_and_never_written_twice(
    x3: X3, fault: str, outcome: Outcome, own_numbers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    x3.timeout_s = 1.0
    numbering = {"own_numbers": own_numbers, "order_type": "SWB" if own_numbers else "SON"}
    connection = x3.connect(**numbering)
    sold = [order("CO-000000001", (well_stocked(connection)[0], 1, "10.00"))]
    assert verdicts(connection.submit_orders(1, [])) == {}
    _blind(connection, monkeypatch)
    x3.fault(fault)
    first = verdicts(connection.submit_orders(1, sold))["CO-000000001"]
    assert first.outcome is outcome, first
    again = x3.connect(**numbering)
    assert verdicts(again.submit_orders(2, sold))["CO-000000001"].outcome is outcome, "asked again at once"
    assert len(x3.documents()) <= 1
    x3.advance(minutes=16)
    assert verdicts(again.submit_orders(3, sold))["CO-000000001"].outcome is Outcome.DONE
    assert [document["reference"] for document in x3.documents()] == ["CO-000000001"]
    if own_numbers:
        assert x3.documents()[0]["number"] == "CO-000000001"


def _blind(connection: SageX3Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The looks before the write find nothing and ask for nothing, so that the next fault meets the write."""
    writer, look_of = connection._writer, connection._writer._order_look

    def blind_once(reference: str) -> Look:
        looks: list[Look] = [str, look_of(reference)]
        return lambda: (looks.pop(0) if len(looks) > 1 else looks[0])()

    monkeypatch.setattr(writer, "_orders", lambda references: [])
    monkeypatch.setattr(writer, "_order_look", blind_once)


def test_with_our_own_numbers_x3_itself_refuses_a_second_one(x3: X3, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = x3.connect(own_numbers=True, order_type="SWB")
    sold = [order("CO-000000001", (well_stocked(connection)[0], 1, "10.00"))]
    connection.submit_orders(1, sold)
    _blind(connection, monkeypatch)
    told = verdicts(connection.submit_orders(2, sold))["CO-000000001"]
    assert (told.outcome, told.external_id) == (Outcome.DONE, "CO-000000001")
    assert len(x3.documents()) == 1


def test_a_record_that_somebody_holds_or_a_pool_without_a_session_waits_for_the_next_turn(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    sold = [order(f"CO-00000000{n}", (article, 1, "10.00")) for n in range(1, 4)]
    connection.submit_orders(1, sold[:1])
    codes = set()
    for number in range(2, 12):
        x3.post("/faults", {"party": "sage-x3-1", "set": {"rates": {"partial_failure": 1.0}}})
        told = verdicts(connection.submit_orders(number, sold))
        assert [told[o.reference].outcome for o in sold] == [Outcome.DONE, Outcome.RETRY, Outcome.RETRY]
        codes |= {told[o.reference].code for o in sold[1:]}
    assert codes == {"", "x3_locked"}, "both kinds were met"
    x3.post("/faults", {"party": "sage-x3-1", "set": {"rates": {}}})
    told = verdicts(connection.submit_orders(12, sold))
    assert {verdict.outcome for verdict in told.values()} == {Outcome.DONE}
    assert len(x3.documents()) == 3


def test_what_x3_refuses_is_refused_alone_and_what_does_not_add_up_never_leaves(x3: X3) -> None:
    connection = x3.connect()
    article = well_stocked(connection)[0]
    good, bad = order("CO-000000001", (article, 1, "10.00")), order("CO-000000002", ("NOTHING", 1, "5.00"))
    told = verdicts(connection.submit_orders(1, [good, bad]))
    assert told["CO-000000001"].outcome is Outcome.DONE
    assert (told["CO-000000002"].outcome, told["CO-000000002"].code) == (Outcome.REJECTED, "x3")
    assert "Article : NOTHING" in told["CO-000000002"].message
    wrong = order("CO-000000003", (article, 1, "10.00"))
    bent = msgspec.structs.replace(
        wrong, order=msgspec.structs.replace(wrong.order, total_amount=Decimal("12.00"))
    )
    with pytest.raises(RejectedRecord, match="its lines make"):
        connection.submit_orders(2, [bent])


def test_an_order_of_more_than_is_there_is_taken_and_x3s_warning_is_kept(x3: X3) -> None:
    connection = x3.connect()
    scarce = min(stock(connection).items(), key=lambda pair: pair[1])
    told = verdicts(
        connection.submit_orders(1, [order("CO-000000001", (scarce[0], scarce[1] + 5, "100.00"))])
    )
    assert told["CO-000000001"].outcome is Outcome.DONE
    assert "stock insuffisant" in told["CO-000000001"].message


def test_one_customer_per_buyer_is_made_once(x3: X3) -> None:
    connection = x3.connect(customer_mode="buyer")
    connection.check()
    article = well_stocked(connection)[0]
    sold = [order(f"CO-00000000{n}", (article, 1, "10.00"), email="ana@example.com") for n in (1, 2)]
    assert {v.outcome for v in verdicts(connection.submit_orders(1, sold)).values()} == {Outcome.DONE}
    again = x3.connect(customer_mode="buyer")
    third = order("CO-000000003", (article, 1, "10.00"), email="ANA@example.com")
    assert {v.outcome for v in verdicts(again.submit_orders(2, [third])).values()} == {Outcome.DONE}
    assert len(x3.documents()) == 3
