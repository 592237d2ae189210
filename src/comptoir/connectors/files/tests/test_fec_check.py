"""The checker on files that others wrote: each rule, and the line it names."""

from __future__ import annotations

import pytest

from comptoir.connectors.files.fec_check import COLUMNS, check_fec, check_fec_name

HEADING = "\t".join(COLUMNS)
GOOD = (
    ("VT", "Ventes", "1", "20260105", "411000", "Clients", "C1", "Un client", "F1", "20260104", "Vente",
     "12,00", "0,00", "", "", "20260110", "", ""),
    ("VT", "Ventes", "1", "20260105", "707000", "Ventes", "", "", "F1", "20260104", "Vente",
     "0", "12", "", "", "20260110", "", ""),
)  # fmt: skip


def fec(*rows: tuple[str, ...], separator: str = "\t", end: str = "\r\n") -> bytes:
    lines = [separator.join(row) for row in (COLUMNS, *rows)]
    return "".join(line + end for line in lines).encode("iso-8859-15")


def entry(journal: str, number: str, validated: str = "20260110") -> list[tuple[str, ...]]:
    return [(journal, row[1], number, *row[3:15], validated, *row[16:]) for row in GOOD]


def told(content: bytes, **options: str) -> list[tuple[str, int | None, str]]:
    return [(one.code, one.line, one.column) for one in check_fec(content, **options)]


@pytest.mark.parametrize("separator", ["\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_right_file_has_no_problem(separator: str, end: str) -> None:
    content = fec(*GOOD, *entry("VT", "2"), *entry("AC", "1"), separator=separator, end=end)
    assert told(content, file_name="732829320FEC20261231.txt") == []
    assert told(content[: -len(end)]) == []


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("JournalCode", "", "missing"),
        ("JournalLib", " ", "missing"),
        ("EcritureDate", "05/01/2026", "date"),
        ("EcritureDate", "20260230", "date"),
        ("PieceDate", "2026015", "date"),
        ("DateLet", "x", "date"),
        ("ValidDate", "", "missing"),
        ("CompteNum", "41X", "account"),
        ("CompteLib", "", "missing"),
        ("PieceRef", "", "missing"),
        ("EcritureLib", "", "missing"),
        ("Debit", "12.00", "amount"),
        ("Debit", "1 200,00", "amount"),
        ("Credit", "", "missing"),
        ("Montantdevise", "x", "amount"),
    ],
)
def test_each_cell_has_its_form(column: str, value: str, code: str) -> None:
    row = list(GOOD[0])
    row[COLUMNS.index(column)] = value
    assert (code, 2, column) in told(fec(tuple(row), GOOD[1]))


def test_an_amount_in_a_currency_needs_the_currency() -> None:
    row = (*GOOD[0][:16], "10,00", "")
    assert told(fec(row, GOOD[1])) == [("missing", 2, "Idevise")]


def test_debit_and_credit_are_not_on_one_line() -> None:
    row = (*GOOD[0][:11], "12,00", "12,00", *GOOD[0][13:])
    assert ("sides", 2, "Credit") in told(fec(row, GOOD[1]))


def test_every_entry_is_balanced_on_its_own() -> None:
    content = fec(GOOD[0], *[(*row[:2], "2", *row[3:]) for row in (GOOD[1],)])
    assert told(content) == [("balance", 2, ""), ("balance", 3, "")]
    assert "12" in check_fec(content)[0].message


def test_numbers_follow_each_other_in_each_journal() -> None:
    assert told(fec(*GOOD, *entry("AC", "9"), *entry("VT", "2"), *entry("AC", "10"))) == []
    assert told(fec(*GOOD, *entry("VT", "3"))) == [("number", 4, "EcritureNum")]
    assert told(fec(*GOOD, *entry("AC", "1"), *GOOD)) == [("number", 6, "EcritureNum")]
    (apart,) = check_fec(fec(*GOOD, *entry("AC", "1"), *GOOD))
    assert "its lines are apart" in apart.message
    assert told(fec(*entry("VT", "A"))) == [("number", 2, "EcritureNum")]
    assert told(fec(*entry("VT", "2026-0009"), *entry("VT", "2026-0010"), *entry("VT", "2027-0001"))) == []


def test_lines_are_in_the_order_of_their_validation() -> None:
    assert told(fec(*GOOD, *entry("VT", "2", "20260109"))) == [("order", 4, "ValidDate")]


def test_the_lines_of_an_entry_have_one_date() -> None:
    other = (*GOOD[1][:3], "20260106", *GOOD[1][4:])
    assert told(fec(GOOD[0], other)) == [("entry_date", 3, "EcritureDate")]


def test_nothing_is_booked_after_the_closing_of_the_files_name() -> None:
    assert told(fec(*GOOD), file_name="732829320FEC20260104.txt") == [
        ("closing", 2, "EcritureDate"),
        ("closing", 3, "EcritureDate"),
    ]


def test_opening_balances_come_first() -> None:
    assert told(fec(*entry("AN", "1"), *GOOD), opening_journal="AN") == []
    late = told(fec(*GOOD, *entry("AN", "1")), opening_journal="AN")
    assert late == [("opening", 4, "JournalCode"), ("opening", 5, "JournalCode")]


def test_the_heading_is_needed_whole_and_in_order() -> None:
    swapped = HEADING.replace("Debit\tCredit", "Credit\tDebit").encode()
    for content in (b"", HEADING.encode()[:-8], swapped, HEADING.replace("\t", ";").encode()):
        assert told(content + b"\r\n") == [("heading", 1, "")]


def test_a_short_line_is_told_and_the_next_ones_are_read() -> None:
    assert told(fec(GOOD[0][:17], *GOOD)) == [("columns", 2, "")]
    assert told(fec(GOOD[0]) + b"\r\n" + fec(GOOD[1]).split(b"\r\n", 1)[1]) == [("columns", 3, "")]


def test_utf_8_is_read_and_told() -> None:
    content = fec(*GOOD).decode("iso-8859-15").replace("Vente", "Pâté")
    assert told(content.encode()) == [("encoding", None, "")]
    assert told(content.encode("iso-8859-15")) == []
    assert told(b"\xef\xbb\xbf" + content.encode()) == [("encoding", None, "")]


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("732829320FEC20261231.txt", 0),
        ("732829321FEC20261231.txt", 1),
        ("732829320FEC20261331.txt", 1),
        ("732829320-FEC-20261231.txt", 1),
        ("732829320FEC20261231.csv", 1),
    ],
)
def test_the_files_name(name: str, problems: int) -> None:
    assert [one.code for one in check_fec_name(name)] == ["file_name"] * problems
