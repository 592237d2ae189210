"""Who we are on the marketplace and what it can do: A01, PC01, SH12, SH21, RE01, OF61.

Mirakl asks for one reading a day of these, so they are kept a day in the channel's cache.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from comptoir.connectors.mirakl.carriers import Carrier
from comptoir.connectors.mirakl.client import MiraklClient
from comptoir.sdk.connector import Cache
from comptoir.sdk.errors import RateLimited, UnexpectedAnswer
from comptoir.sdk.records import ChannelProfile, Choice

T = TypeVar("T", bound=msgspec.Struct)

DAY_S = 86_400
_ABSENT = frozenset({404, 405, 410})

FEATURES: dict[str, tuple[str, ...]] = {
    "order_acceptance": ("order_workflows", "order_acceptance"),
    "addresses_before_acceptance": ("order_workflows", "shipping_and_billing_details_before_acceptance"),
    "multi_shipment": ("shipment", "multi_shipment"),
    "multi_part_item_shipment": ("shipment", "multi_part_item_shipment"),
    "channel_pricing": ("pricing", "channel_pricing"),
    "volume_pricing": ("pricing", "volume_pricing"),
    "scheduled_pricing": ("pricing", "scheduled_pricing"),
    "offer_prices_decimals": ("offer_prices_decimals",),
    "order_tax_mode": ("order_tax_mode",),
    "competitive_pricing_tool": ("competitive_pricing_tool",),
    "disable_seller_alternative_carrier": ("disable_seller_alternative_carrier",),
    "lead_time_to_ship_by_sellers": ("lead_time_to_ship_by_sellers_enabled",),
    "circular_economy_data_collection": ("circular_economy_data_collection",),
    "multi_currency": ("multi_currency",),
}
"""What the hub shows and uses of PC01: our name, and its place under `features`."""


class Account(msgspec.Struct):
    shop_id: str | int
    shop_name: str | None = None
    shop_state: str | None = None
    currency_iso_code: str | None = None


class Configuration(msgspec.Struct):
    features: dict[str, object] | None = None

    def feature(self, name: str) -> str:
        """`true`, `false` or PC01's own word; "" when it does not say."""
        found: object = self.features or {}
        for step in FEATURES[name]:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, bool):
            return str(found).lower()
        return "" if found is None else str(found)


class _Carriers(msgspec.Struct):
    carriers: list[Carrier] | None = None


class _ShippingType(msgspec.Struct):
    code: str | None = None
    label: str | None = None
    mandatory_tracking: bool | None = None


class _ShippingTypes(msgspec.Struct):
    shipping_types: list[_ShippingType] | None = None


class _Reason(msgspec.Struct):
    code: str | int | None = None
    label: str | None = None
    type: str | None = None
    is_shop_right: bool | None = None


class _Reasons(msgspec.Struct):
    reasons: list[_Reason] | None = None


class _OfferState(msgspec.Struct):
    code: str | int | None = None
    label: str | None = None


class _OfferStates(msgspec.Struct):
    offer_states: list[_OfferState] | None = None


class Profile:
    def __init__(self, client: MiraklClient, cache: Cache) -> None:
        self._client = client
        self._cache = cache
        self._told: dict[str, Any] = {}
        """Asked of the cache once in a connection, not once for each parcel."""

    def read(self) -> ChannelProfile:
        """The connection test: the account is asked for now, the rest once a day."""
        account = self._fetch("A01", Account)
        warnings: list[str] = []
        configuration = self._optional("PC01", Configuration, warnings) or Configuration()
        carriers = self._optional("SH21", _Carriers, warnings) or _Carriers()
        methods = self._optional("SH12", _ShippingTypes, warnings) or _ShippingTypes()
        reasons = self._optional("RE01", _Reasons, warnings) or _Reasons()
        states = self._optional("OF61", _OfferStates, warnings) or _OfferStates()
        return ChannelProfile(
            account_id=str(account.shop_id),
            account_name=account.shop_name or "",
            state=(account.shop_state or "OPEN").lower(),
            currency=account.currency_iso_code or "",
            features={name: value for name in FEATURES if (value := configuration.feature(name))},
            carriers=tuple(_choice(one.code, one.label) for one in carriers.carriers or ()),
            reasons=tuple(_choice(r.code, r.label, r.type) for r in reasons.reasons or () if _is_ours(r)),
            conditions=tuple(_choice(one.code, one.label) for one in states.offer_states or ()),
            shipping_methods=tuple(_method(one) for one in methods.shipping_types or ()),
            warnings=tuple(warnings),
        )

    def account(self) -> Account:
        return self._cached("A01", Account)

    def feature(self, name: str) -> str:
        return self._cached("PC01", Configuration).feature(name)

    def carriers(self) -> list[Carrier]:
        return self._cached("SH21", _Carriers).carriers or []

    def _cached(self, code: str, kind: type[T]) -> T:
        if code not in self._told:
            kept = self._cache.get(f"mirakl:{code}")
            self._told[code] = (
                self._fetch(code, kind)
                if kept is None
                else msgspec.json.decode(kept, type=kind, strict=False)
            )
        told: T = self._told[code]
        return told

    def _fetch(self, code: str, kind: type[T]) -> T:
        # The cache is what keeps the frequency; a person who tests the connection again is not made to wait.
        answer = self._client.get(code, throttled=False)
        found = answer.json(kind)
        self._cache.set(f"mirakl:{code}", answer.body, seconds=DAY_S)
        return found

    def _optional(self, code: str, kind: type[T], warnings: list[str]) -> T | None:
        """What some marketplaces do not have: the profile then says so."""
        try:
            return self._cached(code, kind)
        except UnexpectedAnswer as error:
            if error.status not in _ABSENT:
                raise
            warnings.append(error.message)
        except RateLimited as error:
            warnings.append(error.message)
        return None


def _choice(code: str | int | None, label: str | None, kind: str | None = "") -> Choice:
    return Choice(code="" if code is None else str(code), label=label or "", kind=kind or "")


def _method(one: _ShippingType) -> Choice:
    return _choice(one.code, one.label, "mandatory_tracking" if one.mandatory_tracking else "")


def _is_ours(reason: _Reason) -> bool:
    """Operators keep some reasons for themselves and the buyers."""
    return reason.is_shop_right is not False
