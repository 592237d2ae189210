"""The pont over HTTPS: `docs/develop/pont-openapi.yaml`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from comptoir.connectors.sage100.settings import Sage100Settings
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord, UnexpectedAnswer
from comptoir.sdk.http import HttpLink, Problem

IN_PROGRESS = 409
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Health(msgspec.Struct):
    contrat: str
    sage: str = ""
    base: str = ""
    etat: str = ""


class _Problem(msgspec.Struct):
    code: str = ""
    message: str = ""


class Written(msgspec.Struct):
    piece: str = ""
    id: str = ""


class Pont:
    def __init__(self, settings: Sage100Settings, context: Context) -> None:
        self._link = HttpLink(
            settings.base_url, account=context.account, throttle=context.throttle, observe=context.observe,
            headers=lambda: {"Authorization": f"Bearer {settings.pont_key}", "Content-Type": "application/json"},
            clock=context.clock, read_problem=_read_problem, allow_loopback=context.allow_loopback, allow_private=True,
            timeout_s=context.timeout_s, secrets=[settings.pont_key],
            personal_names=["nom", "societe", "l1", "l2", "tel", "mail"],
        )  # fmt: skip

    def close(self) -> None:
        self._link.close()

    def health(self) -> Health:
        return self._link.read("health", "/v1/sante").json(Health)

    def create_order(self, body: dict[str, Any]) -> Written:
        """OutcomeUnknown also when the agent is still writing it: look before asking again."""
        return self._write("create_order", "/v1/commandes", body)

    def create_purchase(self, body: dict[str, Any]) -> Written:
        """As `create_order`, of an order to a supplier."""
        return self._write("create_purchase", "/v1/achats/commandes", body)

    def cancel(self, reference: str, body: dict[str, Any]) -> Written:
        return self._write("cancel", f"/v1/commandes/{quote(reference, safe='')}/annulations", body)

    def forget(self, number: str) -> None:
        """An account that is not there any more is forgotten already."""
        try:
            self._write("forget", f"/v1/clients/{quote(number, safe='')}/anonymisation", {})
        except RejectedRecord as error:
            if error.status != 404:
                raise

    def credit(self, body: dict[str, Any]) -> Written:
        return self._write("credit", "/v1/avoirs", body)

    def find_order(self, reference: str) -> str | None:
        """Its first number; None when the agent knows nothing of it. OutcomeUnknown while it writes it."""
        return self._find("find_order", f"/v1/commandes/{quote(reference, safe='')}")

    def find_purchase(self, reference: str) -> str | None:
        return self._find("find_purchase", f"/v1/achats/commandes/{quote(reference, safe='')}")

    def _find(self, operation: str, path: str) -> str | None:
        try:
            return self._link.read(operation, path).json(Written).piece
        except UnexpectedAnswer as error:
            if error.status == 404:
                return None
            if error.status == IN_PROGRESS:
                raise OutcomeUnknown(error.message, code=error.code) from error
            raise

    def _write(self, operation: str, path: str, body: dict[str, Any]) -> Written:
        try:
            return self._link.write(operation, "POST", path, content=_encode(body)).json(Written)
        except RejectedRecord as error:
            if error.status == IN_PROGRESS:
                raise OutcomeUnknown(error.message, code=error.code) from error
            raise
        except UnexpectedAnswer as error:
            # It said yes (2xx) in words that cannot be read: the document may be there.
            raise OutcomeUnknown(error.message, code=error.code) from error


def _read_problem(body: bytes) -> Problem:
    problem = msgspec.json.decode(body, type=_Problem)
    return Problem(problem.message, problem.code)
