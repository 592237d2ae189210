"""Who holds the featured offer of an article. The rule, all of it:

1. Candidates are the offers in stock: the rivals' and ours.
2. An offer's cost to the buyer is price + shipping, plus 0.5 % of the price for each day of delay beyond
   the first, less 1 % of the price for each grade point above 3 (a seller without grades counts as 4).
3. The lowest cost wins; at equal cost, the lower seller name.
4. Nobody wins (a suppressed buy box) when the winner's price + shipping is more than 15 % above the
   article's list price.

Amazon publishes no rule: this one is an assumption that gives pricing engines something to work against.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from bazaar.amazon.account import Account
from bazaar.amazon.listings import is_buyable, price_at
from bazaar.amazon.records import ZERO
from bazaar.world.facts import Product

_DELAY = Decimal("0.005")
_GRADE = Decimal("0.01")
_OUR_GRADE = Decimal(4)
_SUPPRESSED_ABOVE = Decimal("1.15")
_CENT = Decimal("0.01")


class Bid(msgspec.Struct, frozen=True, kw_only=True):
    seller: str
    price: Decimal
    shipping: Decimal
    delay_days: int
    grade: Decimal

    @property
    def total(self) -> Decimal:
        return self.price + self.shipping

    @property
    def burden(self) -> Decimal:
        """What rule 2 adds to the price, as a part of it."""
        return _DELAY * max(0, self.delay_days - 1) - _GRADE * (self.grade - 3)

    @property
    def cost(self) -> Decimal:
        return self.total + self.price * self.burden


def bids(account: Account, product: Product, asin: str, place: str) -> list[Bid]:
    """Every offer on the article there, cheapest for the buyer first."""
    found = [
        Bid(
            seller=seller_id(rival.seller),
            price=rival.price,
            shipping=rival.shipping_price,
            delay_days=rival.lead_time_days,
            grade=Decimal(str(rival.grade)),
        )
        for rival in account.world.rivals(account.key, product.ean)
    ]
    ours = our_bid(account, asin, place)
    return sorted([*found, *([ours] if ours else [])], key=lambda bid: (bid.total, bid.seller))


def our_bid(account: Account, asin: str, place: str) -> Bid | None:
    """Our cheapest offer in stock on that article."""
    prices = [
        (price, listing)
        for listing in account.listings_of(asin)
        if is_buyable(listing, place) and (price := price_at(listing, place, account.now())) is not None
    ]
    if not prices:
        return None
    price, listing = min(prices, key=lambda pair: pair[0])
    free = price >= account.settings.free_shipping_from
    return Bid(
        seller=account.settings.seller_id,
        price=price,
        shipping=ZERO if free else account.settings.shipping_price,
        delay_days=listing.lead_time_days or 2,
        grade=_OUR_GRADE,
    )


def winner(offers: Sequence[Bid], product: Product) -> Bid | None:
    best = min(offers, key=lambda bid: (bid.cost, bid.seller), default=None)
    if best is None or best.total > product.list_price * _SUPPRESSED_ABOVE:
        return None
    return best


def price_to_win(ours: Bid, others: Sequence[Bid], product: Product) -> Decimal | None:
    """The highest price with which we would hold it; None when nobody competes or nothing would do."""
    ceiling = product.list_price * _SUPPRESSED_ABOVE - ours.shipping
    rival = min(others, key=lambda bid: (bid.cost, bid.seller), default=None)
    if rival is None:
        return None
    price = min(ceiling, (rival.cost - ours.shipping) / (1 + ours.burden) - _CENT)
    return price.quantize(_CENT, "ROUND_DOWN") if price > _CENT else None


def seller_id(name: str) -> str:
    """A rival's merchant token: letters and digits, always the same for the same shop."""
    letters = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalnum())
    return f"A{letters:X<13}"[:14]
