"""One read may bring the orders of several marketplaces of an account: each goes to the channel of its own.

The cursor stays with the channel that reads. An order whose marketplace has no channel stays with it too, and
one that is stored already stays where it is: adding a channel later never makes an order twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.channels.models import Channel
from comptoir.core.locks import lock_in_transaction
from comptoir.flows.connect import marketplace_of
from comptoir.orders.homes import known_homes
from comptoir.sdk.records import Order

Share = tuple[Channel, Sequence[Order]]


def shared_out(channel: Channel, orders: Sequence[Order]) -> list[Share]:
    """Each channel with its orders, the reading channel first."""
    named = {order.marketplace for order in orders if order.marketplace}
    siblings = _siblings(channel) if named else {}
    if not siblings:
        return [(channel, orders)]
    by_place = {marketplace_of(sibling): sibling.pk for sibling in siblings.values()}
    by_place |= {marketplace_of(channel): channel.pk, "": channel.pk}
    homes = known_homes([channel.pk, *siblings], [order.external_id for order in orders])
    shares: dict[int, list[Order]] = {channel.pk: []}
    for order in orders:
        home = homes.get(order.external_id) or by_place.get(order.marketplace, channel.pk)
        shares.setdefault(home, []).append(order)
    return [(siblings.get(pk, channel), share) for pk, share in shares.items()]


def one_at_a_time(channel: Channel) -> None:
    """Until the transaction ends, no other channel of the account stores orders: two could make one order each."""
    if channel.account != channel.key:
        lock_in_transaction(f"orders of the account {channel.account}")


def _siblings(channel: Channel) -> dict[int, Channel]:
    found = Channel.objects.filter(account=channel.account, kind=channel.kind, role=channel.role)
    return {sibling.pk: sibling for sibling in found.exclude(pk=channel.pk).order_by("pk")}
