"""ERP ──departures, states of documents──▶ shipments, stock ledger, orders' ERP status"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.flows.erp_batches import take_batches
from comptoir.flows.execution import Execution
from comptoir.flows.registry import flow
from comptoir.offers.desired import recompute_desired
from comptoir.orders.erp_states import record_states
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import OrderStateSource, ShipmentSource
from comptoir.sdk.records import OrderStateBatch, Rejected, ShipmentBatch
from comptoir.shipping.services import record_erp_shipments


@flow(label=N_("Import shipments from the ERP"), every=timedelta(minutes=2), role=Role.ERP,
      needs=(ShipmentSource, OrderStateSource))  # fmt: skip
def import_shipments_from_erp(execution: Execution) -> None:
    connection = execution.connection
    if isinstance(connection, ShipmentSource):
        batches = connection.shipment_batches(execution.cursor("shipments"))
        take_batches(execution, "shipments", batches, lambda batch: _shipments(execution, batch))
    if isinstance(connection, OrderStateSource):
        states = connection.order_state_batches(execution.cursor("order_status"))
        take_batches(execution, "order_status", states, lambda batch: _states(execution, batch))


def _shipments(execution: Execution, batch: ShipmentBatch) -> Sequence[Rejected]:
    departures = record_erp_shipments(batch.shipments, source=execution.channel.key, run_id=execution.run.pk)
    recompute_desired(sorted(set(departures.product_ids)))
    execution.report(departures.troubles)
    execution.count("shipments", departures.recorded)
    execution.count("known", departures.known)
    return departures.rejected


def _states(execution: Execution, batch: OrderStateBatch) -> Sequence[Rejected]:
    states = record_states(batch.states, run_id=execution.run.pk)
    execution.report(states.troubles)
    execution.count("states", states.changed)
    return states.rejected
