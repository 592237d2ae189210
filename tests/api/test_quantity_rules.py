"""Rules of quantity over the API."""

from __future__ import annotations

from comptoir.accounts.roles import Role
from comptoir.inventory.models import QuantityRule
from comptoir.offers.models import Offer
from tests.api.conftest import client_of
from tests.web.shop import Shop

ADDRESS, JSON = "/api/v1/quantity-rules", "application/json"


def test_a_rule_is_previewed_kept_changed_and_removed(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    offer = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4")
    rule = {"kind": "limit", "value": 5, "product": "MUG-BLUE-4", "channel": "maison"}
    seen = client.post(f"{ADDRESS}/preview", rule, JSON).json()
    assert (seen["changed"], seen["changes"][0]["before"], seen["changes"][0]["after"]) == (
        1, offer.desired_quantity, 5)  # fmt: skip
    assert QuantityRule.objects.count() == 0
    kept = client.post(ADDRESS, rule, JSON).json()
    assert (kept["version"], kept["in_force"], kept["channel"]) == (1, True, "maison")
    offer.refresh_from_db()
    assert offer.desired_quantity == 5
    changed = client.put(f"{ADDRESS}/{kept['number']}", {**rule, "value": 6}, JSON).json()
    assert (changed["number"], changed["version"]) == (kept["number"], 2)
    assert [one["value"] for one in client.get(ADDRESS).json()["rules"]] == [6]
    assert client.delete(f"{ADDRESS}/{kept['number']}").status_code == 200
    assert client.delete(f"{ADDRESS}/{kept['number']}").status_code == 404
    offer.refresh_from_db()
    assert offer.desired_quantity > 6


def test_a_rule_that_cannot_be_is_refused_and_a_narrowed_key_writes_for_its_channels_alone(
    shop: Shop,
) -> None:
    client = client_of(Role.INTEGRATOR)
    for wrong in (
        {"kind": "share", "value": 200},
        {"kind": "none", "value": 1},
        {"kind": "limit", "value": 1, "product": "NO"},
    ):
        assert client.post(ADDRESS, wrong, JSON).status_code == 422
    assert client_of(Role.READ_ONLY).post(ADDRESS, {"kind": "limit", "value": 1}, JSON).status_code == 403
    narrowed = client_of(Role.INTEGRATOR, channels=["jardin"])
    assert narrowed.post(ADDRESS, {"kind": "limit", "value": 1}, JSON).status_code == 403
    house = client.post(ADDRESS, {"kind": "limit", "value": 50}, JSON).json()["number"]
    assert narrowed.delete(f"{ADDRESS}/{house}").status_code == 404
    mine = narrowed.post(ADDRESS, {"kind": "limit", "value": 3, "channel": "jardin"}, JSON)
    assert mine.status_code == 200
    assert narrowed.delete(f"{ADDRESS}/{mine.json()['number']}").status_code == 200
