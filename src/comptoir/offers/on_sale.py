"""Why an offer is not on sale: the reasons, the first to settle first, in words that a screen translates."""

from __future__ import annotations

from dataclasses import dataclass, field

from comptoir.channels.models import Channel
from comptoir.offers.models import Offer
from comptoir.sdk.i18n import N_

TEXTS = {
    "barred": N_("A rule or a closed period keeps it off this channel."),
    "paused": N_("A person paused it."),
    "asleep": N_("Its product is not active."),
    "no_product": N_("No product has this SKU: the ERP does not know it."),
    "not_published": N_("Offers are not published on this channel."),
    "channel_paused": N_("The channel is paused."),
    "channel_suspended": N_("The channel is suspended."),
    "stopped": N_("A person stopped what leaves for this channel."),
    "no_price": N_("It has no price."),
    "no_floor": N_("It has no floor price, so no price may leave."),
    "below_floor": N_("Its price is under its floor."),
    "price_step": N_("Its price moves too far in one go: a person has to let it pass."),
    "refused": N_("The channel refuses it: %(words)s"),
    "no_stock": N_("There is no stock to show."),
    "to_create": N_("It is created at the next publication."),
    "being_sent": N_("It is being sent: the channel has not answered yet."),
}


@dataclass(frozen=True)
class Reason:
    code: str
    detail: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return TEXTS[self.code] % self.detail


def why_not_on_sale(offer: Offer) -> list[Reason]:
    """Empty: the channel shows it with stock, as far as we know. Reads the offer's channel and product."""
    if offer.network != Offer.Network.SELLER:
        return []
    held = [Reason(code) for code in _held(offer)]
    new = offer.state == Offer.State.NEW
    if new:
        held += [Reason(code) for code in _unpriced(offer)]
    if words := offer.quantity_error or (offer.price_error if new and " " in offer.price_error else ""):
        held.append(Reason("refused", {"words": words}))
    if held:
        return held
    if new:
        return [Reason("being_sent" if offer.quantity_submission_id else "to_create")]
    return [] if offer.desired_quantity > 0 else [Reason("no_stock")]


def _held(offer: Offer) -> list[str]:
    channel, product = offer.channel, offer.product
    found = {
        "barred": offer.barred,
        "paused": offer.state == Offer.State.PAUSED and not offer.barred,
        "no_product": product is None,
        "asleep": product is not None and not product.active,
        "not_published": not channel.publishes,
        "channel_paused": channel.state == Channel.State.PAUSED,
        "channel_suspended": channel.state == Channel.State.SUSPENDED,
        "stopped": offer.state == Offer.State.NEW and (channel.prices_stopped or channel.stock_stopped),
    }
    return [code for code, holds in found.items() if holds]


def _unpriced(offer: Offer) -> list[str]:
    """Only what has a price that may leave is created."""
    if offer.desired_price is None:
        return ["no_price"]
    if offer.floor_price is None:
        return ["no_floor"]
    if offer.desired_price < offer.floor_price or offer.desired_price <= 0:
        return ["below_floor"]
    return ["price_step"] if offer.price_error == "price_step" else []
