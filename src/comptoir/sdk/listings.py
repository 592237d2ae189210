"""May we sell this there? Asked before an offer is made, and by a person who wants to know why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from comptoir.sdk.records import OfferDraft, Verdict


@runtime_checkable
class ListingTarget(Protocol):
    def preview_listings(self, drafts: Sequence[OfferDraft]) -> Iterator[Verdict]:
        """One verdict per draft, keyed by its SKU; nothing is written there.

        DONE: the channel would take it, on its article `external_id`. REJECTED: `code` and `message` say why
        not, in the channel's own words where it has any.
        """
        ...
