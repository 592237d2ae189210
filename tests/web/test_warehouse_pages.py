"""The screens of warehouses, transfers, returns and assemblies."""

from __future__ import annotations

from django.test import Client

from comptoir.catalog.models import Product
from comptoir.inventory.models import Stock, Transfer, Warehouse, WarehousePriority
from comptoir.inventory.reservations import default_warehouse
from comptoir.offers.models import Offer
from tests.web.shop import Shop


def wanted(shop: Shop, sku: str) -> int:
    return Offer.objects.get(channel=shop.house, sku=sku).desired_quantity


def test_a_transfer_is_asked_sent_and_received(shop: Shop, admin: Client) -> None:
    main = default_warehouse()
    lyon = Warehouse.objects.get(code="LYON")
    before = wanted(shop, "MUG-BLUE-4")
    asked = {
        "sku": "MUG-BLUE-4",
        "units": 10,
        "source": main.pk,
        "target": lyon.pk,
        "expected_date": "2026-12-01",
    }
    assert admin.post("/stock/transfers/new/", {**asked, "target": main.pk}).status_code == 422
    assert admin.post("/stock/transfers/new/", asked).status_code == 303
    transfer = Transfer.objects.get()
    assert "1 Dec 2026" in admin.get("/stock/warehouses/").content.decode()
    admin.post(f"/stock/transfers/{transfer.pk}/send")
    assert wanted(shop, "MUG-BLUE-4") == before - 10
    assert "10 on the way" in admin.get(f"/stock/{transfer.product_id}/").content.decode()
    admin.post(f"/stock/transfers/{transfer.pk}/receive/", {"units": 9})
    assert wanted(shop, "MUG-BLUE-4") == before - 1
    admin.post(f"/stock/transfers/{transfer.pk}/cancel")
    page = admin.get("/stock/warehouses/").content.decode()
    assert "Somebody else did this meanwhile" in page


def test_a_return_is_inspected(shop: Shop, admin: Client) -> None:
    before = wanted(shop, "MUG-BLUE-4")
    admin.post("/stock/returns/new/", {"sku": "MUG-BLUE-4", "units": 3, "reference": "CO-1"})
    stock = Stock.objects.get(warehouse__inspects=True)
    assert wanted(shop, "MUG-BLUE-4") == before
    main = default_warehouse()
    too_many = {"accepted": 3, "scrapped": 1, "to": main.pk}
    assert admin.post(f"/stock/returns/{stock.pk}/", too_many).status_code == 422
    assert (
        admin.post(f"/stock/returns/{stock.pk}/", {"accepted": 2, "scrapped": 1, "to": main.pk}).status_code
        == 303
    )
    assert wanted(shop, "MUG-BLUE-4") == before + 2
    ordinary = Stock.objects.filter(warehouse=main)[0]
    assert admin.get(f"/stock/returns/{ordinary.pk}/").status_code == 404


def test_an_article_is_assembled(shop: Shop, admin: Client) -> None:
    lamp = Product.objects.get(sku="LAMP-OAK-01")
    form = {"warehouse": default_warehouse().pk, "units": 2, "parts": "3 MUG-BLUE-4"}
    before = wanted(shop, "LAMP-OAK-01"), wanted(shop, "MUG-BLUE-4")
    assert admin.post(f"/stock/{lamp.pk}/assemble/", {**form, "parts": "nonsense"}).status_code == 422
    assert admin.post(f"/stock/{lamp.pk}/assemble/", form).status_code == 303
    assert (wanted(shop, "LAMP-OAK-01"), wanted(shop, "MUG-BLUE-4")) == (before[0] + 2, before[1] - 6)


def test_a_warehouse_stops_selling_and_serves_a_channel_first(shop: Shop, admin: Client) -> None:
    main = default_warehouse()
    form = {"name": "Paris", "priority": 7, f"channel-{shop.house.pk}": 1}
    assert admin.post(f"/stock/warehouses/{main.pk}/", form).status_code == 303
    assert wanted(shop, "MUG-BLUE-4") == 0
    assert list(WarehousePriority.objects.values_list("channel__key", "priority")) == [("maison", 1)]
    admin.post(f"/stock/warehouses/{main.pk}/", {"name": "Paris", "priority": 7, "sellable": "on"})
    assert wanted(shop, "MUG-BLUE-4") > 0
    assert not WarehousePriority.objects.exists()
