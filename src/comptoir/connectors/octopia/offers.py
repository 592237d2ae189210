"""Stock, prices and whole offers, through packages; and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.connectors.octopia.account import Account
from comptoir.connectors.octopia.offer_requests import (
    Request,
    build_deletion,
    build_offer,
    build_price,
    build_stock,
    delivery_of,
)
from comptoir.connectors.octopia.packages import PackageDesk, PackageType, check_package
from comptoir.connectors.octopia.receipts import dump_receipts
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import OfferDraft, PriceUpdate, Receipt, StockUpdate


class OfferWriter:
    """Everything in a batch is checked before anything of it is sent: RejectedRecord names the article."""

    def __init__(self, desk: PackageDesk, settings: OctopiaSettings, account: Account) -> None:
        self._desk = desk
        self._settings = settings
        self._account = account

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        return self._submit([("Update", [build_stock(update) for update in updates])])

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        return self._submit([("Update", [build_price(update, self._settings) for update in updates])])

    def submit_offers(self, drafts: Sequence[OfferDraft]) -> Receipt:
        """A package is of one type: deletions go in one of their own."""
        kept = [draft for draft in drafts if not draft.delete]
        self._check_delivery(kept)
        return self._submit(
            [
                ("Upsert", [build_offer(draft, self._settings) for draft in kept]),
                ("Delete", [build_deletion(draft) for draft in drafts if draft.delete]),
            ]
        )

    def _submit(self, packages: Sequence[tuple[PackageType, list[Request]]]) -> Receipt:
        filled = [(kind, requests) for kind, requests in packages if requests]
        check_package([request for _, requests in filled for request in requests])
        return Receipt(
            external_id=dump_receipts([self._desk.submit(kind, requests) for kind, requests in filled])
        )

    def _check_delivery(self, drafts: Sequence[OfferDraft]) -> None:
        """A code that is not the account's refuses the whole offer: better known before."""
        if not drafts:
            return
        known = {choice.code for choice in self._account.delivery_modes()}
        for draft in drafts:
            unknown = {mode.code for mode in delivery_of(draft, self._settings)} - known
            if unknown:
                words = (
                    f"This account has no delivery mode {', '.join(sorted(unknown))}, only {sorted(known)}."
                )
                raise RejectedRecord(words, record_id=draft.sku)
