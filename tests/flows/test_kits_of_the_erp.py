"""Kits as the ERP tells them: what can be sold of one is what its components make."""

from __future__ import annotations

from decimal import Decimal

from comptoir.catalog.models import KitComponent, Product
from comptoir.channels.models import Channel
from comptoir.flows.policy import run_flow
from comptoir.inventory.availability import available
from comptoir.sdk import records as r
from tests.domain.conftest import make_product
from tests.flows.fakes import Erp

Side = tuple[Channel, Erp]


def told(erp: Side, *products: r.Product) -> None:
    place = len(erp[1].products) + 1
    erp[1].products.append(r.ProductBatch(key=f"p-{place}", cursor=f"{place:03d}", products=products))
    run_flow("import_products_from_erp", "erp")


def parts(sku: str) -> dict[str, int]:
    found = KitComponent.objects.filter(kit__sku=sku).values_list("component__sku", "quantity")
    return dict(found)


def test_a_kit_is_made_changed_and_unmade_as_the_erp_says(erp: Side) -> None:
    make_product("CUP", on_hand=10)
    kit = r.Product(sku="SET", title="Set", components={"CUP": 4, "SPOON": 2}, list_price=Decimal(30))
    told(erp, kit)
    assert parts("SET") == {"CUP": 4, "SPOON": 2}
    spoon = Product.objects.get(sku="SPOON")
    assert (spoon.active, Product.objects.get(sku="SET").is_kit) == (False, True)
    told(erp, r.Product(sku="SPOON", title="Spoon"))
    spoon.refresh_from_db()
    assert (spoon.active, spoon.title) == (True, "Spoon")
    changed = Product.objects.get(sku="SET").updated_at
    told(erp, kit)
    assert Product.objects.get(sku="SET").updated_at == changed
    told(erp, r.Product(sku="SET", title="Set", components={"CUP": 6}, list_price=Decimal(30)))
    assert parts("SET") == {"CUP": 6}
    made = Product.objects.get(sku="SET").pk
    assert available([made]) == {made: 1}
    told(erp, r.Product(sku="SET", title="Set", components={}, list_price=Decimal(30)))
    assert (parts("SET"), Product.objects.get(sku="SET").is_kit) == ({}, False)


def test_a_kit_made_here_stays_when_the_erp_does_not_speak_of_kits(erp: Side) -> None:
    cup, mine = make_product("CUP", on_hand=10), make_product("MINE")
    Product.objects.filter(pk=mine.pk).update(is_kit=True)
    KitComponent.objects.create(kit=mine, component=cup, quantity=2)
    told(erp, r.Product(sku="MINE", title="Mine again"))
    assert parts("MINE") == {"CUP": 2}


def test_a_kit_of_no_possible_units_is_refused_alone(erp: Side) -> None:
    told(erp, r.Product(sku="BAD", title="Bad", components={"CUP": 0}), r.Product(sku="GOOD", title="Good"))
    assert list(Product.objects.values_list("sku", flat=True)) == ["GOOD"]
