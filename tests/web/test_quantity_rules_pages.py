"""The screens of the rules of quantity."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.catalog.models import Product
from comptoir.inventory.models import QuantityRule
from comptoir.offers.models import Offer
from tests.web.conftest import SignIn
from tests.web.shop import Shop


@pytest.fixture
def manager(shop: Shop, sign_in: SignIn) -> Client:
    return sign_in(Role.MARKETPLACE_MANAGER)


def quantity(shop: Shop, sku: str) -> int:
    return Offer.objects.get(channel=shop.house, sku=sku).desired_quantity


def seen_of(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1].replace("&quot;", '"')


def test_a_rule_is_kept_once_what_it_changes_was_seen(shop: Shop, manager: Client) -> None:
    given = {"kind": "limit", "value": "5", "sku": "MUG-BLUE-4", "family": "", "channel": shop.house.pk,
             "valid_from": "", "valid_until": "", "note": "essai"}  # fmt: skip
    before = quantity(shop, "MUG-BLUE-4")
    page = manager.post("/stock/rules/new/", given).content.decode()
    assert "1 quantity would change" in page
    assert (quantity(shop, "MUG-BLUE-4"), QuantityRule.objects.count()) == (before, 0)
    seen = seen_of(page)
    # Another value than the one that was seen is previewed again, and not kept.
    manager.post("/stock/rules/new/", {**given, "value": "4", "seen": seen, "keep": "1"})
    assert QuantityRule.objects.count() == 0
    answer = manager.post("/stock/rules/new/", {**given, "seen": seen, "keep": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/stock/rules/")
    assert quantity(shop, "MUG-BLUE-4") == 5
    listed = manager.get("/stock/rules/").content.decode()
    assert "MUG-BLUE-4" in listed
    assert "essai" in listed
    exported = b"".join(manager.get("/stock/rules/export.csv").streaming_content).decode()
    assert "MUG-BLUE-4" in exported


def test_a_rule_is_changed_and_removed(shop: Shop, manager: Client) -> None:
    given = {"kind": "limit", "value": "5", "sku": "MUG-BLUE-4"}
    seen = seen_of(manager.post("/stock/rules/new/", given).content.decode())
    manager.post("/stock/rules/new/", {**given, "seen": seen, "keep": "1"})
    number = QuantityRule.objects.get().number
    address = f"/stock/rules/{number}/"
    assert 'value="5"' in manager.get(address).content.decode()
    wider = {**given, "value": "7"}
    manager.post(
        address, {**wider, "seen": seen_of(manager.post(address, wider).content.decode()), "keep": "1"}
    )
    assert quantity(shop, "MUG-BLUE-4") == 7
    assert "would change" in manager.get(f"{address}remove/").content.decode()
    assert quantity(shop, "MUG-BLUE-4") == 7
    assert manager.post(f"{address}remove/").status_code == 303
    assert quantity(shop, "MUG-BLUE-4") > 7
    assert manager.get(address).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "share", "value": "101"}, "100 percent"),
        ({"sku": "NONE"}, "No product has the SKU NONE"),
        ({"family": "none"}, "No article is of the family none"),
        ({"value": "-1"}, "greater than or equal to 0"),
        ({"valid_from": "2026-12-02T10:00", "valid_until": "2026-12-01T10:00"}, "end before it begins"),
    ],
)
def test_a_rule_that_cannot_be_says_why(manager: Client, given: dict[str, str], words: str) -> None:
    answer = manager.post("/stock/rules/new/", {"kind": "limit", "value": "5", **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_who_is_narrowed_to_a_channel_writes_rules_for_it_alone(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["maison"])
    product = Product.objects.get(sku="MUG-BLUE-4")
    for channel in (None, shop.garden, shop.house):
        rule = QuantityRule.objects.create(
            kind="limit", value=1, product=product, channel=channel, valid_from=product.created_at,
            created_at=product.created_at, created_by="zoe", note=f"for {channel}",
        )  # fmt: skip
        QuantityRule.objects.filter(pk=rule.pk).update(number=rule.pk)
    page = client.get("/stock/rules/").content.decode()
    assert "for Jardin Vivant" not in page
    codes = [client.get(f"/stock/rules/{r.pk}/").status_code for r in QuantityRule.objects.order_by("id")]
    assert codes == [404, 404, 200]
    assert client.post("/stock/rules/new/", {"kind": "limit", "value": "5"}).status_code == 422
    garden = {"kind": "limit", "value": "5", "channel": shop.garden.pk}
    assert client.post("/stock/rules/new/", garden).status_code == 422


def test_two_thousand_rules_come_by_pages_and_are_found(shop: Shop, manager: Client) -> None:
    product = Product.objects.get(sku="MUG-BLUE-4")
    made = QuantityRule.objects.bulk_create(
        QuantityRule(
            kind="limit", value=n, family="" if n < 60 else "lamps", product=product if n < 60 else None,
            channel=shop.garden if n % 2 else None, valid_from=product.created_at, created_at=product.created_at,
            created_by="zoe", note=f"note {n}.",
        )
        for n in range(120)
    )  # fmt: skip
    for rule in made:
        QuantityRule.objects.filter(pk=rule.pk).update(number=rule.pk)
    seen: list[str] = []
    address = "/stock/rules/"
    while address:
        page = manager.get(address).content.decode()
        seen += re.findall(r"note (\d+)\.", page)
        following = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = f"/stock/rules/{following[1].replace('&amp;', '&')}" if following else ""
    assert len(seen) == 120
    assert {int(n) for n in seen[:60]} == set(range(60, 120)), "families come before articles"
    found = manager.get("/stock/rules/", {"q": "mug-blue"}).content.decode()
    assert set(map(int, re.findall(r"note (\d+)\.", found))) <= set(range(60))
    assert "No rule like that" in manager.get("/stock/rules/", {"q": "nothing"}).content.decode()
    answer = manager.get("/stock/rules/export.csv", {"q": "mug-blue"})
    assert b"".join(answer.streaming_content).decode().count("note ") == 60  # type: ignore[attr-defined]
