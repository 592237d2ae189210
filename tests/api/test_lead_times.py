"""Preparation times and calendars over the API."""

from __future__ import annotations

from comptoir.accounts.roles import Role
from comptoir.flows.policy import run_flow
from comptoir.inventory.models import LeadTimeRule, Warehouse
from comptoir.offers.models import LeadTime, Offer
from tests.api.conftest import client_of
from tests.web.shop import Shop

RULES, CALENDARS, JSON = "/api/v1/lead-times", "/api/v1/calendars", "application/json"


def test_a_rule_is_previewed_kept_changed_explained_and_removed(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    offer = Offer.objects.get(channel=shop.house, sku="MUG-BLUE-4")
    rule = {"days": 5, "product": "MUG-BLUE-4", "channel": "maison"}
    seen = client.post(f"{RULES}/preview", rule, JSON).json()
    assert (seen["changed"], seen["changes"]) == (
        1, [{"sku": "MUG-BLUE-4", "channel": "maison", "before": None, "after": 5}])  # fmt: skip
    assert LeadTimeRule.objects.count() == 0
    kept = client.post(RULES, rule, JSON).json()
    assert client.post(RULES, rule, JSON).status_code == 409
    assert client.put(f"{RULES}/{kept['id']}", {**rule, "days": 6}, JSON).json()["days"] == 6
    assert [one["days"] for one in client.get(RULES).json()["rules"]] == [6]
    told = client.get(f"/api/v1/offers/{offer.pk}/lead-time").json()
    assert (told["working_days"], told["days"], told["desired"], told["rule"]) == (6, 6, 6, kept["id"])
    assert client.delete(f"{RULES}/{kept['id']}").status_code == 200
    assert client.delete(f"{RULES}/{kept['id']}").status_code == 404
    assert LeadTime.objects.count() == 0


def test_a_rule_that_cannot_be_is_refused_and_a_narrowed_key_writes_for_its_channels_alone(
    shop: Shop,
) -> None:
    client = client_of(Role.INTEGRATOR)
    for wrong in ({"days": 61}, {"days": -1}, {"days": 1, "product": "NO"}, {"days": 1, "channel": "no"}):
        assert client.post(RULES, wrong, JSON).status_code == 422
    both = {"days": 1, "product": "MUG-BLUE-4", "family": "mugs"}
    assert client.post(RULES, both, JSON).status_code == 422
    assert client_of(Role.READ_ONLY).post(RULES, {"days": 1}, JSON).status_code == 403
    narrowed = client_of(Role.INTEGRATOR, channels=["jardin"])
    assert narrowed.post(RULES, {"days": 1}, JSON).status_code == 403
    house = client.post(RULES, {"days": 2}, JSON).json()["id"]
    assert narrowed.delete(f"{RULES}/{house}").status_code == 404
    assert narrowed.post(RULES, {"days": 3, "channel": "jardin"}, JSON).status_code == 200
    assert narrowed.put(f"{CALENDARS}/house", {"weekdays": [0]}, JSON).status_code == 403


def test_a_calendar_is_kept_closed_and_opened_and_offers_follow(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    assert client.post(RULES, {"days": 1}, JSON).status_code == 200
    before = set(LeadTime.objects.values_list("desired", flat=True))
    week = {"weekdays": [0, 1, 2, 3, 4], "cutoff": "14:00", "country": "FR"}
    assert client.put(f"{CALENDARS}/house", {**week, "country": "ZZ"}, JSON).status_code == 422
    assert client.put(f"{CALENDARS}/nowhere", week, JSON).status_code == 404
    assert client.put(f"{CALENDARS}/house", week, JSON).json()["weekdays"] == [0, 1, 2, 3, 4]
    long = {"name": "Move", "first": "2026-01-01", "last": "2026-12-30"}
    kept = client.post(f"{CALENDARS}/house/closures", long, JSON).json()
    assert [one["name"] for one in kept["closures"]] == ["Move"]
    run_flow("apply_lead_times")
    assert min(LeadTime.objects.values_list("desired", flat=True)) > max(before)
    number = kept["closures"][0]["id"]
    assert client.delete(f"{CALENDARS}/house/closures/{number}").json()["closures"] == []
    assert client.delete(f"{CALENDARS}/house/closures/{number}").status_code == 404
    code = Warehouse.objects.order_by("pk")[0].code
    assert client.put(f"{CALENDARS}/{code}", {"weekdays": [5]}, JSON).status_code == 200
    assert [one["calendar"] for one in client.get(CALENDARS).json()["calendars"]] == ["house", code]
