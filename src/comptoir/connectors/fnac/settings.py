"""What it takes to reach one Fnac or Darty shop."""

from __future__ import annotations

import re
from typing import Annotated

from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

PRODUCTION = "https://vendeur.fnac.com/api.php"
MARKETS = (
    ("FR", N_("France")),
    ("BE", N_("Belgium")),
    ("ES", N_("Spain")),
    ("PT", N_("Portugal")),
)
REFUND_REASONS = (
    ("other", N_("Other")),
    ("counterfeit", N_("Counterfeit")),
    ("retraction", N_("The buyer changed their mind")),
    ("cancelled_client", N_("Cancelled by the buyer")),
    ("unmatch_article", N_("Not the article ordered")),
    ("damaged_article", N_("Damaged")),
    ("unreceived_article", N_("Not received")),
    ("returned_article", N_("Sent back")),
    ("no_stock", N_("Out of stock")),
    ("shipping_impossible", N_("Cannot be shipped")),
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class FnacSettings(ConnectorSettings, frozen=True, kw_only=True):
    """One shop: Fnac.com, Darty and each foreign Fnac give a shop id and a key of their own."""

    base_url: Annotated[str, Setting(N_("Address of the API"), kind="url", advanced=True)] = PRODUCTION
    partner_id: Annotated[str, Setting(N_("Partner id"), placeholder="00000000-0000-0000-0000-000000000000")]
    shop_id: Annotated[str, Setting(N_("Shop id"), placeholder="00000000-0000-0000-0000-000000000000")]
    key: Annotated[str, Setting(N_("API key"), secret=True)]
    shop_name: Annotated[
        str, Setting(N_("Shop name"), help=N_("As buyers see it: our own offers are recognised by it."))
    ] = ""
    market: Annotated[str, Setting(N_("Market"), choices=MARKETS)] = "FR"
    partial_offers: Annotated[
        bool,
        Setting(
            N_("Send only what changes"),
            help=N_("Only if Fnac has confirmed that fields left out of an offer are kept."),
            advanced=True,
        ),
    ] = False
    extra_elements: Annotated[
        str,
        Setting(
            N_("Additional offer elements"),
            help=N_("Names, separated by commas, of elements that Fnac has given to this shop (eco-tax)."),
            advanced=True,
        ),
    ] = ""
    cancel_reason: Annotated[
        str, Setting(N_("Reason of a cancellation"), choices=REFUND_REASONS, advanced=True)
    ] = "no_stock"
    refund_reason: Annotated[
        str, Setting(N_("Reason of a refund"), choices=REFUND_REASONS, advanced=True)
    ] = "returned_article"
    carriers: Annotated[
        str,
        Setting(
            N_("Carrier codes"),
            help=N_("Ours=theirs, separated by commas: COLISSIMO=SOCOLISSIMO."),
            advanced=True,
        ),
    ] = ""
    history_days: Annotated[int, Setting(N_("Days of orders read at first"), advanced=True)] = 30
    overlap_minutes: Annotated[int, Setting(N_("Minutes read again each time"), advanced=True)] = 10
    page_size: Annotated[int, Setting(N_("Orders per page"), advanced=True)] = 100

    def problems(self) -> dict[str, str]:
        found = {
            name: N_("Eight, four, four, four and twelve hexadecimal digits, separated by dashes.")
            for name in ("partner_id", "shop_id")
            if not _UUID.fullmatch(getattr(self, name))
        }
        if any("=" not in pair for pair in _listed(self.carriers)):
            found["carriers"] = N_("Write pairs such as COLISSIMO=SOCOLISSIMO.")
        for name, low, high in (
            ("history_days", 1, 365),
            ("overlap_minutes", 1, 1440),
            ("page_size", 1, 1000),
        ):
            if not low <= getattr(self, name) <= high:
                found[name] = N_("This number is out of range.")
        return found

    @property
    def carrier_codes(self) -> dict[str, str]:
        """The carrier pairs of the settings: our code → theirs."""
        pairs = (pair.partition("=") for pair in _listed(self.carriers))
        return {ours.strip().upper(): theirs.strip() for ours, _, theirs in pairs}

    @property
    def additional_elements(self) -> frozenset[str]:
        return frozenset(_listed(self.extra_elements))


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
