"""ERP ──counts──▶ stock ledger ──▶ desired quantities

A count is never applied blindly: what moved since the instant it was taken is added to it, and units of
orders that the ERP has not shipped yet stay reserved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from comptoir.flows.catalogue_guard import CatalogueEmptied, guard_counts, settled, stopped
from comptoir.flows.erp_batches import take_batches
from comptoir.flows.execution import Execution
from comptoir.flows.import_products_from_erp import take_products
from comptoir.flows.registry import flow
from comptoir.inventory.counts import apply_count
from comptoir.offers.desired import recompute_desired
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import ProductSource, StockSource
from comptoir.sdk.records import Rejected, StockBatch


@flow(
    label=N_("Import stock from the ERP"),
    every=timedelta(minutes=5),
    role=Role.ERP,
    needs=(StockSource,),
    lock="erp_catalogue",
)
def import_stock_from_erp(execution: Execution) -> None:
    if isinstance(execution.connection, ProductSource):
        # A count may speak of articles that are only just announced, and a count refused is a count lost.
        take_products(execution)

    def store(batch: StockBatch) -> Sequence[Rejected]:
        guard_counts(execution, batch.levels)
        counted = apply_count(batch.levels, as_of=batch.as_of, reference=batch.key)
        recompute_desired(counted.changed)
        execution.count("changed", len(counted.changed))
        execution.count("unchanged", counted.unchanged)
        execution.count("older", counted.older)
        return _refused(batch, counted.refused)

    source: StockSource = execution.connection
    batches = source.stock_batches(execution.cursor("stock"))
    try:
        take_batches(
            execution, "stock", batches, store, names=lambda batch: (one.sku for one in batch.levels)
        )
    except CatalogueEmptied as error:
        stopped(execution, "stock", error)
    else:
        settled(execution, "stock")


def _refused(batch: StockBatch, refused: Mapping[int, str]) -> list[Rejected]:
    lines = batch.lines or (None,) * len(batch.levels)
    return [
        Rejected(external_id=batch.levels[place].sku, message=why, code="not_counted", line=lines[place])
        for place, why in refused.items()
    ]
