"""Login with Amazon, and restricted data tokens (Tokens 2021-03-01)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bazaar.amazon.account import Account
from bazaar.amazon.exchange import Call, Operation, answer, bad_input

SCOPES = frozenset({"sellingpartnerapi::notifications", "sellingpartnerapi::client_credential:rotation"})
_MOST_RESOURCES = 50
_REPORT_DOCUMENTS = "/reports/2021-06-30/documents/"


def lwa(account: Account) -> Callable[[Request], Awaitable[Response]]:
    """POST /auth/o2/token: refresh_token for the account, client_credentials for a scope."""

    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if form.get("client_id") != account.client_id or not account.knows_secret(form.get("client_secret")):
            return _refused(401, "invalid_client", "Client authentication failed")
        kind, scope = form.get("grant_type"), form.get("scope", "")
        if kind == "refresh_token":
            if form.get("refresh_token") != account.refresh_token:
                return _refused(
                    400, "invalid_grant", "The request has an invalid grant parameter : refresh_token"
                )
            return answer(_grant(account, "") | {"refresh_token": account.refresh_token})
        if kind != "client_credentials":
            return _refused(400, "unsupported_grant_type", "The authorization grant type is not supported")
        if scope not in SCOPES:
            return _refused(400, "invalid_scope", "An unknown scope was requested")
        return answer(_grant(account, scope))

    return token


def _grant(account: Account, scope: str) -> dict[str, object]:
    _forget_old(account)
    token = f"Atza|{account.rng('tokens').getrandbits(160):040x}"
    seconds = account.settings.token_s
    account.tokens[f"{scope}|{token}"] = account.now() + timedelta(seconds=seconds)
    return {"access_token": token, "token_type": "bearer", "expires_in": seconds}


def _forget_old(account: Account) -> None:
    now = account.now()
    for name in [name for name, until in account.tokens.items() if until <= now]:
        del account.tokens[name]


def _refused(status: int, error: str, description: str) -> Response:
    return answer({"error": error, "error_description": description}, status)


def knows(account: Account, token: str, scope: str, method: str, paths: tuple[str, ...]) -> bool:
    """An access token of that scope, or a restricted one made for one of these paths; neither at its end."""
    names = (f"{scope}|{token}", *(_restricted(method, path, token) for path in paths))
    return any((until := account.tokens.get(name)) is not None and until > account.now() for name in names)


def _restricted(method: str, path: str, token: str) -> str:
    return f"{method} {path}|{token}"


class _Resource(msgspec.Struct):
    method: str
    path: str


class _Restricted(msgspec.Struct, rename="camel"):
    restricted_resources: list[_Resource]


async def create_restricted_token(call: Call) -> Response:
    asked = await call.body(_Restricted)
    if not 1 <= len(asked.restricted_resources) <= _MOST_RESOURCES:
        raise bad_input("'restrictedResources' has between 1 and 50 resources.")
    account = call.account
    if any("{" in one.path and one.path.startswith(_REPORT_DOCUMENTS) for one in asked.restricted_resources):
        raise bad_input("A report document is a restricted resource by its own path only.")
    _forget_old(account)
    token = f"Atz.sprdt|{account.rng('tokens').getrandbits(160):040x}"
    until = call.now + timedelta(seconds=account.settings.token_s)
    for one in asked.restricted_resources:
        account.tokens[_restricted(one.method, one.path, token)] = until
    return answer({"restrictedDataToken": token, "expiresIn": account.settings.token_s})


OPERATIONS = (
    Operation(
        "createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", create_restricted_token
    ),
)
