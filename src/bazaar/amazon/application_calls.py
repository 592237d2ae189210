"""Application management 2023-11-30: a new client secret, told to the application's own queue.

The queue is registered in Amazon's developer console; here it is the first destination. The old secret goes
on for seven days (documentation, "Rotate your application's client secret").
"""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from bazaar.amazon import notices
from bazaar.amazon.exchange import Call, Operation, nothing

_SCOPE = "sellingpartnerapi::client_credential:rotation"
OLD_SECRET_LIFE = timedelta(days=7)
SECRET_LIFE = timedelta(days=180)


async def rotate_client_secret(call: Call) -> Response:
    account = call.account
    ends = call.now + OLD_SECRET_LIFE
    account.former_secrets[account.client_secret] = ends
    account.number("secrets", 0)
    notices.new_secret(account, old_ends=ends, new_ends=call.now + SECRET_LIFE)
    return nothing()


OPERATIONS = (
    Operation(
        "rotateApplicationClientSecret",
        "POST",
        "/applications/2023-11-30/clientSecret",
        rotate_client_secret,
        _SCOPE,
    ),
)
