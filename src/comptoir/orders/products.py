"""Which of our products a channel's SKU means."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.channels.models import Channel
from comptoir.core.bulk import fetch


def find_products(channel: Channel, *skus: Iterable[str]) -> dict[str, int]:
    """SKU → product id: by the channel's own listing where it names one, else by our SKU."""
    wanted = sorted({sku for some in skus for sku in some if sku})
    if not wanted:
        return {}
    ours = dict(fetch("SELECT sku, id FROM catalog_product WHERE sku = ANY(%s)", [wanted]))
    linked = fetch(
        """SELECT external_id, object_id FROM channels_externalid
           WHERE channel_id = %s AND kind = 'product' AND external_id = ANY(%s)""",
        [channel.pk, wanted],
    )
    return ours | dict(linked)
