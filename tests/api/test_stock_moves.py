"""Transfers, returns and assemblies over the API."""

from __future__ import annotations

from comptoir.accounts.roles import Role
from comptoir.inventory.reservations import default_warehouse
from comptoir.offers.models import Offer
from tests.api.conftest import client_of
from tests.web.shop import Shop

API, JSON = "/api/v1/stock-moves", "application/json"


def test_units_are_moved_brought_back_and_assembled(shop: Shop) -> None:
    client, main = client_of(Role.INTEGRATOR), default_warehouse().code

    def wanted(sku: str = "MUG-BLUE-4") -> int:
        return Offer.objects.get(channel=shop.house, sku=sku).desired_quantity

    before = wanted()
    asked = {
        "sku": "MUG-BLUE-4",
        "source": main,
        "target": "LYON",
        "units": 10,
        "expected_date": "2026-12-24",
    }
    made = client.post(f"{API}/transfers", asked, JSON).json()
    assert (made["state"], made["expected_date"]) == ("asked", "2026-12-24")
    assert client.post(f"{API}/transfers/{made['id']}/receive", {"units": 1}, JSON).status_code == 409
    assert client.post(f"{API}/transfers/{made['id']}/send").json()["state"] == "sent"
    assert wanted() == before - 10
    assert (
        client.post(f"{API}/transfers/{made['id']}/receive", {"units": 10}, JSON).json()["received_units"]
        == 10
    )
    assert wanted() == before
    assert [one["id"] for one in client.get(f"{API}/transfers").json()["transfers"]] == [made["id"]]
    assert client.post(f"{API}/transfers/{made['id']}/cancel").status_code == 409
    assert client.post(f"{API}/transfers/999999/cancel").status_code == 404

    client.post(f"{API}/returns", {"sku": "MUG-BLUE-4", "units": 3}, JSON)
    assert wanted() == before
    judged = {"sku": "MUG-BLUE-4", "accepted": 2, "scrapped": 1, "to": main}
    assert client.post(f"{API}/returns/judge", judged, JSON).json() == {"moved": ["MUG-BLUE-4"]}
    assert client.post(f"{API}/returns/judge", judged, JSON).status_code == 409
    assert wanted() == before + 2

    lamps = wanted("LAMP-OAK-01")
    parts = {"sku": "LAMP-OAK-01", "warehouse": main, "units": 2, "parts": {"MUG-BLUE-4": 3}}
    assert client.post(f"{API}/assemblies", parts, JSON).status_code == 200
    assert (wanted("LAMP-OAK-01"), wanted()) == (lamps + 2, before - 4)
    assert client.post(f"{API}/assemblies", {**parts, "parts": {"NONE": 1}}, JSON).status_code == 422
    narrowed = client_of(Role.INTEGRATOR, channels=["jardin"])
    assert narrowed.post(f"{API}/transfers", asked, JSON).status_code == 403
