"""Files refused whole, and names that are none of ours."""

from __future__ import annotations

import json
import os

import pytest

from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.taking import take_all, told
from comptoir.sdk.errors import UnexpectedAnswer


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"sha256": "0" * 64}, "checksum"),
        ({"rows": 3}, "rows"),
        ({"contract": "comptoir-files/2"}, "contract"),
        ({"kind": "products"}, "contract"),
        ({"sequence": 2}, "contract"),
        ({"separator": "|"}, "contract"),
        ({"decimal": "'"}, "contract"),
        ({"as_of": None}, "contract"),
        ({"created_at": "yesterday"}, "contract"),
        ({"encoding": "utf-16"}, "encoding"),
    ],
)
def test_a_refused_file_is_told_and_stops_nothing(
    erp: Erp, connect: Connect, manifest: dict[str, object], reason: str
) -> None:
    data = erp.stock(1, A=9)
    told_of_it = json.loads((erp.outbox / "stock-000000001.json").read_bytes()) | manifest
    (erp.outbox / "stock-000000001.json").write_text(json.dumps(told_of_it))
    erp.stock(2, A=5)
    batches, cursor = take_all(connect())
    assert [(b.key, len(b.levels)) for b in batches] == [
        (f"stock-000000001:{reason}", 0),
        ("stock-000000002", 1),
    ]
    (rejected,) = batches[0].rejected
    assert (rejected.external_id, rejected.code, rejected.line) == ("stock-000000001.csv", reason, None)
    assert batches[0].as_of.year == 1970
    assert erp.receipt("stock-000000001") | {"read_at": ""} == {
        "contract": "comptoir-files/1",
        "kind": "stock",
        "sequence": 1,
        "read_at": "",
        "taken": 0,
        "rejected": [],
        "refused": reason,
    }
    assert (erp.outbox / "refused" / "stock-000000001.csv").read_bytes() == data
    assert json.loads(cursor)["sequence"] == 2


def test_a_manifest_that_is_no_json_is_refused(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    (erp.outbox / "stock-000000001.json").write_bytes(b"\xff{")
    (batch,), _ = take_all(connect())
    assert batch.key == "stock-000000001:contract"
    assert erp.left() == []


def test_a_manifest_without_its_data_is_refused(erp: Erp, connect: Connect) -> None:
    erp.stock(1, A=9)
    (erp.outbox / "stock-000000001.csv").unlink()
    (batch,), _ = take_all(connect())
    assert "stock-000000001.csv" in batch.rejected[0].message
    assert erp.receipt("stock-000000001")["refused"] == "contract"


def test_a_refused_number_may_come_again_put_right_until_a_later_one_is_taken(
    erp: Erp, connect: Connect
) -> None:
    erp.send("stock", 1, [{"sku": "A", "warehouse": "L", "quantity": 1}], sha256="0" * 64)
    _, cursor = take_all(connect())
    erp.stock(1, A=9)
    batches, cursor = take_all(connect(), cursor)
    assert told(batches) == [("stock-000000001", {"A": 9})]
    assert erp.receipt("stock-000000001")["taken"] == 1
    assert take_all(connect(), cursor) == ([], cursor)


# --- names ----------------------------------------------------------------------------------------------


def test_names_outside_the_contract_are_left_alone(erp: Erp, connect: Connect) -> None:
    names = ["stock-1.json", "stock-0000000001.json", "STOCK-000000001.json", "stock-000000001.json.bak"]
    for name in [*names, "stock-000000001.xml", ".stock-000000001.json.tmp"]:
        (erp.outbox / name).write_text("{}")
    (erp.outbox / "stock-000000009.json").mkdir()
    assert take_all(connect()) == ([], "")
    assert set(names) <= set(erp.left())


def test_links_and_pipes_are_not_followed(erp: Erp, connect: Connect) -> None:
    secret = erp.root.parent / "secret"
    secret.write_text("{}")
    (erp.outbox / "stock-000000001.json").symlink_to(secret)
    assert take_all(connect()) == ([], "")
    erp.stock(2, A=1)
    (erp.outbox / "stock-000000001.json").unlink()
    erp.stock(1, A=1)
    (erp.outbox / "stock-000000001.csv").unlink()
    os.mkfifo(erp.outbox / "stock-000000001.csv")
    batches, _ = take_all(connect())
    assert [batch.key for batch in batches] == ["stock-000000001:contract", "stock-000000002"]


@pytest.mark.parametrize("key", ["../etc/passwd", "stock-1", "stock-000000001/../x", ""])
def test_a_key_that_is_no_batch_is_refused(connect: Connect, key: str) -> None:
    with pytest.raises(ValueError):
        connect().acknowledge(key, [])


def test_a_cursor_that_is_no_cursor_stops(connect: Connect) -> None:
    with pytest.raises(UnexpectedAnswer):
        list(connect().stock_batches("12"))
