"""Changing a warehouse: whether it sells, and whose orders it serves first."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from comptoir.inventory.models import Stock, Warehouse, WarehousePriority
from comptoir.journal.audit import record_change


class CannotSell(ValueError):  # noqa: N818
    """What waits to be inspected is not for sale."""


@transaction.atomic
def change_warehouse(
    warehouse_id: int, *, name: str, sellable: bool, priority: int, priorities: Mapping[int, int], actor: str
) -> list[int]:
    """`priorities`: by channel's id, where they are not the house's. The products whose offers are concerned.

    Raises CannotSell, Warehouse.DoesNotExist.
    """
    found = Warehouse.objects.select_for_update().get(pk=warehouse_id)
    if sellable and found.inspects:
        raise CannotSell(found.code)
    before = _told(found)
    turned = found.sellable != sellable
    found.name, found.sellable, found.priority = name, sellable, priority
    found.save(update_fields=["name", "sellable", "priority"])
    WarehousePriority.objects.filter(warehouse=found).delete()
    WarehousePriority.objects.bulk_create(
        WarehousePriority(channel_id=channel, warehouse=found, priority=number)
        for channel, number in sorted(priorities.items())
    )
    after = _told(found)
    if before != after:
        record_change(actor=actor, action="warehouse.changed", subject_kind="warehouse", subject=found.code,
                      before=before, after=after)  # fmt: skip
    here = Stock.objects.filter(warehouse=found).exclude(on_hand=0, reserved=0)
    return list(here.order_by("product_id").values_list("product_id", flat=True)) if turned else []


def _told(warehouse: Warehouse) -> dict[str, object]:
    own = WarehousePriority.objects.filter(warehouse=warehouse).order_by("channel__key")
    return {"name": warehouse.name, "sellable": warehouse.sellable, "priority": warehouse.priority,
            "channels": dict(own.values_list("channel__key", "priority"))}  # fmt: skip
