"""Tells Amazon which queue to use and what to put there (Notifications v1). Safe to run again.

The queue's policy must let Amazon's account 437568002678 send to it: nothing checks that. Destinations
are grantless: an application that may not use the scope gets `invalid_scope`, a ConfigurationError.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.connectors.amazon.client import NOT_FOUND_CODES, AmazonClient
from comptoir.connectors.amazon.payload import Payload
from comptoir.connectors.amazon.tokens import NOTIFICATIONS_SCOPE
from comptoir.sdk.errors import UnexpectedAnswer

_ROOT = "/notifications/v1"
PAYLOAD_VERSIONS = {"LISTINGS_ITEM_ISSUES_CHANGE": "2023-12-13"}


class _Sqs(Payload, frozen=True, kw_only=True):
    arn: str | None = None


class _Resource(Payload, frozen=True, kw_only=True):
    sqs: _Sqs | None = None


class Destination(Payload, frozen=True, kw_only=True):
    destination_id: str
    resource: _Resource | None = None


class _Destinations(Payload, frozen=True, kw_only=True):
    payload: list[Destination]


class _OneDestination(Payload, frozen=True, kw_only=True):
    payload: Destination


def subscribe(client: AmazonClient, arn: str, kinds: Sequence[str], name: str = "comptoir") -> list[str]:
    """The types that were not subscribed to before."""
    destination = _destination(client, arn, name)
    fresh = [kind for kind in kinds if not _subscribed(client, kind)]
    for kind in fresh:
        body = {"payloadVersion": PAYLOAD_VERSIONS.get(kind, "1.0"), "destinationId": destination}
        client.write("createSubscription", "POST", f"{_ROOT}/subscriptions/{kind}", body=body)
    return fresh


def _destination(client: AmazonClient, arn: str, name: str) -> str:
    path = f"{_ROOT}/destinations"
    known = client.get("getDestinations", path, scope=NOTIFICATIONS_SCOPE).json(_Destinations).payload
    for one in known:
        if one.resource and one.resource.sqs and one.resource.sqs.arn == arn:
            return one.destination_id
    body = {"name": name, "resourceSpecification": {"sqs": {"arn": arn}}}
    made = client.write("createDestination", "POST", path, body=body, scope=NOTIFICATIONS_SCOPE)
    return made.json(_OneDestination).payload.destination_id


def _subscribed(client: AmazonClient, kind: str) -> bool:
    try:
        client.get("getSubscription", f"{_ROOT}/subscriptions/{kind}")
    except UnexpectedAnswer as error:
        if error.code in NOT_FOUND_CODES:
            return False
        raise
    return True
