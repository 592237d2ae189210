"""Failures of the other side, in the words of what the reader can do about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from comptoir.flows.connect import UnknownConnector
from comptoir.sdk.errors import (
    ConfigurationError,
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)
from comptoir.sdk.i18n import N_


@dataclass(frozen=True)
class Explanation:
    what: str
    advice: str
    detail: str
    """The other side's own words."""

    @property
    def whole(self) -> str:
        return f"{self.what} {self.advice} ({self.detail})" if self.detail else f"{self.what} {self.advice}"


# The first class that fits speaks: the narrow ones stand before the wide ones.
_WORDS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        ConfigurationError,
        N_("The other side refuses these settings."),
        N_("Check the address and the key: a key that was replaced, or lacks rights, gives this."),
    ),
    (RateLimited, N_("The other side asks us to wait."), N_("Nothing is wrong: test again in a minute.")),
    (
        TransientError,
        N_("The other side does not answer."),
        N_("Check the address; if it is right, the service is down for now: test again later."),
    ),
    (
        UnexpectedAnswer,
        N_("Something answers there, but it does not speak this protocol."),
        N_("The address usually leads to another page: give the address of the back-office itself."),
    ),
    (RejectedRecord, N_("The other side refuses the test."), N_("Its own words say why.")),
    (OutcomeUnknown, N_("No answer came in time."), N_("Test again.")),
    (ConnectorError, N_("The test failed."), N_("The words of the other side say why.")),
    (UnknownConnector, N_("This kind of channel is not installed."), N_("Install its connector again.")),
)


def explain(error: Exception) -> Explanation:
    for kind, what, advice in _WORDS:
        if isinstance(error, kind):
            return Explanation(gettext(what), gettext(advice), str(getattr(error, "message", error)))
    raise error
