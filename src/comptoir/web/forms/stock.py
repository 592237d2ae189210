"""A correction of the stock, and a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.inventory.models import Warehouse
from comptoir.inventory.reservations import default_warehouse
from comptoir.offers.models import Offer
from comptoir.offers.refusals import PRICE_STEP, Refusal
from comptoir.web.forms.base import HubForm
from comptoir.web.refusals import told


class CorrectionForm(HubForm):
    warehouse = forms.ModelChoiceField(Warehouse.objects.all(), label=_("Warehouse"), empty_label=None)
    on_hand = forms.IntegerField(
        label=_("Units counted"), min_value=0, max_value=1_000_000_000,
        help_text=_("What is really there, reserved units included."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("It stays in the ledger beside your name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].initial = default_warehouse()


class PriceForm(HubForm):
    price = forms.DecimalField(
        label=_("Price, tax included"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        localize=True,
    )
    floor = forms.DecimalField(
        label=_("Floor price"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2, localize=True,
        help_text=_("No price under it ever leaves for the channel."),
    )  # fmt: skip

    def __init__(self, offer: Offer, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"price": _cents(offer.desired_price), "floor": _cents(offer.floor_price)}
        )
        super().__init__(*args, **kwargs)
        self.currency = offer.currency

    def refuse(self, refusal: Refusal) -> None:
        words = told(refusal, self.currency)
        then = _("It would never be published.")
        if refusal.code == PRICE_STEP:
            then = _("An anomaly says so too: there this one price can be let pass.")
        self.add_error("price", f"{words[:1].upper()}{words[1:]}. {then}")


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))
