"""What one seller account can do there: read once a day, kept in the cache.

`/carriers` is a bare list and `/sellers/delivery-modes` says `{count, items}` (measured by a third party);
both shapes are read for all of them. The name of the automatic acceptance flag is not verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.http import Answer
from comptoir.sdk.records import Choice

_P = TypeVar("_P", bound=Payload)
_A_DAY = 86_400


class CodedPayload(Payload, frozen=True):
    """A carrier, a delivery mode, a reason: a code and its words, named differently each time."""

    code: Id = None
    label: str | None = None
    name: str | None = None


class SubscriptionPayload(Payload, frozen=True):
    sales_channel_id: Id = None
    status: str | None = None
    offer_submission_currency: str | None = None
    seller_payment_currency: str | None = None


class SellerPayload(Payload, frozen=True):
    seller_id: Id = None
    shop_name: str | None = None
    login: str | None = None
    status: str | None = None
    automatic_order_acceptance: bool | None = None


class _Listed(msgspec.Struct):
    items: list[msgspec.Raw]


class Account:
    def __init__(self, client: OctopiaClient, settings: OctopiaSettings, cache: Cache) -> None:
        self._client = client
        self._settings = settings
        self._cache = cache

    def seller(self) -> SellerPayload:
        return self._client.get("getSeller", "/sellers").json(SellerPayload)

    def subscriptions(self) -> list[SubscriptionPayload]:
        body = self._client.get("listSubscriptions", "/sellers/subscriptions").body
        return [_decode(raw, SubscriptionPayload) for raw in _items(body)]

    def carriers(self) -> list[Choice]:
        return self._choices("listCarriers", "/carriers", {})

    def delivery_modes(self) -> list[Choice]:
        return self._choices("listDeliveryModes", "/sellers/delivery-modes", {})

    def cancellation_reasons(self, order_state: str) -> list[Choice]:
        """Codes are never written down here: they are the channel's, by state of the order."""
        asked = {
            "salesChannel": self._settings.sales_channel_id,
            "userType": "Seller",
            "orderStatus": order_state,
        }
        return self._choices("listCancellationReasons", "/cancellation-reasons", asked)

    def _choices(self, operation: str, path: str, asked: dict[str, str]) -> list[Choice]:
        key = ":".join(["octopia", self._settings.seller_id, operation, *asked.values()])[:100]
        kept = self._cache.get(key)
        if kept is None:
            answer: Answer = self._client.get(operation, path, asked)
            kept = answer.body
            found = read_choices(kept)
            self._cache.set(key, kept, seconds=_A_DAY)
            return found
        return read_choices(kept)


def read_choices(body: bytes) -> list[Choice]:
    found = [_decode(raw, CodedPayload) for raw in _items(body)]
    return [Choice(code=text(one.code), label=text(one.label or one.name)) for one in found if text(one.code)]


def _items(body: bytes) -> Sequence[msgspec.Raw]:
    """A bare list, or an envelope with `items`."""
    try:
        if body.lstrip().startswith(b"["):
            return msgspec.json.decode(body, type=list[msgspec.Raw])
        return msgspec.json.decode(body, type=_Listed).items
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"The answer is not a list ({error}).") from error


def _decode(raw: msgspec.Raw, kind: type[_P]) -> _P:
    try:
        return msgspec.json.decode(raw, type=kind, strict=False)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"The answer cannot be read ({error}).") from error
