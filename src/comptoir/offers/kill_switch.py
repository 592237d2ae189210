"""The kill switch of a channel: a person stops what leaves for it, at once, and lets it leave again."""

from __future__ import annotations

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.journal.audit import record_change


@transaction.atomic
def stop_writes(channel: Channel, *, prices: bool, stock: bool, actor: str) -> None:
    """What shall not leave from now on; False lets it leave. Whole offers need both.

    What was claimed before is on its way. Differences stay differences: they are closed once it may leave
    again. Stopping the stock stops what protects from overselling: the other channels still count with all
    that this one may sell.
    """
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    before = {"prices_stopped": known.prices_stopped, "stock_stopped": known.stock_stopped}
    after = {"prices_stopped": prices, "stock_stopped": stock}
    if before != after:
        Channel.objects.filter(pk=channel.pk).update(**after)
        record_change(
            actor=actor, action="channel.kill_switch", subject_kind="channel", subject=channel.key,
            before=before, after=after,
        )  # fmt: skip
    channel.prices_stopped, channel.stock_stopped = prices, stock
