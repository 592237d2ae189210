"""Stock, prices and whole offers, through packages; and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from comptoir.connectors.octopia.account import Account
from comptoir.connectors.octopia.listing import Listing
from comptoir.connectors.octopia.offer_requests import (
    Request,
    build_deletion,
    build_lead_time,
    build_offer,
    build_price,
    build_stock,
    delivery_of,
)
from comptoir.connectors.octopia.packages import PackageDesk, PackageType, check_package
from comptoir.connectors.octopia.receipts import dump_receipts
from comptoir.connectors.octopia.running_discounts import RunningDiscounts
from comptoir.connectors.octopia.settings import JSON_PACKAGES, XML_PACKAGES, OctopiaSettings
from comptoir.connectors.octopia.xml_desk import XmlDesk
from comptoir.connectors.octopia.xml_discounts import has_discount
from comptoir.connectors.octopia.xml_packages import full_offer, price_offer, stock_offer
from comptoir.sdk.errors import RejectedRecord
from comptoir.sdk.records import LeadTimeUpdate, OfferDraft, PriceUpdate, Receipt, StockUpdate


class OfferWriter:
    """Everything in a batch is checked before anything of it is sent: RejectedRecord names the article."""

    def __init__(
        self,
        desk: PackageDesk,
        xml_desk: XmlDesk,
        settings: OctopiaSettings,
        account: Account,
        listing: Listing,
        discounts: RunningDiscounts,
    ) -> None:
        self._desk = desk
        self._xml_desk = xml_desk
        self._settings = settings
        self._account = account
        self._listing = listing
        self._discounts = discounts
        self._all_xml = settings.offer_packages == XML_PACKAGES

    def submit_stock(self, updates: Sequence[StockUpdate]) -> Receipt:
        if not self._all_xml:
            return self._submit([("Update", [build_stock(update) for update in updates])])
        eans = self._listing.eans_of([update.sku for update in updates])
        return self._submit_changes([stock_offer(one, eans.get(one.sku, "")) for one in updates])

    def submit_prices(self, updates: Sequence[PriceUpdate]) -> Receipt:
        self._discounts.check(updates)
        if not self._all_xml:
            return self._submit([("Update", [build_price(update, self._settings) for update in updates])])
        eans = self._listing.eans_of([update.sku for update in updates])
        return self._submit_changes(
            [price_offer(one, eans.get(one.sku, ""), self._settings) for one in updates]
        )

    def submit_lead_times(self, updates: Sequence[LeadTimeUpdate]) -> Receipt:
        """Always JSON: a StockAndPrice package of XML has no place for it."""
        return self._submit([("Update", [build_lead_time(update) for update in updates])])

    def submit_offers(self, drafts: Sequence[OfferDraft]) -> Receipt:
        """A package is of one type: deletions go in one of their own, which is always JSON."""
        kept = [draft for draft in drafts if not draft.delete]
        self._check_delivery(kept)
        whole = [draft for draft in kept if self._goes_as_xml(draft)]
        packages: list[tuple[PackageType, list[Request]]] = [
            ("Upsert", [build_offer(one, self._settings) for one in kept if not self._goes_as_xml(one)]),
            ("Delete", [build_deletion(draft) for draft in drafts if draft.delete]),
        ]
        offers = [full_offer(draft, self._settings) for draft in whole]
        self._discounts.remember(whole)
        return self._submit(packages, offers)

    def _goes_as_xml(self, draft: OfferDraft) -> bool:
        discounted = has_discount(draft.extra)
        if discounted and self._settings.offer_packages == JSON_PACKAGES:
            words = "Flash sales and sales periods go in XML packages only: see the channel's settings."
            raise RejectedRecord(words, record_id=draft.sku)
        return discounted or self._all_xml

    def _submit_changes(self, offers: Sequence[etree._Element]) -> Receipt:
        return Receipt(external_id=dump_receipts([self._xml_desk.submit("StockAndPrice", offers)]))

    def _submit(
        self,
        packages: Sequence[tuple[PackageType, list[Request]]],
        whole: Sequence[etree._Element] = (),
    ) -> Receipt:
        """The XML package comes first: what fails later leaves nothing of it half told, for a Full package
        says the same when it is sent again."""
        filled = [(kind, requests) for kind, requests in packages if requests]
        named: list[Request] = [{"sellerExternalReference": offer.get("SellerProductId")} for offer in whole]
        check_package([*named, *(request for _, requests in filled for request in requests)])
        if whole and len(filled) > 1:
            # Three packages do not fit in one receipt.
            words = "Deletions go in a batch of their own, beside offers of both kinds of packages."
            raise RejectedRecord(words, record_id=str(filled[-1][1][0]["sellerExternalReference"]))
        receipts = [self._xml_desk.submit("Full", whole)] if whole else []
        receipts += [self._desk.submit(kind, requests) for kind, requests in filled]
        return Receipt(external_id=dump_receipts(receipts))

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
