"""Why this quantity, over the API."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.reservations import default_warehouse
from comptoir.inventory.rules import Draft
from comptoir.offers.desired import recompute_desired
from comptoir.offers.models import Offer
from comptoir.offers.rules import keep_rule
from tests.api.conftest import client_of
from tests.web.shop import Shop


def test_the_quantity_of_an_offer_is_explained_now_and_then(shop: Shop) -> None:
    client = client_of(Role.READ_ONLY)
    offer = Offer.objects.select_related("product").get(channel=shop.house, sku="MUG-BLUE-4")
    address, then = f"/api/v1/offers/{offer.pk}/explanation", clock.now()
    first = client.get(address).json()
    assert (first["quantity"], first["known"], first["agrees"]) == (offer.desired_quantity, True, True)
    assert sum(one["units"] for one in first["reserved_by"]) == sum(
        place["reserved"] for part in first["parts"] for place in part["warehouses"]
    )
    with clock.clock_at(lambda: then + timedelta(hours=1)):
        with transaction.atomic():
            assert offer.product is not None
            correct_stock(
                product=offer.product, warehouse=default_warehouse(), on_hand=500, reason="count", actor="zoe"
            )
            recompute_desired([offer.product.pk])
        rule = keep_rule(Draft("share", 50, product=offer.product), actor="zoe")
        now = client.get(address).json()
        assert now["rules"][-1] | {"before": 0, "after": 0} == {
            "kind": "share", "value": 50, "before": 0, "after": 0, "rule": rule.number, "version": 1}  # fmt: skip
        assert now["quantity"] == now["available"] // 2
        again = client.get(address, {"at": then.isoformat()}).json()
    same = {name for name in first if name != "changes"}
    assert {name: again[name] for name in same} == {name: first[name] for name in same}


def test_a_narrowed_key_sees_neither_other_offers_nor_the_names_of_their_orders(shop: Shop) -> None:
    client = client_of(Role.READ_ONLY, channels=["jardin"])
    house = Offer.objects.filter(channel=shop.house).order_by("id")[0]
    assert client.get(f"/api/v1/offers/{house.pk}/explanation").status_code == 404
    for offer in Offer.objects.filter(channel=shop.garden):
        told = client.get(f"/api/v1/offers/{offer.pk}/explanation").json()
        assert {one["channel"] for one in told["reserved_by"]} <= {"", "jardin"}
        assert told["others"] == []
