"""What a merchant gives to connect one shop of one Mirakl marketplace."""

from __future__ import annotations

from typing import Annotated

from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting


class MiraklSettings(ConnectorSettings, frozen=True, kw_only=True):
    base_url: Annotated[
        str,
        Setting(
            N_("Address"),
            help=N_("The address of the marketplace's back-office, without /api."),
            kind="url",
            placeholder="https://marketplace.example",
        ),
    ]
    api_key: Annotated[
        str,
        Setting(
            N_("API key"),
            help=N_("In the back-office: your name, then “API key”. A new key replaces the old one."),
            secret=True,
        ),
    ]
    shop_id: Annotated[
        int | None,
        Setting(
            N_("Shop number"), help=N_("Only when the key gives access to several shops."), advanced=True
        ),
    ] = None
    overlap_minutes: Annotated[
        int,
        Setting(
            N_("Overlap of two readings of orders, in minutes"),
            help=N_("Changes written late by the marketplace are found again this far back."),
            advanced=True,
        ),
    ] = 15
    history_days: Annotated[
        int,
        Setting(N_("Days of orders read the first time"), advanced=True),
    ] = 30
    new_condition: Annotated[
        str,
        Setting(
            N_("Code of the condition “new”"),
            help=N_("11 on most marketplaces; the connection test lists the codes."),
            advanced=True,
        ),
    ] = "11"
    cancel_reason: Annotated[
        str,
        Setting(
            N_("Default reason code of cancellations"),
            help=N_("The connection test lists the codes of this marketplace."),
            advanced=True,
        ),
    ] = ""
    refund_reason: Annotated[
        str,
        Setting(
            N_("Default reason code of refunds"),
            help=N_("The connection test lists the codes of this marketplace."),
            advanced=True,
        ),
    ] = ""
    carriers: Annotated[
        str,
        Setting(
            N_("Carrier codes"),
            help=N_("Ours = theirs, separated by commas, where the names do not match by themselves."),
            placeholder="COLISSIMO=LAPOSTE, CHRONOPOST=CHR",
            advanced=True,
        ),
    ] = ""
    operator_centers: Annotated[
        str,
        Setting(
            N_("Warehouses of the marketplace"),
            help=N_("Codes of the fulfilment centres that the marketplace ships from itself."),
            advanced=True,
        ),
    ] = ""

    def problems(self) -> dict[str, str]:
        problems = {
            name: N_("Zero or more.")
            for name, value in (
                ("overlap_minutes", self.overlap_minutes),
                ("history_days", self.history_days),
            )
            if value < 0
        }
        if any("=" not in pair for pair in split_codes(self.carriers)):
            problems["carriers"] = N_("Write each pair as OURS=THEIRS.")
        return problems

    @property
    def carrier_codes(self) -> dict[str, str]:
        """Our carrier code to theirs, as the merchant wrote it."""
        pairs = (pair.partition("=") for pair in split_codes(self.carriers))
        return {ours.strip().upper(): theirs.strip() for ours, _, theirs in pairs}

    @property
    def operator_center_codes(self) -> frozenset[str]:
        return frozenset(split_codes(self.operator_centers))


def split_codes(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
