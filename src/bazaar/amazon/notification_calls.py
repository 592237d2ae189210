"""Notifications v1: destinations (grantless) and subscriptions."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.responses import Response

from bazaar.amazon.exchange import Call, Operation, Refused, answer, bad_input
from bazaar.amazon.records import Destination, Subscription

_SCOPE = "sellingpartnerapi::notifications"
_ARN = re.compile(r"arn:aws:sqs:[a-z0-9-]+:\d+:[A-Za-z0-9_-]{1,80}")
TYPES = frozenset(
    "ORDER_CHANGE ANY_OFFER_CHANGED FEED_PROCESSING_FINISHED REPORT_PROCESSING_FINISHED "
    "LISTINGS_ITEM_ISSUES_CHANGE LISTINGS_ITEM_STATUS_CHANGE FBA_INVENTORY_AVAILABILITY_CHANGES "
    "PRICING_HEALTH TRANSACTION_UPDATE".split()
)


class _Sqs(msgspec.Struct):
    arn: str


class _Resource(msgspec.Struct):
    sqs: _Sqs | None = None


class _NewDestination(msgspec.Struct, rename="camel"):
    name: str
    resource_specification: _Resource


class _NewSubscription(msgspec.Struct, rename="camel"):
    payload_version: str = "1.0"
    destination_id: str = ""


async def create_destination(call: Call) -> Response:
    asked = await call.body(_NewDestination)
    sqs = asked.resource_specification.sqs
    if sqs is None or not _ARN.fullmatch(sqs.arn):
        raise bad_input("An SQS destination needs the ARN of its queue.")
    account = call.account
    if any(one.arn == sqs.arn for one in account.destinations.values()):
        raise Refused(409, "Conflict", "A destination with this ARN exists already.")
    made = Destination(destination_id=account.uuid(), name=asked.name, arn=sqs.arn)
    account.destinations[made.destination_id] = made
    return answer({"payload": _destination(made)})


async def get_destinations(call: Call) -> Response:
    return answer({"payload": [_destination(one) for one in call.account.destinations.values()]})


async def create_subscription(call: Call) -> Response:
    kind, asked, account = _kind(call), await call.body(_NewSubscription), call.account
    if asked.destination_id not in account.destinations:
        raise bad_input("The destination does not exist.")
    if kind in account.subscriptions:
        raise Refused(409, "Conflict", f"A subscription to {kind} exists already.")
    made = Subscription(
        subscription_id=account.uuid(),
        destination_id=asked.destination_id,
        payload_version=asked.payload_version,
    )
    account.subscriptions[kind] = made
    return answer({"payload": _subscription(made)})


async def get_subscription(call: Call) -> Response:
    found = call.account.subscriptions.get(_kind(call))
    if found is None:
        raise Refused(404, "NotFound", "There is no such subscription.")
    return answer({"payload": _subscription(found)})


def _kind(call: Call) -> str:
    kind = call.path("notificationType")
    if kind not in TYPES:
        raise bad_input(f"The notification type {kind} is unknown.")
    return kind


def _destination(one: Destination) -> dict[str, Any]:
    return {"name": one.name, "destinationId": one.destination_id, "resource": {"sqs": {"arn": one.arn}}}


def _subscription(one: Subscription) -> dict[str, Any]:
    return {
        "subscriptionId": one.subscription_id,
        "payloadVersion": one.payload_version,
        "destinationId": one.destination_id,
    }


_ROOT = "/notifications/v1"
OPERATIONS = (
    Operation("createDestination", "POST", f"{_ROOT}/destinations", create_destination, _SCOPE),
    Operation("getDestinations", "GET", f"{_ROOT}/destinations", get_destinations, _SCOPE),
    Operation(
        "createSubscription", "POST", f"{_ROOT}/subscriptions/{{notificationType}}", create_subscription
    ),
    Operation("getSubscription", "GET", f"{_ROOT}/subscriptions/{{notificationType}}", get_subscription),
)
