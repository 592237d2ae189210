"""Offer packages: opened, filled by 100, closed, then worked through by Octopia.

    POST /offer-packages {packageType}                    → its id in Content-Location
    POST /offer-packages/{id}/offer-requests [1..100]     at most 50,000 in all
    GET  /offer-packages/{id}                             until WaitingForCompletion again
    PATCH /offer-packages/{id} {"state": "Ready"}         too early, it is refused

Nothing takes effect before the package is Ready: one that is lost while it is filled is left behind, and
the whole submission can be sent again. The same reference twice in one package refuses both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.offer_requests import Request
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.receipts import PackageReceipt
from comptoir.connectors.octopia.settings import PACKAGE_LIMIT
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord, TransientError, UnexpectedAnswer
from comptoir.sdk.http import Answer

PackageType = Literal["Upsert", "Update", "Delete"]
REQUESTS_PER_CALL = 100
OPEN = "WaitingForCompletion"
_CLOSED = frozenset({"Ready", "IntegrationPending", "Integrated", "Rejected"})
# A package needs up to five seconds to take in what it was given (measured by a third party).
_PATIENCE_S = 60.0
_FIRST_PAUSE_S, _PAUSE_S = 0.2, 1.6
_CLOSING_TRIES = 3


class ResultPayload(Payload, frozen=True):
    result_code: Id = None
    message: str | None = None


class PackagePayload(Payload, frozen=True):
    package_id: Id = None
    state: str | None = None
    status: str | None = None
    result: ResultPayload | None = None

    @property
    def known_state(self) -> str:
        """One client reads `status` in its place."""
        return text(self.state) or text(self.status)


class PackageDesk:
    def __init__(self, client: OctopiaClient, sales_channel_id: str, context: Context) -> None:
        self._client = client
        self._channel = {"saleschannelid": sales_channel_id}
        self._clock: Callable[[], datetime] = context.clock
        self._sleep = context.sleep

    def submit(self, kind: PackageType, requests: Sequence[Request]) -> PackageReceipt:
        check_package(requests)
        package = self._open(kind)
        for start in range(0, len(requests), REQUESTS_PER_CALL):
            self._fill(package, requests[start : start + REQUESTS_PER_CALL])
            self._wait_until_open(package)
        self._close(package)
        return PackageReceipt(package=package, items=len(requests), closed_at=self._clock())

    def state(self, package: str) -> PackagePayload:
        return self._client.get("getPackage", f"/offer-packages/{package}").json(PackagePayload)

    def _open(self, kind: PackageType) -> str:
        body = {"packageType": kind}
        answer = self._client.write("openPackage", "POST", "/offer-packages", body, headers=self._channel)
        return package_id(answer)

    def _fill(self, package: str, requests: Sequence[Request]) -> None:
        try:
            path = f"/offer-packages/{package}/offer-requests"
            self._client.write("fillPackage", "POST", path, list(requests))
        except OutcomeUnknown as error:
            words = f"The package {package} is left open, nothing in it takes effect: {error.message}"
            raise TransientError(words) from error

    def _wait_until_open(self, package: str) -> None:
        waited, pause = 0.0, _FIRST_PAUSE_S
        while (state := self.state(package).known_state) != OPEN:
            if waited >= _PATIENCE_S or state in _CLOSED:
                raise TransientError(f"The package {package} is {state}, not {OPEN}: it is left behind.")
            self._sleep(pause)
            waited, pause = waited + pause, min(2 * pause, _PAUSE_S)

    def _close(self, package: str) -> None:
        """PATCH until the package has left its open state: a repeated one cannot do anything twice."""
        for _ in range(_CLOSING_TRIES):
            # The answer was lost, or it is too early, or a lost attempt was done: its state tells.
            with suppress(OutcomeUnknown, RejectedRecord):
                self._client.write("closePackage", "PATCH", f"/offer-packages/{package}", {"state": "Ready"})
            if self._has_closed(package):
                return
            self._sleep(_FIRST_PAUSE_S)
        raise OutcomeUnknown(f"The package {package} was told to close and is still open.")

    def _has_closed(self, package: str) -> bool:
        try:
            return self.state(package).known_state != OPEN
        except TransientError as error:
            raise OutcomeUnknown(f"Was the package {package} closed? {error.message}") from error


def check_package(requests: Sequence[Request]) -> None:
    if not 1 <= len(requests) <= PACKAGE_LIMIT:
        raise RejectedRecord(f"A package holds 1 to {PACKAGE_LIMIT} offers, not {len(requests)}.")
    seen: set[object] = set()
    for request in requests:
        reference = request["sellerExternalReference"]
        if reference in seen:
            raise RejectedRecord("Twice in one package: both would be refused.", record_id=str(reference))
        seen.add(reference)


def package_id(answer: Answer) -> str:
    """The last part of `Content-Location`, seen as /offer-packages/{id} and offers-packages/{id}."""
    place = answer.headers.get("content-location", "") or answer.headers.get("location", "")
    found = place.rstrip("/").rpartition("/")[2]
    if not found and answer.body.strip():
        found = _id_in_body(answer.body)
    if not found:
        raise UnexpectedAnswer("A package was opened and Octopia does not say which.")
    return found


def _id_in_body(body: bytes) -> str:
    try:
        return text(msgspec.json.decode(body, type=PackagePayload, strict=False).package_id)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"The opened package cannot be read ({error}).") from error
