"""The carrier and the tracking number that a seller gives, for an order (OR23) or a shipment (ST01, ST23)."""

from __future__ import annotations

import msgspec

from bazaar.mirakl.exchange import RefusedError
from bazaar.mirakl.reference import carrier
from bazaar.mirakl.settings import Settings


class Tracking(msgspec.Struct):
    """As sent: a registered carrier by its code, or any other one by its name."""

    carrier_code: str | None = None
    carrier_name: str | None = None
    carrier_standard_code: str | None = None
    carrier_url: str | None = None  # OR23
    tracking_url: str | None = None  # ST01, ST23
    tracking_number: str | None = None


def resolve(sent: Tracking, settings: Settings) -> Tracking:
    """Complete and check it: the address is computed for a registered carrier. Raises RefusedError."""
    if sent.carrier_code:
        return _registered(sent)
    if not sent.carrier_name:
        raise RefusedError(400, "carrier_code or carrier_name is required", field="carrier_code")
    if not settings.alternative_carriers:
        raise RefusedError(400, "Only registered carriers are allowed", field="carrier_name")
    url = sent.tracking_url or sent.carrier_url
    return Tracking(
        carrier_name=sent.carrier_name,
        carrier_standard_code=sent.carrier_standard_code,
        tracking_number=sent.tracking_number,
        tracking_url=url,
    )


def _registered(sent: Tracking) -> Tracking:
    known = carrier(sent.carrier_code or "")
    if known is None:
        raise RefusedError(400, f"Carrier with code '{sent.carrier_code}' not found", field="carrier_code")
    code, label, standard, url = known
    if not sent.tracking_number:
        raise RefusedError(400, "The tracking number is mandatory for this carrier", field="tracking_number")
    return Tracking(
        carrier_code=code,
        carrier_name=label,
        carrier_standard_code=standard,
        tracking_number=sent.tracking_number,
        tracking_url=url.replace("{trackingId}", sent.tracking_number),
    )
