"""Accounting entries: balanced to the cent, each movement once, corrected by what it changed, sent once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.connectors.files.fec_check import check_fec
from comptoir.connectors.files.journals import write_journal
from comptoir.core import clock
from comptoir.finance.accounts import BadAccounts, Plan, save_map
from comptoir.finance.entry_lines import Movement, Share, payout_sums, sales_sums
from comptoir.finance.journal_deliveries import journal_lines, send_entries_again
from comptoir.finance.models import AccountingEntry, PostedSettlement, SettlementEntry
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Issue
from comptoir.orders.models import Order, OrderContact
from comptoir.sdk.accounting import AccountingLine
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Outcome, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState
from tests.domain.conftest import NOW, make_product
from tests.domain.records import Sold, order
from tests.flows.fakes import Erp, Market
from tests.flows.test_stock_counts import sell

Shop = tuple[Channel, Market]
Side = tuple[Channel, Erp]
SINCE = (NOW - timedelta(days=30)).date()


def set_up(channel: Channel | None = None, **more: Any) -> None:
    given: dict[str, Any] = {"journal": "VTMP", "accounts": {}, "commission_vat": "domestic"} | more
    if channel is None:
        given.setdefault("since", SINCE)
    save_map(channel, actor="zoe", **given)


def settled(
    shop: Shop, name: str, kind: str, amount: str, *, days: int = 3, paid_days: int | None = None,
    order: Order | None = None,
) -> SettlementEntry:  # fmt: skip
    at = clock.now() - timedelta(days=days)
    payout: datetime | None = None if paid_days is None else clock.now() - timedelta(days=paid_days)
    return SettlementEntry.objects.create(
        account=shop[0].account, channel=shop[0], external_id=name, state="final", kind=kind, amount=Decimal(amount),
        currency="EUR", order=order, booked_at=at, payout_at=payout, paid=payout is not None, created_at=at,
        updated_at=at,
    )  # fmt: skip


def written() -> list[dict[str, Decimal]]:
    """Account → debit above zero, credit below, entry by entry."""
    entries = AccountingEntry.objects.order_by("id").prefetch_related("rows")
    return [{row.account: row.debit - row.credit for row in entry.rows.all()} for entry in entries]


@pytest.fixture
def sold(shop: Shop, erp: Side) -> Order:
    """A mouse at 20 % and a book at 5.5 %."""
    make_product("MOUSE", on_hand=9)
    make_product("BOOK", on_hand=9)
    Product.objects.filter(sku="MOUSE").update(vat_rate=20)
    Product.objects.filter(sku="BOOK").update(vat_rate=Decimal("5.5"))
    sell(shop, order("A", Sold("MOUSE", 1, "60"), Sold("BOOK", 1, "21.10")))
    return Order.objects.get()


def test_a_sale_is_split_by_rate_and_a_payout_by_what_it_is_made_of(shop: Shop, sold: Order) -> None:
    set_up()
    settled(shop, "s", "sale", "81.10", order=sold, paid_days=1)
    settled(shop, "c", "commission", "-12.00", order=sold, paid_days=1)
    settled(shop, "f", "fee", "-39.90", paid_days=1)
    run_flow("write_journals")
    sales, payout = written()
    shipping = sold.shipping_amount
    assert shipping == 0
    assert sales == {
        "411000": Decimal("81.10"), "707000": -Decimal("70.00"), "445711": -Decimal("10.00"),
        "445713": -Decimal("1.10"),
    }  # fmt: skip
    assert payout == {
        "511000": Decimal("29.20"), "411000": -Decimal("81.10"), "622200": Decimal("10.00"),
        "622800": Decimal("33.25"), "445660": Decimal("8.65"),
    }  # fmt: skip


def test_run_again_nothing_is_written_twice_and_a_correction_is_its_difference(
    shop: Shop, sold: Order
) -> None:
    set_up()
    one = settled(shop, "s", "sale", "81.10", order=sold)
    for _ in range(3):
        run_flow("write_journals")
    assert AccountingEntry.objects.count() == 1
    one.amount = Decimal("80.10")
    one.save()
    run_flow("write_journals")
    assert [entry.total for entry in AccountingEntry.objects.order_by("number")] == [
        Decimal("81.10"),
        Decimal("1.00"),
    ]
    assert sum(posted.amount for posted in PostedSettlement.objects.all()) == Decimal("80.10")
    assert [entry.number for entry in AccountingEntry.objects.order_by("id")] == [1, 2]


def test_a_refund_is_the_sale_the_other_way_round(shop: Shop, sold: Order) -> None:
    set_up()
    settled(shop, "r", "refund", "-60.00", order=sold)
    run_flow("write_journals")
    (refund,) = written()
    assert refund["411000"] == -Decimal("60.00")
    assert sum(refund.values()) == 0


def test_what_nobody_can_split_goes_to_the_account_of_what_is_to_be_sorted(shop: Shop, sold: Order) -> None:
    set_up()
    settled(shop, "x", "sale", "10.00")
    OrderContact.objects.filter(order=sold).update(plain_shipping={"name": "Eva", "country": "DE"})
    settled(shop, "y", "sale", "81.10", order=sold)
    run_flow("write_journals")
    (entry,) = written()
    assert entry == {"411000": Decimal("91.10"), "471000": -Decimal("91.10")}


def test_nothing_is_written_before_the_first_day_of_today_or_without_a_plan(shop: Shop, sold: Order) -> None:
    settled(shop, "s", "sale", "81.10", order=sold)
    run_flow("write_journals")
    assert not AccountingEntry.objects.exists()
    set_up(since=(NOW - timedelta(days=2)).date())
    settled(shop, "today", "sale", "5", days=0)
    run_flow("write_journals")
    assert not AccountingEntry.objects.exists()


def test_a_foreign_marketplace_bills_without_vat_and_has_a_journal_of_its_own(shop: Shop, erp: Side) -> None:
    set_up()
    set_up(shop[0], journal="VTAMZ", commission_vat="reverse", accounts={"commission": "622210"})
    settled(shop, "c", "commission", "-10.00", paid_days=1)
    run_flow("write_journals")
    (entry,) = written()
    assert entry == {
        "511000": -Decimal("10.00"), "622210": Decimal("10.00"), "445662": Decimal("2.00"), "445200": -Decimal("2.00"),
    }  # fmt: skip
    assert AccountingEntry.objects.get().journal == "VTAMZ"


def test_no_account_is_called_so() -> None:
    for accounts in ({"sales": "7"}, {"sales": "ABC707"}, {"sales": "70 7000"}):
        with pytest.raises(BadAccounts):
            save_map(None, journal="VT", accounts=accounts, commission_vat="none", actor="zoe")


def test_the_fec_of_a_period_has_no_breach(shop: Shop, sold: Order) -> None:
    set_up()
    settled(shop, "s", "sale", "81.10", order=sold, paid_days=1)
    settled(shop, "c", "commission", "-12.00", order=sold, paid_days=1)
    settled(shop, "late", "sale", "7.77", days=9)
    run_flow("write_journals")
    content = write_journal("fec", journal_lines(AccountingEntry.objects.all()))
    assert check_fec(content) == ()
    assert len(content.splitlines()) == 1 + sum(len(entry) for entry in written())


def test_entries_are_sent_once_and_a_lost_answer_goes_under_the_same_number(
    shop: Shop, erp: Side, sold: Order
) -> None:
    set_up()
    settled(shop, "s", "sale", "81.10", order=sold)
    run_flow("write_journals")
    erp[1].journal_answers = [OutcomeUnknown("silence")]
    for _ in range(3):
        run_flow("export_journals_to_erp", "erp")
    assert [number for number, _ in erp[1].journals] == [1, 1]
    assert erp[1].journals[0][1] == erp[1].journals[1][1]
    assert AccountingEntry.objects.get().outcome == "done"


def test_a_refused_entry_is_an_issue_and_goes_again_by_an_audited_wish(
    shop: Shop, erp: Side, sold: Order
) -> None:
    set_up()
    settled(shop, "s", "sale", "81.10", order=sold)
    settled(shop, "t", "sale", "5.00", order=sold, days=4)
    run_flow("write_journals")
    refusal = Verdict(key="VTMP/1", outcome=Outcome.REJECTED, message="account closed")
    erp[1].journal_answers = [
        SubmissionReport(state=ImportState.COMPLETE, verdicts=(refusal,)),
        RejectedRecord("too long", record_id="VTMP/1"),
    ]
    run_flow("export_journals_to_erp", "erp")
    outcomes = dict(AccountingEntry.objects.values_list("number", "outcome"))
    assert outcomes == {1: "rejected", 2: "done"}
    assert Issue.objects.get(subject_kind="entry", state="open").subject == "VTMP/1"
    for expected in ("rejected", "done"):
        send_entries_again(list(AccountingEntry.objects.values_list("pk", flat=True)), actor="zoe")
        run_flow("export_journals_to_erp", "erp")
        assert AccountingEntry.objects.get(number=1).outcome == expected
    assert not Issue.objects.filter(subject_kind="entry", state="open").exists()


MONEY = st.decimals("-9999", "9999", places=2)
RATE = st.sampled_from([Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0), Decimal(7)])
SHARES = st.lists(st.builds(Share, st.decimals("0.01", "999", places=4), RATE, st.booleans()), max_size=4)
MOVEMENTS = st.lists(
    st.builds(
        Movement, st.sampled_from(["sale", "refund", "commission", "fee", "other"]), MONEY, SHARES.map(tuple)
    ),
    max_size=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MOVEMENTS, st.sampled_from(["domestic", "reverse", "none"]))
def test_whatever_is_told_debits_and_credits_are_equal_and_in_cents(
    movements: list[Movement], vat: str
) -> None:
    plan = Plan("J", {}, {}, Decimal(20), vat, date(2026, 1, 1))
    for sums in (sales_sums(movements, plan), payout_sums(movements, plan)):
        assert sum(sums.values(), Decimal(0)) == 0
        assert all(amount == amount.quantize(Decimal("0.01")) for amount in sums.values())


def test_lines_of_one_entry_have_one_side_each(shop: Shop, sold: Order) -> None:
    set_up()
    settled(shop, "s", "sale", "81.10", order=sold)
    run_flow("write_journals")
    lines: list[AccountingLine] = journal_lines(AccountingEntry.objects.all())
    assert all((line.debit > 0) != (line.credit > 0) for line in lines)
    assert {line.account_label for line in lines} >= {"Acheteurs des places de marché"}
