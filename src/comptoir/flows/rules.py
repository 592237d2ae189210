"""Changing the rules of a channel: kept, noted, and what its offers should show computed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from comptoir.channels.models import Channel
from comptoir.journal.audit import record_change
from comptoir.offers.lead_times import Scope, bring_lead_times_in_line
from comptoir.offers.rulings import recompute_channel


@transaction.atomic
def change_rules(
    channel: Channel, rules: Mapping[str, Any], intervals: dict[str, int], *, actor: str
) -> None:
    """`rules`: fields of Channel; `intervals`: seconds between two turns, by flow."""
    wanted = {**rules, "intervals": intervals}
    known = Channel.objects.select_for_update().get(pk=channel.pk)
    before = {name: getattr(known, name) for name in wanted}
    changed = {name for name, value in wanted.items() if before[name] != value}
    for name in changed:
        setattr(channel, name, wanted[name])
    channel.save(update_fields=sorted(changed))
    if changed:
        record_change(
            actor=actor, action="channel.rules", subject_kind="channel", subject=channel.key,
            before={n: _plain(before[n]) for n in changed}, after={n: _plain(wanted[n]) for n in changed},
        )  # fmt: skip
        recompute_channel(channel)
        if "lead_time_count" in changed:
            bring_lead_times_in_line(Scope("o.channel_id = %(channel)s", (("channel", channel.pk),)))
        if any(name.startswith("price_step") for name in changed):
            # Judged again at the next publication, by what is allowed now.
            channel.offers.filter(price_error="price_step").update(price_error="")


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, dict, type(None))) else str(value)
