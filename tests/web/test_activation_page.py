"""The rules of what is offered where, on screen."""

from __future__ import annotations

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change
from comptoir.offers.activation import keep_rule
from comptoir.offers.models import ActivationRule, Offer
from tests.web.conftest import SignIn
from tests.web.shop import Shop

ADDRESS = "/offers/activation/"


def test_a_rule_is_kept_applied_and_said_on_the_offer_and_goes(shop: Shop, admin: Client) -> None:
    admin.post(ADDRESS, {"action": "never", "channel": "maison", "sku": "MUG-BLUE-4"})
    page = admin.get(ADDRESS).content.decode()
    assert "MUG-BLUE-4" in page
    assert "Never offer it" in page
    run_flow("activate_offers")
    assert (
        "A rule or a closed period keeps it off this channel." in admin.get("/offers/?q=MUG").content.decode()
    )
    assert Offer.objects.get(sku="MUG-BLUE-4", channel=shop.house).state == "paused"
    admin.post(f"{ADDRESS}{ActivationRule.objects.get().pk}/remove")
    run_flow("activate_offers")
    assert Offer.objects.get(sku="MUG-BLUE-4", channel=shop.house).state == "listed"
    assert Change.objects.filter(action="offers.activation").count() == 2


@pytest.mark.parametrize(
    "given",
    [{"action": "now"}, {"action": "list", "sku": "GHOST"}, {"action": "list", "family": "no such"},
     {"action": "list", "channel": "nowhere"}],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(given: dict[str, str], shop: Shop, admin: Client) -> None:
    assert admin.post(ADDRESS, given).status_code == 422
    assert not ActivationRule.objects.exists()


def test_the_same_rule_twice_is_said(shop: Shop, admin: Client) -> None:
    admin.post(ADDRESS, {"action": "list"})
    assert "already: remove it first" in admin.post(ADDRESS, {"action": "never"}).content.decode()


def test_who_is_narrowed_rules_their_channels_alone(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["jardin"])
    assert client.post(ADDRESS, {"action": "list"}).status_code == 422
    assert client.post(ADDRESS, {"action": "list", "channel": "maison"}).status_code == 422
    assert client.post(ADDRESS, {"action": "list", "channel": "jardin"}).status_code == 303
    theirs = keep_rule("never", channel=shop.house, actor="zoe")
    everywhere = keep_rule("leave", channel=None, actor="zoe")
    assert "Maison" not in client.get(ADDRESS).content.decode()
    for rule in (theirs, everywhere):
        assert client.post(f"{ADDRESS}{rule.pk}/remove").status_code == 404
    assert sign_in(Role.READ_ONLY).get(ADDRESS).status_code == 403
