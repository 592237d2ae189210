"""What is there before the story begins: offers that nobody told, and the buyer of orders placed by hand."""

from __future__ import annotations

from bazaar.octopia import buying
from bazaar.octopia.account import Account
from bazaar.octopia.money import ZERO
from bazaar.octopia.offer_records import Delivery, Offer, Tax
from bazaar.octopia.reference import DELIVERY_MODES, TAXES
from bazaar.octopia.settings import Settings
from bazaar.world.facts import Buyer, Product

HAND_BUYER = Buyer(
    firstname="Ada",
    lastname="Lovelace",
    street_1="12 rue des Écoles",
    street_2="",
    postcode="75005",
    city="Paris",
    country="FR",
    email="ada@example.com",
    phone="+33100000000",
)


def put_on_sale(account: Account, channel: Settings, product: Product) -> None:
    """An offer that was there before the story begins: nobody told it."""
    now = account.now()
    offer = Offer(
        offer_id=buying.offer_id(account, product.ean, "New", channel),
        sku=product.sku,
        ean=product.ean,
        condition="New",
        sales_channel_id=channel.sales_channel_id,
        price=product.list_price,
        taxes=tuple(Tax(code, product.vat_rate if code == "VAT" else ZERO) for code in sorted(TAXES)),
        delivery=(Delivery(next(iter(DELIVERY_MODES)), account.settings.shipping_price),),
        created_at=now,
        updated_at=now,
    )
    account.keep_offer(offer)
    account.set_quantity(offer, product.initial_stock)
