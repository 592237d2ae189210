"""Declaring parcels: `POST /orders/{id}/shipments`, a list of parcels and the lines in each.

Only lines of supply mode Seller in `InPreparation` may be shipped, and only whole: a line has no quantity
here, so the first parcel that holds any unit of a line ships it. There is no idempotency key: the order
is read first, and a parcel number that is already on its lines is not posted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comptoir.connectors.octopia.account import Account
from comptoir.connectors.octopia.carriers import carrier_name
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.order_payloads import LinePayload, OrderPayload, text
from comptoir.connectors.octopia.order_reading import OrderReader
from comptoir.connectors.octopia.orders import FROM_CHANNEL
from comptoir.connectors.octopia.statuses import IN_PREPARATION, NOT_YET_SHIPPABLE, SHIPPED_CODES
from comptoir.connectors.octopia.verdicts import NotYet, done, verdict_each
from comptoir.sdk.errors import OutcomeUnknown, RejectedRecord
from comptoir.sdk.records import Shipment, Verdict


class Shipper:
    def __init__(self, client: OctopiaClient, orders: OrderReader, account: Account) -> None:
        self._client = client
        self._orders = orders
        self._account = account

    def confirm(self, shipments: Sequence[Shipment]) -> Iterator[Verdict]:
        return verdict_each(shipments, lambda shipment: shipment.reference, self._confirm)

    def _confirm(self, shipment: Shipment) -> Verdict:
        number = shipment.parcel.tracking_number
        if not number:
            raise RejectedRecord("Octopia takes no parcel without a number.", record_id=shipment.reference)
        lines = lines_to_ship(self._orders.one(shipment.order_id), shipment)
        if not lines:
            return done(shipment.reference, f"Every line is already shipped; parcel {number} adds nothing.")
        parcel = self._build(shipment, lines)
        try:
            answer = self._client.write(
                "shipOrder", "POST", f"/orders/{shipment.order_id}/shipments", [parcel]
            )
        except OutcomeUnknown:
            if self._is_there(shipment):
                return done(shipment.reference, "The answer was lost; the order was read back.")
            raise
        if answer.status == 202 and not self._is_there(shipment):
            raise OutcomeUnknown(f"Octopia took parcel {number} and does not show it yet.")
        return done(shipment.reference)

    def _build(self, shipment: Shipment, lines: Sequence[str]) -> dict[str, object]:
        parcel: dict[str, object] = {
            "parcelNumber": shipment.parcel.tracking_number,
            "carrierName": carrier_name(shipment.parcel, self._account.carriers()),
            "orderLineIds": list(lines),
        }
        if shipment.parcel.tracking_url:
            parcel["trackingUrl"] = shipment.parcel.tracking_url
        return parcel

    def _is_there(self, shipment: Shipment) -> bool:
        return not lines_to_ship(self._orders.one(shipment.order_id), shipment)


def lines_to_ship(order: OrderPayload, shipment: Shipment) -> list[str]:
    """The lines of the shipment that Octopia does not yet show as shipped, in its order.

    RejectedRecord for a line that cannot be shipped by us, NotYet for one not ready.
    """
    wanted = dict.fromkeys(line.line_id for line in shipment.lines)
    return [line_id for line_id in wanted if _is_to_ship(order.line(line_id), line_id, shipment)]


def _is_to_ship(line: LinePayload | None, line_id: str, shipment: Shipment) -> bool:
    if line is None:
        raise RejectedRecord(f"The order has no line {line_id}.", record_id=shipment.reference)
    code = text(line.status)
    if code in SHIPPED_CODES or shipment.parcel.tracking_number in line.parcel_numbers:
        return False
    if line.supply_mode in FROM_CHANNEL:
        words = f"The line {line_id} is shipped by Octopia ({line.supply_mode})."
        raise RejectedRecord(words, record_id=shipment.reference)
    if code in NOT_YET_SHIPPABLE:
        raise NotYet(f"The line {line_id} is {code}: not ready to be shipped yet.")
    if code != IN_PREPARATION:
        raise RejectedRecord(f"The line {line_id} is {code}.", record_id=shipment.reference)
    return True
