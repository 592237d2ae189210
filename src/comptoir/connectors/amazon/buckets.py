"""Our own brakes, so that Amazon never has to use its own.

One token bucket per account and operation, one per application where Amazon has such a plan; both are
kept by the hub's throttle, which all workers share. Amazon sends no Retry-After with its 429: the time
of one token is then what we wait. The rate granted to the account is read from the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from comptoir.connectors.amazon.operations import APPLICATION_LIMITS, LIMITS
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import RateLimited
from comptoir.sdk.http import Limit

RATE_HEADER = "x-amzn-ratelimit-limit"
LONGEST_WAIT_S = 2.0
_DAY_S = 24 * 3600


class Buckets:
    """`application` is the client identifier: accounts that share it share its buckets."""

    def __init__(self, context: Context, application: str) -> None:
        self._context = context
        self._cache = context.shared or context.cache
        self._application = application
        self._lifted = context.overrides.get("throttle") == "off"
        self._learned: dict[str, float] = {}

    def take(self, operation: str) -> None:
        """Wait for a token if that is short; RateLimited when it is not."""
        if self._lifted:
            return
        # The account's last: a token taken before the wait for another bucket is one too many after it.
        if plan := APPLICATION_LIMITS.get(operation):
            self._take(self._shared_key(operation), plan, operation)
        self._take(f"{self._context.account}:{operation}", self.limit(operation), operation)

    def refused(self, operation: str, error: RateLimited) -> None:
        """Amazon said 429: everyone waits as long as it says, else the time of one token.

        It does not say which bucket was empty. That of the application closes too, until Amazon's is full
        again (a second, in all its plans): ours knows nothing of what other programs took, and would let
        every call of every account run into a 429 of its own.
        """
        limit = self.limit(operation)
        if error.retry_after is None:
            error.retry_after = timedelta(seconds=1 / limit.rate)
        seconds = error.retry_after.total_seconds()
        self._context.throttle.drain(f"{self._context.account}:{operation}", limit, seconds)
        if plan := APPLICATION_LIMITS.get(operation):
            self._context.throttle.drain(self._shared_key(operation), plan, plan.burst / plan.rate)

    def learn(self, operation: str, headers: Mapping[str, str]) -> None:
        try:
            rate = float(headers.get(RATE_HEADER, ""))
        except ValueError:
            return
        if rate > 0 and rate != self.limit(operation).rate:
            self._learned[operation] = rate
            self._cache.set(f"rate:{operation}", repr(rate).encode(), seconds=_DAY_S)

    def limit(self, operation: str) -> Limit:
        if operation not in self._learned:
            kept = self._cache.get(f"rate:{operation}")
            self._learned[operation] = float(kept) if kept else LIMITS[operation].rate
        return Limit(self._learned[operation], LIMITS[operation].burst)

    def _shared_key(self, operation: str) -> str:
        return f"amazon-app:{self._application}:{operation}"

    def _take(self, key: str, limit: Limit, operation: str) -> None:
        wait = self._context.throttle.take(key, limit)
        if 0 < wait <= LONGEST_WAIT_S:
            self._context.sleep(wait)
            wait = self._context.throttle.take(key, limit)  # another worker may have been quicker
        if wait > 0:
            raise RateLimited(f"{operation}: our own limit.", retry_after=timedelta(seconds=wait))
