"""Our offers as Octopia shows them, and those of the others: `GET /offers`, by cursor.

`integrationPrice` is a number or an object: which of the two is not verified, both are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.offer_requests import CONDITIONS
from comptoir.connectors.octopia.order_payloads import Id, Payload, text
from comptoir.connectors.octopia.paging import linked_pages
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.sdk.errors import UnexpectedAnswer
from comptoir.sdk.records import ListedOffer

_SKUS_PER_CALL = 100
_OURS = {theirs: ours for ours, theirs in CONDITIONS.items()}


class AmountPayload(Payload, frozen=True):
    price: Decimal | None = None


class OfferProductPayload(Payload, frozen=True):
    gtin: Id = None
    reference: Id = None


class CompetingPayload(Payload, frozen=True):
    """Of its shape only `price` and `shippingCost` were seen."""

    price: Decimal | None = None
    shipping_cost: Decimal | None = None
    seller_name: str | None = None
    condition: str | None = None
    preparation_time: int | None = None


class FeedbackPayload(Payload, frozen=True):
    best_offer_details: CompetingPayload | None = None
    competing_offers: list[CompetingPayload | None] | None = None


class OfferPayload(Payload, frozen=True):
    offer_id: Id = None
    seller_external_reference: Id = None
    offer_state: str | None = None
    updated_at: datetime | None = None
    product: OfferProductPayload | None = None
    condition: str | None = None
    integration_price: AmountPayload | Decimal | None = None
    facial_price: AmountPayload | None = None
    quantity: int | None = None
    preparation_time: int | None = None
    comments: str | None = None
    sales_channel_feedback: FeedbackPayload | None = None

    @property
    def price(self) -> Decimal | None:
        told = self.integration_price
        return told.price if isinstance(told, AmountPayload) else told

    @property
    def gtin(self) -> str:
        return text(self.product.gtin) if self.product else ""


class Listing:
    def __init__(self, client: OctopiaClient, settings: OctopiaSettings) -> None:
        self._client = client
        self._settings = settings

    def listed(self) -> Iterator[Sequence[ListedOffer]]:
        for page in self.pages({}):
            yield [offer for payload in page if (offer := parse_offer(payload, self._settings.currency))]

    def eans_of(self, skus: Sequence[str]) -> dict[str, str]:
        """The GTINs of our offers there, by our reference; what is not there is not in it."""
        asked_for = [sku for sku in skus if "," not in sku]  # the list is separated by commas
        found: dict[str, str] = {}
        for start in range(0, len(asked_for), _SKUS_PER_CALL):
            wanted = ",".join(asked_for[start : start + _SKUS_PER_CALL])
            for page in self.pages({"fields": "product", "sellerExternalReferences": wanted}):
                found |= {text(one.seller_external_reference): one.gtin for one in page if one.gtin}
        return found

    def pages(self, asked: dict[str, str]) -> Iterator[list[OfferPayload]]:
        params = {"salesChannelId": self._settings.sales_channel_id, **asked}
        for page in linked_pages(self._client, "listOffers", "/offers", params):
            yield [decode_offer(raw) for raw in page]


def decode_offer(raw: msgspec.Raw) -> OfferPayload:
    try:
        return msgspec.json.decode(raw, type=OfferPayload, strict=False)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswer(f"An offer cannot be read ({error}).") from error


def parse_offer(payload: OfferPayload, currency: str) -> ListedOffer | None:
    """None for an offer without our reference: it is not one that we could write to."""
    sku = text(payload.seller_external_reference)
    if not sku:
        return None
    comments, condition = text(payload.comments), text(payload.condition)
    return ListedOffer(
        sku=sku,
        quantity=payload.quantity,
        price=payload.price,
        currency=currency,
        active=payload.offer_state == "Active",
        external_id=text(payload.offer_id),
        external_product_id=text(payload.product.reference) if payload.product else "",
        ean=payload.gtin,
        condition=_OURS.get(condition, condition),
        inactive_reasons=(comments,) if comments else (),
    )
