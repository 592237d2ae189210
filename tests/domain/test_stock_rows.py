from __future__ import annotations

import pytest

from comptoir.core.bulk import execute
from comptoir.inventory.counts import correct_stock
from comptoir.inventory.models import Stock, Warehouse
from comptoir.inventory.reservations import default_warehouse, lock_stock
from tests.domain.conftest import make_product


def test_a_stock_row_that_has_the_id_of_its_product_keeps_no_other_row_from_being_made(db: None) -> None:
    """As in a new installation, where both count from one."""
    mouse, warehouse = make_product("MOUSE"), default_warehouse()
    execute(
        "INSERT INTO inventory_stock (id, product_id, warehouse_id, on_hand, reserved, incoming)"
        " VALUES (%s, %s, %s, 0, 0, 0)",
        [mouse.pk, mouse.pk, warehouse.pk],
    )
    pad = make_product("PAD")
    lock_stock([pad.pk, mouse.pk], warehouse.pk)
    assert set(Stock.objects.values_list("product__sku", flat=True)) == {"MOUSE", "PAD"}


def test_a_reason_longer_than_its_column_is_cut_in_the_ledger_and_whole_in_the_audit(db: None) -> None:
    from comptoir.journal.models import Change

    mouse = make_product("MOUSE", on_hand=5)
    why = "counted twice " * 20
    moved = correct_stock(
        product=mouse, warehouse=Warehouse.objects.get(), on_hand=3, reason=why, actor="zoe"
    )
    assert moved == -2
    assert Change.objects.get().after["reason"] == why


@pytest.mark.parametrize("units", [2**31, -(2**31) - 1])
def test_a_correction_that_no_stock_can_hold_is_refused_in_words(db: None, units: int) -> None:
    mouse = make_product("MOUSE", on_hand=5)
    with pytest.raises(ValueError, match="units"):
        correct_stock(product=mouse, warehouse=Warehouse.objects.get(), on_hand=units, reason="", actor="zoe")
