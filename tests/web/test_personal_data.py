"""For how long buyers are kept: chosen for each channel, never longer than its terms, shown before it happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from comptoir.core import clock
from comptoir.flows import purge as purging
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change
from comptoir.orders.models import Order, OrderContact, OrderEvent, Retention
from comptoir.orders.privacy import kept_days
from tests.web.conftest import NOW
from tests.web.shop import Shop

PAGE = "/settings/personal-data/"


def test_a_term_is_chosen_kept_and_written_down(shop: Shop, admin: Client) -> None:
    given = {shop.house.key: "45", shop.garden.key: "180"}
    assert admin.post(PAGE, given).status_code == 303
    assert kept_days(shop.house, {}) == 45
    change = Change.objects.get(action="retention.changed", subject=shop.house.key)
    assert (change.before, change.after) == ({"kept_days": None}, {"kept_days": 45})
    assert admin.post(PAGE, given).status_code == 303
    assert Change.objects.filter(action="retention.changed", subject=shop.house.key).count() == 1


@pytest.mark.parametrize("days", ["-1", "181", "x", ""])
def test_a_term_that_cannot_be_is_refused_beside_its_field(days: str, shop: Shop, admin: Client) -> None:
    answer = admin.post(PAGE, {shop.house.key: days, shop.garden.key: "180"})
    assert answer.status_code == 422
    assert not Retention.objects.exists()


def test_nobody_keeps_buyers_longer_than_the_channel_allows(shop: Shop) -> None:
    Retention.objects.create(channel=shop.house, kept_days=90)
    assert kept_days(shop.house, {shop.house.kind: 30}) == 30
    Retention.objects.update(kept_days=7)
    assert kept_days(shop.house, {shop.house.kind: 30}) == 7


def test_the_page_tells_the_next_purge_and_whether_all_is_sealed(shop: Shop, admin: Client) -> None:
    Turn.objects.update_or_create(flow="purge", channel="", defaults={"due_at": NOW + timedelta(hours=3)})
    text = admin.get(PAGE).content.decode()
    assert "Next purge" in text
    assert "All of them." in text
    OrderContact.objects.filter(order=shop.to_ship).update(sealed=None, plain_name="Inès Dubois")
    assert "Not all of them yet" in admin.get(PAGE).content.decode()


def test_the_order_tells_until_when_its_buyer_is_kept(shop: Shop, admin: Client) -> None:
    order = shop.to_ship
    assert "Kept until" not in admin.get(f"/orders/{order.reference}/").content.decode()
    Order.objects.filter(pk=order.pk).update(status="shipped")
    assert "Kept until" in admin.get(f"/orders/{order.reference}/").content.decode()


def test_a_later_refund_does_not_lengthen_the_term(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "contacts_kept_days", lambda: {shop.house.kind: 30})
    order, now = shop.to_ship, clock.now()
    Order.objects.filter(pk=order.pk).update(status="refunded", updated_at=now)
    OrderEvent.objects.create(
        order=order, kind="status_changed", data={"to": "shipped"}, at=now - timedelta(days=31)
    )
    assert run_flow("purge") is not None
    assert OrderContact.objects.get(order=order).purged_at is not None
    kept = OrderContact.objects.filter(purged_at=None, order__status__in=["to_ship", "to_accept"])
    assert kept.exists()
