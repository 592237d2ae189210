"""The check of the stock finds what somebody did behind the ledger's back."""

from __future__ import annotations

from comptoir.flows.policy import run_flow
from comptoir.inventory.models import Stock
from comptoir.journal.models import Issue
from tests.domain.conftest import make_product


def test_a_tampered_stock_is_an_issue_until_it_adds_up_again(db: None) -> None:
    make_product("MOUSE", on_hand=5)
    run_flow("check_stock", "")
    assert not Issue.objects.exists()
    Stock.objects.update(on_hand=6, reserved=1)
    run_flow("check_stock", "")
    issue = Issue.objects.get()
    assert (issue.state, issue.subject) == ("open", "MOUSE @ MAIN")
    assert issue.detail == {"on_hand": 6, "ledger": 5, "reserved": 1, "kept": 0}
    Stock.objects.update(on_hand=5, reserved=0)
    run_flow("check_stock", "")
    issue.refresh_from_db()
    assert issue.state == "closed"
