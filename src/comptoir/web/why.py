"""« Why this number? »: the quantity that an offer should show, step by step, from the shelf to the channel."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from comptoir.inventory.availability import available
from comptoir.inventory.models import Stock
from comptoir.offers.models import Offer
from comptoir.web.formats import format_number


@dataclass(frozen=True)
class Step:
    words: str
    change: int | None
    """What it adds or takes off; None for a step that sets the number."""
    result: int


def explain_offer(offer: Offer) -> list[Step]:
    """The last step's result is what the offer should show now. As `offers.desired` computes it, in words."""
    steps = _kit(offer) if offer.product and offer.product.is_kit else _shelves(offer)
    number = steps[-1].result if steps else 0
    channel = offer.channel
    if channel.stock_buffer:
        kept = min(number, channel.stock_buffer)
        number -= kept
        words = gettext("%(channel)s keeps %(n)s units back (its rules)") % {
            "channel": channel.name, "n": format_number(channel.stock_buffer)}  # fmt: skip
        steps.append(Step(words, -kept, number))
    if channel.stock_limit is not None and number > channel.stock_limit:
        number = channel.stock_limit
        words = gettext("%(channel)s shows %(n)s units at most (its rules)") % {
            "channel": channel.name, "n": format_number(number)}  # fmt: skip
        steps.append(Step(words, None, number))
    for stopped, words in _stops(offer):
        if stopped:
            number = 0
            steps.append(Step(words, None, 0))
    if offer.in_escrow and number != offer.desired_quantity:
        steps.append(Step(_last_units(offer), None, offer.desired_quantity))
    return steps


def _last_units(offer: Offer) -> str:
    """The share itself is `offers.escrow`; here, what the others may still sell, which bounds it."""
    others = Offer.objects.filter(product=offer.product_id, network=Offer.Network.SELLER).exclude(
        channel__stock_pool=offer.channel.stock_pool
    )
    units = sum(filter(None, others.values_list("exposed_quantity", flat=True)))
    words = gettext("Last units, shared between the channels: the others may still sell %(n)s at most")
    return words % {"n": format_number(units)}


def _shelves(offer: Offer) -> list[Step]:
    steps, number = [], 0
    for stock in Stock.objects.filter(product=offer.product_id).select_related("warehouse"):
        place = stock.warehouse.name
        if not stock.warehouse.sellable:
            words = gettext("%(place)s: %(n)s units, not for sale")
            told = words % {"place": place, "n": format_number(stock.on_hand)}
            steps.append(Step(told, 0, number))
            continue
        number += stock.on_hand
        steps.append(Step(gettext("%(place)s: on hand") % {"place": place}, stock.on_hand, number))
        if stock.reserved:
            number -= stock.reserved
            steps.append(
                Step(gettext("%(place)s: promised to orders") % {"place": place}, -stock.reserved, number)
            )
    if number < 0:
        steps.append(Step(gettext("More is promised than there is: nothing is left to sell"), None, 0))
    return steps


def _kit(offer: Offer) -> list[Step]:
    if offer.product is None:
        return []
    parts = list(offer.product.components.select_related("component"))
    units = available([part.component_id for part in parts])
    told = [(units.get(p.component_id, 0) // p.quantity, p) for p in parts]
    steps = [
        Step(
            gettext("%(sku)s: %(n)s available, %(each)s in each kit") % {
                "sku": p.component.sku, "n": format_number(units.get(p.component_id, 0)), "each": p.quantity},
            None, whole,
        )
        for whole, p in sorted(told, key=lambda one: -one[0])
    ]  # fmt: skip
    return (
        [*steps, Step(gettext("The fewest whole kits that these make"), None, min(w for w, _ in told))]
        if told
        else []
    )


def _stops(offer: Offer) -> list[tuple[bool, str]]:
    return [
        (offer.state == Offer.State.PAUSED, gettext("The offer is paused")),
        (
            offer.product is not None and not offer.product.active,
            gettext("The product is not active any more"),
        ),
        (not offer.channel.publishes, gettext("Nothing is published on this channel (its rules)")),
    ]
