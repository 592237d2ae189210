"""CSV as ERPs write it: dialects, habits, damage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.files.tests.conftest import Connect
from comptoir.connectors.files.tests.erp import Erp
from comptoir.connectors.files.tests.test_parsing import PRODUCT
from comptoir.sdk.records import StockLevel


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "iso-8859-15", "UTF-8"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_every_dialect_is_read_as_its_manifest_says(
    erp: Erp, connect: Connect, encoding: str, separator: str, decimal: str
) -> None:
    row = PRODUCT | {name: PRODUCT[name].replace(".", decimal) for name in ("purchase_price", "vat_rate")}
    row["list_price"] = f"29{decimal}90"
    erp.send("products", 1, [row], encoding=encoding, separator=separator, decimal=decimal)
    (batch,) = connect().product_batches("")
    (product,) = batch.products
    assert (product.title, product.list_price) == ("Souris « Éclair »", Decimal("29.90"))


def test_columns_come_in_any_order_and_unknown_ones_are_ignored(erp: Erp, connect: Connect) -> None:
    row = {"colour": "red", "Quantity": "7", " WAREHOUSE ": "LYON", "sku": "A", "": ""}
    erp.send("stock", 1, [row])
    (batch,) = connect().stock_batches("")
    assert batch.levels == (StockLevel(sku="A", warehouse="LYON", quantity=7),)


HEADER = b"sku;warehouse;quantity\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + HEADER + b"A;LYON;7\nB;LYON;8\n",
        HEADER + b"A;LYON;7\r\nB;LYON;8\n",
        HEADER + b"A;LYON;7\nB;LYON;8",
        HEADER + b"A;LYON;7\n\nB;LYON;8\n\n\n",
        HEADER + b"A;LYON;7;;\nB;LYON;8\n",
        HEADER + b' A ;"LYON";"7"\nB;LYON; 8\n',
    ],
    ids=["byte order mark", "mixed line ends", "no last line end", "empty lines", "empty cells", "spaces"],
)
def test_habits_of_exports_are_accepted(erp: Erp, connect: Connect, data: bytes) -> None:
    erp.send_bytes("stock", 1, data, rows=2)
    (batch,) = connect().stock_batches("")
    assert [(level.sku, level.quantity) for level in batch.levels] == [("A", 7), ("B", 8)]
    assert batch.rejected == ()


def test_line_breaks_and_separators_in_quotes_belong_to_their_cell(erp: Erp, connect: Connect) -> None:
    data = b'sku;title\nA;"Mouse; ""wired""\r\nblack"\nB;\nC;Pad\n'
    erp.send_bytes("products", 1, data, rows=3)
    (batch,) = connect().product_batches("")
    assert [product.title for product in batch.products] == ['Mouse; "wired"\r\nblack', "Pad"]
    assert [(rejected.line, rejected.external_id) for rejected in batch.rejected] == [(3, "B")]


@pytest.mark.parametrize("line", [b"B;LYON", b"B;LYON;8;9"])
def test_a_line_with_cells_too_few_or_too_many_is_set_aside(erp: Erp, connect: Connect, line: bytes) -> None:
    erp.send_bytes("stock", 1, HEADER + b"A;LYON;7\n" + line + b"\n")
    (batch,) = connect().stock_batches("")
    assert [level.sku for level in batch.levels] == ["A"]
    assert [(rejected.code, rejected.line) for rejected in batch.rejected] == [("columns", 3)]


@pytest.mark.parametrize(
    ("data", "manifest", "reason"),
    [
        (HEADER + b"\xe9;LYON;7\n", {}, "encoding"),
        (HEADER + b"\x81;LYON;7\n", {"encoding": "cp1252"}, "encoding"),
        (b"\xef\xbb\xbf" + HEADER + b"A;LYON;7\n", {"encoding": "cp850"}, "encoding"),
        (b"sku;quantity\nA;7\n", {}, "contract"),
        (b"sku;warehouse;quantity;SKU\nA;LYON;7;B\n", {}, "contract"),
        (b"", {"rows": 0}, "contract"),
        (HEADER + b'A;"LYON;7\nB;LYON;8\n', {}, "rows"),
        (HEADER + b'A;"LYON;7\n' + b"B;LYON;8\n" * 20_000, {}, "contract"),
        (HEADER.replace(b";", b","), {"rows": 0}, "contract"),
    ],
    ids=[
        *("latin in utf-8", "hole of cp1252", "utf-8 said cp850", "column missing", "column doubled"),
        *("empty", "open quote", "open quote in a long file", "other separator"),
    ],
)
def test_a_file_that_is_not_as_told_is_refused_whole(
    erp: Erp, connect: Connect, data: bytes, manifest: dict[str, Any], reason: str
) -> None:
    erp.send_bytes("stock", 1, data, **manifest)
    (batch,) = connect().stock_batches("")
    assert batch.levels == ()
    assert [rejected.code for rejected in batch.rejected] == [reason]


def test_a_file_without_rows_is_a_file(erp: Erp, connect: Connect) -> None:
    erp.send_bytes("stock", 1, HEADER)
    (batch,) = connect().stock_batches("")
    assert (batch.levels, batch.rejected) == ((), ())
