"""ERP ──articles, costs, barcodes──▶ catalogue; order lines that waited for an article get it"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from comptoir.catalog.services import absent_products, record_products, retire_products
from comptoir.channels.models import Channel
from comptoir.flows.catalogue_guard import CatalogueEmptied, guard_absent, guard_products, settled, stopped
from comptoir.flows.erp_batches import take_batches
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.inventory.reservations import settle_reservations
from comptoir.offers.desired import recompute_desired
from comptoir.offers.lead_times import Scope, bring_lead_times_in_line
from comptoir.offers.rulings import resolve_rulings
from comptoir.orders.links import link_waiting_lines
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import ProductKeySource, ProductSource
from comptoir.sdk.records import ProductBatch, Rejected


@flow(
    label=N_("Import products from the ERP"),
    every=timedelta(minutes=15),
    role=Role.ERP,
    needs=(ProductSource,),
    lock="erp_catalogue",
)
def import_products_from_erp(execution: Execution) -> None:
    take_products(execution)


def take_products(execution: Execution) -> None:
    """Everything about articles that waits at the ERP."""

    def store(batch: ProductBatch) -> Sequence[Rejected]:
        guard_products(execution, batch.products)
        imported = record_products(batch.products)
        waiting = settle_reservations(link_waiting_lines())
        resolve_rulings(sorted(imported.changed))  # an article may have gone to another family
        bring_lead_times_in_line(Scope.products(sorted(imported.changed)))
        recompute_desired(sorted({*imported.changed, *waiting}))
        execution.count("changed", len(imported.changed))
        execution.count("unchanged", imported.unchanged)
        return [
            Rejected(
                external_id=batch.products[place].sku[:200],
                message=why,
                code="invalid",
                line=batch.lines[place] if place < len(batch.lines) else None,
            )
            for place, why in sorted(imported.refused.items())
        ]

    source: ProductSource = execution.connection
    batches = source.product_batches(execution.cursor("products"))
    try:
        _retire_deleted(execution)
        take_batches(
            execution, "products", batches, store, names=lambda batch: (p.sku for p in batch.products)
        )
    except CatalogueEmptied as error:
        stopped(execution, "products", error)
    else:
        settled(execution, "products")


def _retire_deleted(execution: Execution) -> None:
    """Once a day, where the ERP tells all its keys: a deleted row leaves no trace in what changed.

    With several ERPs nobody can say whose an article was, and nothing is retired.
    """
    today = execution.now().date().isoformat()
    source = execution.connection
    alone = Channel.objects.filter(role=Role.ERP).count() == 1
    if not alone or not isinstance(source, ProductKeySource) or execution.cursor("product_keys") == today:
        return
    known = [key for page in source.product_keys() for key in page]
    with transaction.atomic():
        absent = absent_products(known)
        guard_absent(execution, absent)
        recompute_desired(sorted(retire_products(absent)))
        execution.move_cursor("product_keys", today)
    execution.count("retired", len(absent))
