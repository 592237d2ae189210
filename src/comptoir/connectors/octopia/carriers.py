"""Our carrier codes in Octopia's words: `carrierName` is free text, a label of `GET /carriers` is best."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.sdk.records import Choice, Parcel


def carrier_name(parcel: Parcel, known: Sequence[Choice]) -> str:
    """The account's own label when its code or label is the same but for case and signs."""
    names = [name for name in (parcel.carrier_name, parcel.carrier) if name]
    wanted = {_plain(name) for name in names}
    for choice in known:
        if wanted & {_plain(choice.code), _plain(choice.label)}:
            return choice.label or choice.code
    return names[0] if names else ""


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
