"""Our carrier codes -> the marketplace's own (SH21), which every operator chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import Parcel

ALIASES: dict[str, tuple[str, ...]] = {
    "COLISSIMO": ("LA POSTE COLISSIMO", "COLISSIMO LA POSTE", "SO COLISSIMO", "LAPOSTE", "LA POSTE"),
    "CHRONOPOST": ("CHRONO", "CHR"),
    "MONDIAL_RELAY": ("MONDIALRELAY", "MR"),
    "LAPOSTE": ("LA POSTE", "LETTRE SUIVIE"),
    "DPD": ("DPD FRANCE", "DPD PREDICT"),
    "UPS": ("UPS EXPRESS", "UNITED PARCEL SERVICE"),
    "FEDEX": ("FED EX", "FED"),
    "DHL": ("DHL EXPRESS",),
    "GLS": ("GLS FRANCE",),
}
"""Names under which operators register the carriers, in order of preference."""


class Carrier(msgspec.Struct):
    code: str | None = None
    label: str | None = None
    standard_code: str | None = None


def registered_code(ours: str, carriers: Sequence[Carrier], chosen: Mapping[str, str]) -> str:
    """The marketplace's code of our carrier; "" when it has not registered it.

    `chosen` is what the merchant wrote in the settings, and decides.
    """
    if ours.upper() in chosen:
        return chosen[ours.upper()]
    known = _by_name(carriers)
    names = (ours, *ALIASES.get(ours.upper(), ()))
    return next((known[_plain(name)] for name in names if _plain(name) in known), "")


def build_tracking(
    parcel: Parcel, carriers: Sequence[Carrier], chosen: Mapping[str, str], *, url_field: str
) -> dict[str, object]:
    """The carrier and number of a parcel: OR23 calls the address `carrier_url`, ST01 `tracking_url`.

    A registered carrier is told by its code, and Mirakl makes the address itself; another one by its name.
    RejectedRecord when the parcel names no carrier at all.
    """
    number = {"tracking_number": parcel.tracking_number} if parcel.tracking_number else {}
    if code := registered_code(parcel.carrier, carriers, chosen):
        return {"carrier_code": code, **number}
    name = parcel.carrier_name or parcel.carrier
    if not name:
        raise RejectedRecord("The parcel names no carrier.", code="CARRIER_MISSING")
    return {
        "carrier_name": name,
        **({url_field: parcel.tracking_url} if parcel.tracking_url else {}),
        **number,
    }


def _by_name(carriers: Sequence[Carrier]) -> dict[str, str]:
    """Plain name to code; a code wins over the labels of others, the first carrier over the next."""
    known: dict[str, str] = {}
    for field in ("code", "standard_code", "label"):
        for carrier in carriers:
            name = getattr(carrier, field)
            if carrier.code and name:
                known.setdefault(_plain(name), carrier.code)
    return known


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())
