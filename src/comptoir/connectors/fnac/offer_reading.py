"""offers_query: everything that the shop lists, or one offer by its SKU."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from comptoir.connectors.fnac import xml
from comptoir.connectors.fnac.client import FnacClient, Reply
from comptoir.connectors.fnac.fields import children, integer, text
from comptoir.sdk.errors import RejectedRecord, TransientError, UnexpectedAnswer

OFFERS_PER_PAGE: Final = 5000
"""Fnac takes up to 10,000; fewer keep an answer small enough to be repeated."""


class OfferReader:
    def __init__(self, client: FnacClient) -> None:
        self._client = client

    def pages(self) -> Iterator[list[Mapping[str, Any]]]:
        """Every offer, as payloads; TransientError at the end when some were counted and not shown.

        A list that silently lacks offers would look like offers that were deleted.
        """
        seen: set[str] = set()
        number, pages, counted = 1, 1, None
        while number <= pages:
            reply = self._page(number)
            found = children(reply.content, "offer")
            fresh = [node for node in found if _identity(node) not in seen]
            seen |= {_identity(node) for node in found}
            counted = _count(reply, "nb_total_result")
            pages = _count(reply, "total_paging") or (number + (len(found) == OFFERS_PER_PAGE))
            yield fresh
            number += 1
        if counted is not None and len(seen) < counted:
            raise TransientError(f"offers_query counts {counted} offers and showed {len(seen)}.")

    def by_sku(self, sku: str) -> Mapping[str, Any] | None:
        request = xml.document("offers_query", {"results_count": "10"})
        xml.add(request, "offer_seller_id", sku)
        found = children(self._client.read(request, items="offer").content, "offer")
        return next((node for node in found if text(node, "offer_seller_id") == sku), None)

    def _page(self, number: int) -> Reply:
        attributes = {"results_count": str(OFFERS_PER_PAGE), "with_fees": "true"}
        request = xml.document("offers_query", attributes)
        xml.add(request, "paging", str(number))
        return self._client.read(request, items="offer")


def _identity(node: Mapping[str, Any]) -> str:
    return text(node, "offer_fnac_id") or text(node, "offer_seller_id")


def _count(reply: Reply, name: str) -> int | None:
    try:
        return integer(reply.content, name)
    except RejectedRecord as error:
        raise UnexpectedAnswer(error.message) from error
