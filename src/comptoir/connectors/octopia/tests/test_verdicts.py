"""One verdict per item, whatever happens to the others."""

from __future__ import annotations

import pytest

from comptoir.connectors.octopia.verdicts import NotYet, done, verdict_each
from comptoir.sdk.errors import (
    ConfigurationError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
)
from comptoir.sdk.records import Outcome, Verdict

D, J, R, U = Outcome.DONE, Outcome.REJECTED, Outcome.RETRY, Outcome.UNKNOWN


def outcomes(errors: list[Exception | None]) -> list[Outcome]:
    def write(index: int) -> Verdict:
        error = errors[index]
        if error is not None:
            raise error
        return done(str(index))

    return [verdict.outcome for verdict in verdict_each(range(len(errors)), str, write)]


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([None, RejectedRecord("no"), None], [D, J, D]),
        ([NotYet("soon"), None, None], [R, D, D]),
        ([None, OutcomeUnknown("lost"), None], [D, U, D]),
        ([None, TransientError("down"), None, None], [D, R, R, R]),
        ([TransientError("down"), None], [R, R]),
        ([None, ConfigurationError("key"), None], [D, R, R]),
        ([None, RateLimited("slow"), None], [D, R, R]),
    ],
)
def test_trouble_of_one_item_is_its_own_and_trouble_of_all_stops(
    errors: list[Exception | None], expected: list[Outcome]
) -> None:
    assert outcomes(errors) == expected


@pytest.mark.parametrize("error", [ConfigurationError("key"), RateLimited("slow")])
def test_what_concerns_the_channel_is_raised_when_nothing_was_written(error: Exception) -> None:
    with pytest.raises(type(error)):
        outcomes([error, None])
