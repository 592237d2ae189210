"""Why a price is refused, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext

from comptoir.offers.refusals import Refusal
from comptoir.web.formats import format_money


def told(refusal: Refusal, currency: str) -> str:
    def money(amount: Decimal) -> str:
        return format_money(amount, currency)

    return refusal.told(gettext, money)
