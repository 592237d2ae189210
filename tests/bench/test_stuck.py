"""A bench that cannot end says why at once."""

from __future__ import annotations

import pytest
from bench.amazon_publish import fail_when_stuck

from comptoir.journal.issues import Reason, Trouble, open_issues


@pytest.mark.django_db
def test_what_nobody_sends_is_told_with_the_issue_that_holds_it() -> None:
    open_issues([Trouble(Reason.PRICE_STEP, "19 → 90 is too large a step.", channel="amazon")])
    with pytest.raises(RuntimeError, match="too large a step"):
        fail_when_stuck((0, 25), (0, 25))


@pytest.mark.django_db
@pytest.mark.parametrize("after", [(0, 24), (0, 0)])
def test_what_goes_on_is_let_go_on(after: tuple[int, int]) -> None:
    fail_when_stuck((0, 25), after)
