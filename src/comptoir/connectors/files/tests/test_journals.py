"""The three formats of a journal, each line and each field of them, and what is never written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from comptoir.connectors.files.fec import fec_name, write_fec
from comptoir.connectors.files.fec_check import COLUMNS, check_fec
from comptoir.connectors.files.journals import FORMATS
from comptoir.connectors.files.mecg import OLD_LABEL_LENGTH, write_mecg
from comptoir.connectors.files.tests.entries import posting, sale
from comptoir.connectors.files.ximport import write_ximport
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.errors import RejectedRecord


def test_ximport_line_by_line() -> None:
    data = write_ximport([*sale("7"), *sale("8")])
    assert data.endswith(b"\r\n")
    lines = data.decode("cp850").split("\r\n")[:-1]
    assert [len(line) for line in lines] == [138] * 6
    assert lines[0] == (
        "00001"
        "VF"
        "20261123"
        "20261205"
        "F-2026-001  "
        "FNAC       "
        "Commande C-000001        "
        "0000000120.00"
        "D"
        "            "
        "      "
        "Clients de la Fnac                "
        "O"
    )
    assert (lines[2][15:23], lines[2][35:46], lines[2][71:85]) == (" " * 8, "445710     ", "0000000020.00C")
    assert lines[2][103:137].rstrip() == "TVA collectée"
    assert [line[:5] for line in lines] == ["00001"] * 3 + ["00002"] * 3


def test_mecg_block_by_block() -> None:
    data = write_mecg(sale("7"))
    text = data.decode("cp850")
    blocks = text.split("#MECG\r\n")
    assert (blocks[0], len(blocks), text.count("\n"), text.count("\r\n")) == ("", 4, 3 * 40, 3 * 40)
    fields = blocks[1].split("\r\n")
    assert fields[38:] == ["", ""]  # the empty line, and what follows its end
    assert fields[:18] == [
        *("VF", "231126", "231126", "7", "F-2026-001", "", "411000", "", "FNAC", "", "Commande C-000001"),
        *("0", "051226", "0,000000", "0,00", "0", "0", "120,00"),
    ]
    assert fields[18:38] == [
        *("", "", "", "0", "0", "0", "", "", "0", "0", "0", "", "", "", "", "0", "0,00", "", "", "0"),
    ]
    credit = blocks[3].split("\r\n")
    assert (credit[6], credit[8], credit[12], credit[16:18]) == ("445710", "", "", ["1", "20,00"])


def test_mecg_of_an_older_sage_has_shorter_labels() -> None:
    lines = sale(label="x" * 36)
    assert write_mecg(lines).count(b"x" * 36) == 3
    with pytest.raises(RejectedRecord, match="longer than 35"):
        write_mecg(lines, label_length=OLD_LABEL_LENGTH)


def test_fec_line_by_line() -> None:
    foreign = {"currency": "GBP", "currency_amount": Decimal("100.5")}
    data = write_fec(sale("7", lettering="A", lettered_on=date(2026, 11, 30), **foreign))
    heading, first, *_, last, end = data.decode("iso-8859-15").split("\r\n")
    assert (heading.split("\t"), end) == (list(COLUMNS), "")
    assert first.split("\t") == [
        *("VF", "Ventes Fnac", "7", "20261123", "411000", "Clients", "FNAC", "Clients de la Fnac"),
        *("F-2026-001", "20261122", "Commande C-000001", "120,00", "0,00", "A", "20261130", "20261123"),
        *("100,50", "GBP"),
    ]
    assert last.split("\t")[5:8] == ["TVA collectée", "", ""]
    assert write_fec(sale(), separator="|").count(b"|") == 4 * 17
    assert check_fec(data, file_name=fec_name("732 829 320", date(2026, 12, 31))) == ()


def test_a_fec_is_named_after_a_siren_that_exists() -> None:
    assert fec_name("732829320", date(2026, 12, 31)) == "732829320FEC20261231.txt"
    with pytest.raises(ValueError, match="SIREN"):
        fec_name("732829321", date(2026, 12, 31))


@pytest.mark.parametrize("format_name", FORMATS)
def test_texts_for_people_take_the_nearest_letters_and_one_line(format_name: str) -> None:
    chosen = FORMATS[format_name]
    written = chosen.write(sale(label="Č\tl\u2019œuf\r\n– été")).decode(chosen.encoding)
    expected = "C l'œuf - été" if format_name == "fec" else "C l'oeuf - été"
    assert written.count(expected) == 3


UNBALANCED = [posting("411000", "Clients", debit="120"), posting("707000", "Ventes", credit="119.99")]
BOTH = [posting("411000", "Clients", debit="1", credit="1")]
NEGATIVE = [posting("4", "x", debit="-1"), posting("5", "y", credit="-1")]
TENTHS = [posting("411000", "x", debit="0.001"), posting("512000", "y", credit="0.001")]
TWO_DAYS = [posting("411000", "x", debit="1"), posting("512", "y", credit="1", entry_date=date(2026, 1, 1))]
APART = [*sale("1"), *sale("2"), *sale("1")]


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (UNBALANCED, "not equal"),
        (BOTH, "one only"),
        ([posting("411000", "x")], "one only"),
        (NEGATIVE, "below zero"),
        (TENTHS, "in cents"),
        ([posting("411000", "x", debit="NaN")], "no amount"),
        (sale(currency="GBP"), "needs both"),
        (sale(currency="£", currency_amount=Decimal(1)), "currency code"),
        (TWO_DAYS, "different dates"),
        (APART, "do not follow"),
        (sale(journal=""), "journal"),
        (sale(piece="F\n1"), "piece"),
        (sale(piece="货"), "piece"),
        (sale(label=" \t"), "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_bookkeeping_is_refused_in_every_format(
    format_name: str, lines: list[AccountingLine], said: str
) -> None:
    with pytest.raises(RejectedRecord) as caught:
        FORMATS[format_name].write(lines)
    assert said in caught.value.message.lower().replace("journalcode", "journal").replace("pieceref", "piece")
    assert caught.value.record_id == f"{lines[0].journal}/1"


@pytest.mark.parametrize(
    ("format_name", "name", "longest"),
    [
        ("ximport", "journal", 2),
        ("ximport", "piece", 12),
        ("ximport", "auxiliary", 11),
        ("ximport", "account", 11),
        ("ximport", "label", 25),
        ("ximport", "account_label", 34),
        ("mecg", "journal", 6),
        ("mecg", "entry", 13),
        ("mecg", "piece", 17),
        ("mecg", "account", 13),
        ("mecg", "auxiliary", 17),
        ("mecg", "label", 69),
    ],
)
def test_a_field_that_is_too_long_is_refused_and_never_cut(format_name: str, name: str, longest: int) -> None:
    fitting: Any = {name: "7" * longest}
    assert b"7" * longest in FORMATS[format_name].write(
        sale(**fitting) if name != "auxiliary" else _third(longest)
    )
    lines = _third(longest + 1) if name == "auxiliary" else sale(**{name: "7" * (longest + 1)})
    with pytest.raises(RejectedRecord, match=f"{name} is longer than {longest}|account is longer than 11"):
        FORMATS[format_name].write(lines)


def _third(length: int) -> list[AccountingLine]:
    aux = {"auxiliary": "7" * length, "auxiliary_label": "x"}
    return [posting("411000", "x", debit="1", **aux), posting("512000", "y", credit="1")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"validated_on": None}, "ValidDate is empty"),
        ({"account": "41A000"}, "three digits"),
        ({"entry": "VF"}, "does not end in a number"),
        ({"account_label": ""}, "CompteLib is empty"),
    ],
)
def test_the_fec_writer_keeps_the_rules_of_its_checker(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RejectedRecord, match=said):
        write_fec(sale(**changes))


def test_the_fec_writer_wants_entries_in_order_and_without_a_hole() -> None:
    with pytest.raises(RejectedRecord, match="does not follow") as caught:
        write_fec([*sale("1"), *sale("3")])
    assert caught.value.record_id == "VF/3"
    with pytest.raises(RejectedRecord, match="Validated before"):
        write_fec([*sale("1"), *sale("2", validated_on=date(2026, 11, 1))])
    with pytest.raises(RejectedRecord, match="separator"):
        write_fec(sale(label="a|b"), separator="|")


def test_ximport_holds_no_more_entries_than_its_numbers() -> None:
    two = [posting("411000", "x", debit="1"), posting("512000", "y", credit="1")]
    with pytest.raises(RejectedRecord, match="99999 entries") as caught:
        write_ximport([_in(line, n) for n in range(1, 100_001) for line in two])
    assert caught.value.record_id == "VF/100000"


def _in(line: AccountingLine, entry: int) -> AccountingLine:
    return AccountingLine(
        **{name: getattr(line, name) for name in line.__struct_fields__} | {"entry": str(entry)}
    )
