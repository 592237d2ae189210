"""One customer account for each buyer: its number says nothing of them, and it holds no more than an invoice needs."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from typing import Any, Final

from comptoir.connectors.sage100.settings import MAX_CLIENT, Sage100Settings
from comptoir.sdk.records import Address, Buyer

FIRST: Final = "ZB"
"""What tells accounts of ours from all others."""


def account_of(
    buyer: Buyer, address: Address, generic: str, settings: Sage100Settings
) -> dict[str, Any] | None:
    """The account to be found or made; None where nothing tells this buyer from others, or all share one account.

    The number is keyed with the pont's secret: who reads Sage alone cannot try addresses on it. Another key begins
    other accounts.
    """
    identity = (buyer.email or buyer.external_id).strip().lower()
    name = (address.company or address.name or buyer.name).strip()
    if settings.customer_accounts != "buyer" or not identity or not name:
        return None
    digest = hmac.new(settings.pont_key.encode(), identity.encode(), hashlib.sha256).digest()
    return {
        "numero": (FIRST + b32encode(digest).decode())[:MAX_CLIENT],
        "intitule": name[:69],
        "cp": address.postcode[:15],
        "ville": address.city[:69],
        "pays": address.country[:35],
        "modele": generic,
    }
