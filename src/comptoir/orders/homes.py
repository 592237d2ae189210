"""On which channel of an account an order is: once stored it stays there, whichever channel brings its news."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.bulk import fetch


def known_homes(channel_ids: Sequence[int], external_ids: Sequence[str]) -> dict[str, int]:
    """The channel of each of these orders that is stored already."""
    found = fetch(
        "SELECT external_id, channel_id FROM orders_order WHERE channel_id = ANY(%s) AND external_id = ANY(%s)",
        [list(channel_ids), list(external_ids)],
    )
    return {str(external_id): int(channel_id) for external_id, channel_id in found}
