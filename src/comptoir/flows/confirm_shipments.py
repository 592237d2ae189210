"""departures that the channel does not know ──parcel, tracking──▶ channel

An unknown outcome is looked up first: where the channel already calls the order shipped, it was told.
"""

from __future__ import annotations

from datetime import timedelta

from comptoir.core.bulk import save_fields
from comptoir.flows.batches import in_batches
from comptoir.flows.execution import Execution
from comptoir.flows.intake import look_at_orders
from comptoir.flows.registry import flow
from comptoir.journal.issues import Reason, Trouble, close_issues
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_
from comptoir.sdk.ports import ShipmentTarget
from comptoir.sdk.records import Outcome, Verdict
from comptoir.shipping.confirmations import (
    confirm_deferred,
    has_unconfirmed,
    known_by_channel,
    shipment_records,
    unconfirmed,
)
from comptoir.shipping.models import Shipment

State = Shipment.State
BATCH = 100
_STATES = {Outcome.UNKNOWN: State.UNKNOWN, Outcome.DEFERRED: State.DEFERRED}


@flow(label=N_("Confirm shipments"), every=timedelta(minutes=1), role=Role.MARKETPLACE, needs=(ShipmentTarget,),
      lock="orders", has_work=has_unconfirmed)  # fmt: skip
def confirm_shipments(execution: Execution) -> None:
    _settle_unknown(execution)
    for shipments in in_batches(execution, unconfirmed(execution.channel), size=BATCH):
        _confirm(execution, {shipment.reference: shipment for shipment in shipments})


def _confirm(execution: Execution, shipments: dict[str, Shipment]) -> None:
    target: ShipmentTarget = execution.connection
    records = shipment_records(list(shipments.values()))
    complete = {record.reference for record in records if record.completes_order}
    noted: list[Shipment] = []
    told: list[str] = []
    try:
        for verdict in target.confirm_shipments(records):
            shipment = shipments[verdict.key]
            _note(execution, shipment, verdict)
            noted.append(shipment)
            if verdict.outcome is not Outcome.RETRY:
                told.append(shipment.order.external_id)
    finally:
        # What was answered before a failure is known, and stays so.
        _write(execution, noted, complete)
    look_at_orders(execution, told)


def _settle_unknown(execution: Execution) -> None:
    """Look before sending again."""
    unknown = list(Shipment.objects.filter(order__channel=execution.channel, state=State.UNKNOWN)[:BATCH])
    look_at_orders(execution, [shipment.order.external_id for shipment in unknown])
    for shipment in unknown:
        known = known_by_channel(shipment)
        shipment.state = State.CONFIRMED if known else State.TO_CONFIRM
        shipment.confirmed_at = execution.now() if known else None
        shipment.save(update_fields=["state", "confirmed_at"])


def _note(execution: Execution, shipment: Shipment, verdict: Verdict) -> None:
    shipment.attempts += 1
    shipment.message = f"{verdict.code} {verdict.message}".strip()
    if verdict.outcome is Outcome.DONE:
        shipment.state, shipment.confirmed_at = State.CONFIRMED, execution.now()
    elif verdict.outcome in _STATES:
        shipment.state = _STATES[verdict.outcome]
    elif verdict.outcome is Outcome.REJECTED:
        shipment.state = State.REJECTED
        execution.report([_trouble(execution, shipment)])
    execution.count(verdict.outcome.value)


def _write(execution: Execution, noted: list[Shipment], complete: set[str]) -> None:
    save_fields(noted, ["attempts", "message", "state", "confirmed_at"])
    confirmed = [shipment for shipment in noted if shipment.state == State.CONFIRMED]
    confirm_deferred(
        [shipment for shipment in confirmed if shipment.reference in complete], at=execution.now()
    )
    close_issues(
        resolution="confirmed", subject_kind="order", subjects=[s.order.external_id for s in confirmed],
        channel=execution.channel.key, flow="confirm_shipments",
    )  # fmt: skip


def _trouble(execution: Execution, shipment: Shipment) -> Trouble:
    return Trouble(
        Reason.REJECTED,
        f"The channel does not take the shipment {shipment.tracking_number}: {shipment.message}",
        channel=execution.channel.key,
        flow="confirm_shipments",
        subject_kind="order",
        subject=shipment.order.external_id,
        action="check_shipment",
        detail={"shipment": shipment.reference},
    )
