"""What a connection test tells: who we are there, what the account may do, what is wrong with it."""

from __future__ import annotations

import os

from comptoir.connectors.octopia.account import Account, SellerPayload, SubscriptionPayload
from comptoir.connectors.octopia.offer_requests import CONDITIONS
from comptoir.connectors.octopia.order_payloads import text
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.settings import JSON_PACKAGES, OctopiaSettings
from comptoir.sdk.records import ChannelProfile, Choice

# The states in which we may cancel: each has reasons of its own.
_CANCELLABLE = ("InPreparation", "Shipped")


def read_profile(settings: OctopiaSettings, account: Account, orders: OrderReader) -> ChannelProfile:
    seller, subscriptions = account.seller(), account.subscriptions()
    delivery = account.delivery_modes()
    reasons = {
        choice.code: choice for state in _CANCELLABLE for choice in account.cancellation_reasons(state)
    }
    warnings = [
        *_channel_warnings(settings, seller, subscriptions),
        *_delivery_warnings(settings, delivery),
        *_sort_warnings(settings, orders),
        *_folder_warnings(settings),
    ]
    return ChannelProfile(
        account_id=text(seller.seller_id) or settings.seller_id,
        account_name=text(seller.shop_name) or text(seller.login),
        state=text(seller.status) or "open",
        currency=_currency(settings, subscriptions),
        features=_features(settings, seller, subscriptions),
        carriers=tuple(account.carriers()),
        reasons=tuple(reasons.values()),
        conditions=tuple(Choice(code=ours, label=theirs) for ours, theirs in CONDITIONS.items()),
        shipping_methods=tuple(delivery),
        warnings=tuple(warnings),
    )


def _features(
    settings: OctopiaSettings, seller: SellerPayload, subscriptions: list[SubscriptionPayload]
) -> dict[str, str]:
    """`stock_pool`: channels that say the same name share one stock per product and condition there."""
    automatic = seller.automatic_order_acceptance
    return {
        "stock_pool": f"octopia/{settings.seller_id}",
        "order_acceptance": "unknown" if automatic is None else "automatic" if automatic else "manual",
        "acceptance_alarm_hours": str(settings.acceptance_alarm_hours),
        "acceptance_deadline_hours": str(settings.acceptance_deadline_hours),
        "sales_channels": ",".join(text(one.sales_channel_id) for one in subscriptions),
    }


def _currency(settings: OctopiaSettings, subscriptions: list[SubscriptionPayload]) -> str:
    ours = next((one for one in subscriptions if _is_ours(settings, one)), None)
    return (text(ours.offer_submission_currency) if ours else "") or settings.currency


def _is_ours(settings: OctopiaSettings, one: SubscriptionPayload) -> bool:
    return text(one.sales_channel_id) == settings.sales_channel_id


def _channel_warnings(
    settings: OctopiaSettings, seller: SellerPayload, subscriptions: list[SubscriptionPayload]
) -> list[str]:
    found = []
    if text(seller.seller_id) not in ("", settings.seller_id):
        found.append(f"These keys answer for seller {text(seller.seller_id)}, not {settings.seller_id}.")
    if not any(_is_ours(settings, one) for one in subscriptions):
        known = ", ".join(text(one.sales_channel_id) for one in subscriptions)
        found.append(f"The account is not subscribed to {settings.sales_channel_id}, only to: {known}.")
    told = _currency(settings, subscriptions)
    if told != settings.currency:
        found.append(f"Offers are submitted in {told} there, the settings say {settings.currency}.")
    return found


def _delivery_warnings(settings: OctopiaSettings, known: list[Choice]) -> list[str]:
    if not settings.usual_delivery:
        return ["No usual delivery mode is set: new offers cannot be created."]
    unknown = {mode.code for mode in settings.usual_delivery} - {choice.code for choice in known}
    return [f"This account has no delivery mode {code}." for code in sorted(unknown)]


def _sort_warnings(settings: OctopiaSettings, orders: OrderReader) -> list[str]:
    """Reading orders is quick where `sort=asc:updatedAt` is honoured, and must be told where it is not."""
    dates = orders.first_page()
    if dates == sorted(dates) or not settings.trusts_sort:
        return []
    return ["Orders do not come sorted by their last change: turn off « Orders come sorted »."]


def _folder_warnings(settings: OctopiaSettings) -> list[str]:
    if settings.offer_packages == JSON_PACKAGES or os.access(settings.xml_folder, os.W_OK | os.X_OK):
        return []
    return [f"The folder of XML packages cannot be written: {settings.xml_folder}."]
