"""A numbered delivery, item by item: look, write, look again after silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from comptoir.connectors.sage_x3.attempts import Attempts
from comptoir.connectors.sage_x3.client import BUSY
from comptoir.connectors.sage_x3.services import LOCKED
from comptoir.sdk.errors import ConfigurationError, OutcomeUnknown, RejectedRecord, TransientError
from comptoir.sdk.records import Outcome, Receipt, SubmissionReport, Verdict
from comptoir.sdk.statuses import ImportState

Call = Callable[[], tuple[str, str]]
"""Writes; gives the number of what was written, and X3's warnings."""
Look = Callable[[], str]
"""The number of what is there; "" when it is not."""
Item = tuple[str, Call, Look]


def never() -> str:
    """Of what says where something shall stand: asked again, it changes nothing."""
    return ""


class Deliveries:
    def __init__(self, attempts: Attempts, *, own_numbers: bool) -> None:
        self._attempts = attempts
        self._own_numbers = own_numbers

    def receipt(self, kind: str, number: int, known: dict[str, str], items: Sequence[Item]) -> Receipt:
        for key in known:
            self._attempts.end(key)
        verdicts = [_found(key, document) for key, document in sorted(known.items())]
        verdicts += self._write_all(items, written=len(known))
        report = SubmissionReport(state=ImportState.COMPLETE, verdicts=tuple(verdicts))
        return Receipt(external_id=f"{kind}-{number}", report=report)

    def _write_all(self, items: Sequence[Item], *, written: int) -> Iterator[Verdict]:
        """One after the other. A record that somebody holds waits alone; when X3 itself cannot go on, the rest is
        told again later, and when nothing at all could be done, the error is raised, so that the next turn waits."""
        done = written
        for place, (key, write, look) in enumerate(items):
            try:
                yield self._write_one(key, write, look)
                done += 1
            except (TransientError, ConfigurationError) as error:
                if error.code == LOCKED:
                    yield Verdict(key=key, outcome=Outcome.RETRY, code=error.code, message=error.message)
                    done += 1
                    continue
                if not done:
                    raise
                yield from (Verdict(key=rest[0], outcome=Outcome.RETRY) for rest in items[place:])
                return

    def _write_one(self, key: str, write: Call, look: Look) -> Verdict:
        """Looked for once more just before: what a lost call of a moment ago has made is found here."""
        if look is never:
            return self._written(key, write, look)
        if there := look():
            self._attempts.end(key)
            return _found(key, there)
        if self._attempts.is_open(key):
            words = "asked for a moment ago without an answer: looked for again before it is written"
            return Verdict(key=key, outcome=Outcome.UNKNOWN, code="settling", message=words)
        self._attempts.begin(key)
        try:
            verdict = self._written(key, write, look)
        except (TransientError, ConfigurationError) as error:
            if error.code in (BUSY, LOCKED) or error.status in (None, 401, 403, 429, 503):
                self._attempts.end(key)  # it never began
            raise
        if verdict.outcome is not Outcome.UNKNOWN:
            self._attempts.end(key)
        return verdict

    def _written(self, key: str, write: Call, look: Look) -> Verdict:
        try:
            document, warnings = write()
        except RejectedRecord as error:
            if self._own_numbers and (there := look()):
                return _found(key, there)  # « this number exists »: the lost call made it
            return Verdict(key=key, outcome=Outcome.REJECTED, code=error.code, message=error.message)
        except OutcomeUnknown as error:
            return self._look_again(key, look, error)
        return Verdict(key=key, outcome=Outcome.DONE, external_id=document, message=warnings)

    def _look_again(self, key: str, look: Look, error: OutcomeUnknown) -> Verdict:
        """Never a blind second write: what is not found now is looked for by the next deliveries, first."""
        try:
            if there := look():
                return _found(key, there)
        except (TransientError, OutcomeUnknown):
            pass  # still unknown, and said so below
        return Verdict(key=key, outcome=Outcome.UNKNOWN, code=error.code, message=error.message)


def _found(key: str, document: str) -> Verdict:
    return Verdict(key=key, outcome=Outcome.DONE, external_id=document, message="found in X3")
