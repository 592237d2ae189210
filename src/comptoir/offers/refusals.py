"""Why a price is not wanted: in words that a screen translates, and as an Issue where a person may let it pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from comptoir.journal.issues import Reason, Trouble, open_issues
from comptoir.sdk.i18n import N_

NOT_POSITIVE, NO_FLOOR, BELOW_FLOOR, PRICE_STEP = "not_positive", "no_floor", "below_floor", "price_step"
TEXTS = {
    NOT_POSITIVE: N_("a price is above zero"),
    NO_FLOOR: N_("the offer has no floor price: give one"),
    BELOW_FLOOR: N_("%(price)s is under the floor price of %(floor)s"),
    PRICE_STEP: N_(
        "%(price)s is too far from %(last)s: in one go the channel's rules allow %(lowest)s to %(highest)s"
    ),
    "price_step_up": N_(
        "%(price)s is too far from %(last)s: in one go the channel's rules allow %(lowest)s and above"
    ),
}


def plain(amount: Decimal) -> str:
    """Cents at the least: 44.90, 0.125."""
    return f"{amount.quantize(Decimal('0.01')) if amount == amount.quantize(Decimal('0.01')) else amount.normalize():f}"


@dataclass(frozen=True)
class Refusal:
    code: str
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return self.told()

    def told(self, translate: Callable[[str], str] = str, money: Callable[[Decimal], str] = plain) -> str:
        code = "price_step_up" if self.code == PRICE_STEP and "highest" not in self.amounts else self.code
        return translate(TEXTS[code]) % {name: money(amount) for name, amount in self.amounts.items()}


class PriceRefused(ValueError):  # noqa: N818
    """This price would never be published; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.words)
        self.refusal = refusal


class BelowFloor(PriceRefused):
    """The price is under the floor, or there is no floor to hold it."""


class StepTooLarge(PriceRefused):
    """The price moves more than the channel's rules allow in one go; an Issue lets a person let it pass."""


def refused(refusal: Refusal) -> PriceRefused:
    return (StepTooLarge if refusal.code == PRICE_STEP else BelowFloor)(refusal)


def tell_steps(found: Iterable[tuple[str, str, str, Refusal]], *, run_id: int | None = None) -> None:
    """Open the Issue of each price that moves too far: (channel's key, SKU, currency, refusal)."""
    open_issues(
        [step_trouble(channel, sku, currency, refusal.amounts["last"], refusal.amounts["price"], refusal.words)
         for channel, sku, currency, refusal in found if refusal.code == PRICE_STEP],
        run_id=run_id,
    )  # fmt: skip


def step_trouble(
    channel: str, sku: str, currency: str, last: Decimal, price: Decimal, words: str = ""
) -> Trouble:
    percent = 100 * (price - last) / last
    told = f"{plain(last)} → {plain(price)} {currency} ({percent:+.0f} %): {words or 'further than allowed'}."
    return Trouble(
        Reason.PRICE_STEP, told, channel=channel, subject_kind="offer", subject=sku, action="let_price_pass",
        detail={"price": f"{price:f}", "last": f"{last:f}", "currency": currency},
    )  # fmt: skip
